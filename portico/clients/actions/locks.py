"""The one order in which acts lock rows, so that two of them never wait for each other.

1. the plan, where people are counted against it (`workspaces.limits.hold_plan`);
2. people and colleagues, by id;
3. organizations, by id;
4. what belongs to them: memberships, locations, invitations, tags.

An act locks everything it will change of 1 to 3 before it changes anything of 4, and never locks
an earlier kind while it holds a later one. Whoever holds a person or one of their organizations
may change what belongs to both. A row of 4 that is asked for alone (an invitation) is locked after
its person. Only PostgreSQL needs it: SQLite lets one write at a time, and is asked nothing here.

The locks are those of a change, not of a deletion (`no_key`): a row that another act inserts and
that only points at a locked one waits for nobody.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from portico.accounts.models import User
from portico.clients.models import Membership, Organization
from portico.kit.slices import in_slices


def held(rows: QuerySet[Any]) -> QuerySet[Any]:
    """These rows, locked by id; for acts that also read them."""
    return rows.order_by("pk").select_for_update(no_key=True, of=("self",))


def hold_people(person_ids: Iterable[UUID]) -> None:
    """Lock these people (or colleagues)."""
    _hold(User, person_ids)


def hold_organizations(organization_ids: Iterable[UUID | None]) -> None:
    """Lock these organizations; None, the workspace itself, is passed over."""
    _hold(Organization, (key for key in organization_ids if key is not None))


def hold_members(organization_ids: Iterable[UUID], more: Iterable[UUID] = ()) -> None:
    """Lock whoever belongs to one of these organizations, and more people, before these."""
    if not connection.features.has_select_for_update:
        return
    people = set(more)
    for part in in_slices(sorted(set(organization_ids))):
        members = Membership.objects.filter(organization_id__in=part)
        people.update(members.values_list("person_id", flat=True))
    hold_people(people)


def hold_places(person_ids: Iterable[UUID], *more: UUID | None) -> None:
    """Lock the organizations that these people, who are locked, belong to, and these others."""
    if not connection.features.has_select_for_update:
        return
    places: set[UUID | None] = set(more)
    for part in in_slices(list(person_ids)):
        members = Membership.objects.filter(person_id__in=part).order_by()
        places.update(members.values_list("organization_id", flat=True).distinct())
    hold_organizations(places)


def _hold(model: Any, keys: Iterable[UUID]) -> None:
    if not connection.features.has_select_for_update:
        return
    for part in in_slices(sorted(set(keys))):
        rows = held(model.objects.filter(pk__in=part))
        list(rows.values_list("pk", flat=True))
