"""What a row of a list says about an organization or a person: only what is not normal."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.choices import MembershipStatus
from portico.clients.models import Membership, Organization, Person
from portico.clients.panels import Mark, marks_of
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import format_date


def organization_mark(organization: Organization, today: datetime.date) -> Mark | None:
    """The one status of an organization that somebody should see; None when all is normal."""
    if not organization.is_active:
        return Mark(word=_("Inactive"), shape="ring")
    status = organization.membership_status(today)
    end = organization.membership_end_date
    if status is MembershipStatus.OPEN or end is None:
        return None
    if status is MembershipStatus.ENDED:
        return Mark(word=_("Ended %(date)s") % {"date": format_date(end)}, tone="bad")
    days = (end - today).days
    if days == 0:
        return Mark(word=_("Ends today"), tone="warn", shape="half")
    text = ngettext("Ends in %(n)s day", "Ends in %(n)s days", days) % {"n": days}
    return Mark(word=text, tone="warn", shape="half")


def person_mark(person: Person) -> Mark | None:
    """The status of a person that this app itself knows."""
    return Mark(word=_("Disabled"), shape="ring") if person.is_disabled else None


def organization_rows(organizations: Sequence[Organization]) -> list[dict[str, Any]]:
    """Each organization with its mark."""
    today = today_in(current_scope().time_zone)
    return [{"record": row, "mark": organization_mark(row, today)} for row in organizations]


def person_rows(actor: Actor, people: Sequence[Person]) -> list[dict[str, Any]]:
    """Each person with their first organization and their mark, in a fixed number of queries."""
    return _rows(actor, people, places=_primary_organizations(people))


def member_rows(actor: Actor, people: Sequence[Person]) -> list[dict[str, Any]]:
    """The people of one organization, on whose own page it need not be said."""
    return _rows(actor, people, places={})


def _rows(
    actor: Actor, people: Sequence[Person], *, places: Mapping[UUID, dict[str, Any]]
) -> list[dict[str, Any]]:
    marks = marks_of(actor, people)
    return [
        {
            "record": person,
            "organization": places.get(person.pk),
            "mark": person_mark(person) or marks.get(person.pk),
        }
        for person in people
    ]


def _primary_organizations(people: Sequence[Person]) -> dict[UUID, dict[str, Any]]:
    memberships = (
        Membership.objects.filter(
            person_id__in=[person.pk for person in people], organization_id__isnull=False
        )
        .order_by("is_primary", "pk")
        .values_list("person_id", "organization_id", "organization__name")
    )
    return {person: {"id": key, "name": name} for person, key, name in memberships}
