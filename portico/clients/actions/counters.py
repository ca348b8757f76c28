"""Counters kept true in the transaction of what they count (X12)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from portico.clients.actions.locks import hold_organizations
from portico.clients.models import Location, Membership, Organization


def recount_people(organization_ids: Iterable[UUID]) -> None:
    """Count the people of these organizations anew: not archived, pending and disabled included.

    For acts that hold them (see `locks`), so that two counts at once can't both miss the other's
    change.
    """
    keys = sorted(set(organization_ids))
    people = (
        Membership.objects.filter(organization_id=OuterRef("pk"), person__archived_at__isnull=True)
        .order_by()
        .values("organization_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = Coalesce(Subquery(people, output_field=IntegerField()), 0)
    Organization.objects.filter(pk__in=keys).update(people_count=counted)


def move_people_counts(differences: Mapping[UUID, int]) -> None:
    """Add to the number of people of these organizations, or take away.

    For acts that hold the people who come or go, and the organizations (see `locks`): they know
    the difference, and an organization of ten thousand need not be counted for one of them.
    """
    for difference in sorted(set(differences.values())):
        keys = sorted(key for key, number in differences.items() if number == difference)
        rows = Organization.objects.filter(pk__in=keys)
        rows.update(people_count=Greatest(F("people_count") + difference, 0))


def recount_locations(organization_ids: Iterable[UUID]) -> None:
    """Count the locations of these organizations anew: the open ones (X12); they are locked."""
    keys = sorted(set(organization_ids))
    hold_organizations(keys)
    places = (
        Location.objects.open()
        .filter(organization_id=OuterRef("pk"))
        .order_by()
        .values("organization_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = Coalesce(Subquery(places, output_field=IntegerField()), 0)
    Organization.objects.filter(pk__in=keys).update(location_count=counted)
