"""The one order in which acts lock rows, so that two of them never wait for each other.

1. the plan, where people are counted against it (`workspaces.limits.hold_plan`);
2. people and colleagues, by id;
3. organizations, by id;
4. what belongs to them: memberships, locations, invitations, tags.

An act locks everything it will change of 1 to 3 before it changes anything of 4, and never locks
an earlier kind while it holds a later one. Whoever holds a person or one of their organizations
may change what belongs to both. A row of 4 that is asked for alone (an invitation) is locked after
its person; a tag after whatever carries it or shall carry it, locations among them. Only PostgreSQL
needs it: SQLite lets one write at a time, and is asked nothing here.

The locks are those of a change, not of a deletion (`no_key`): a row that another act inserts and
that only points at a locked one waits for nobody.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.models import Membership, Organization, Tag
from portico.kit.errors import Refused
from portico.kit.slices import in_slices
from portico.kit.tenancy.scope import current_workspace_id

_SHARED_TAGS = """
SELECT id, name FROM clients_tag
WHERE workspace_id = %s AND id = ANY(%s) ORDER BY id FOR KEY SHARE
"""


def held(rows: QuerySet[Any]) -> QuerySet[Any]:
    """These rows, locked by id; for acts that also read them."""
    return rows.order_by("pk").select_for_update(no_key=True, of=("self",))


def hold_people(person_ids: Iterable[UUID]) -> None:
    """Lock these people (or colleagues)."""
    hold_rows(User, person_ids)


def hold_organizations(organization_ids: Iterable[UUID | None]) -> None:
    """Lock these organizations; None, the workspace itself, is passed over."""
    hold_rows(Organization, (key for key in organization_ids if key is not None))


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


def share_tags(tags: Iterable[Tag]) -> None:
    """Let nobody delete or rename these tags until the end of the act that assigns them.

    Others may assign them meanwhile. Raises Refused("unknown_tag") when one is no longer as it was
    read: its assignment would point at nothing, or the texts would say a name that is gone.
    """
    if not connection.features.has_select_for_update:
        return
    read = {str(tag.pk): tag.name for tag in tags}
    if not read:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SHARED_TAGS, [str(current_workspace_id()), sorted(read)])
        present = {str(key): name for key, name in cursor.fetchall()}
    if present != read:
        text = _("A tag was renamed or deleted meanwhile. Try again.")
        raise Refused("unknown_tag", text, field="tags")


def hold_rows(model: Any, keys: Iterable[UUID]) -> None:
    """Lock these rows of a model by id."""
    if not connection.features.has_select_for_update:
        return
    for part in in_slices(sorted(set(keys))):
        rows = held(model.objects.filter(pk__in=part))
        list(rows.values_list("pk", flat=True))
