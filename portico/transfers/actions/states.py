"""What a row says of the state of its record: archived, switched off, looked after by whom.

Exports write these columns, so that one's own file brings the state back with the record. Each
needs the right that doing it by hand needs; a row of somebody without it is refused.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portico.clients.models import Membership
from portico.kit.errors import Refused
from portico.transfers.actions.plans import Change, Ground, RowStopped, refused
from portico.transfers.reading.drafts import OrganizationDraft, PersonDraft
from portico.workspaces.choices import Permission

MANAGERS, MANAGER = "account_managers", "account_manager"
ARCHIVED_AT, IS_ACTIVE, IS_DISABLED = "archived_at", "is_active", "is_disabled"
Draft = PersonDraft | OrganizationDraft


def manager_field(ground: Ground) -> str:
    """The field in which records of this kind have who looks after them."""
    return MANAGER if ground.options.kind == "people" else MANAGERS


def named_managers(ground: Ground, draft: Draft, *, record: Any) -> list[UUID]:
    """The agents whose addresses a row names, the first one first.

    Who is archived or can't sign in stays where they stand already and is not assigned anew. Raises
    Refused for an address of nobody in the team, and without the right.
    """
    if not draft.managers:
        return []
    if isinstance(draft, PersonDraft):
        _require(ground, Permission.EDIT_CLIENTS)
    present = present_managers(ground, record)
    return [_agent(ground, address, present=present) for address in draft.managers]


def present_managers(ground: Ground, record: Any) -> list[UUID]:
    """Who looks after the record itself now."""
    if record is None:
        return []
    if ground.options.kind == "organizations":
        return ground.known.managers.get(record.pk, [])
    return [record.account_manager_id] if record.account_manager_id else []


def states_of_new(ground: Ground, draft: Draft) -> dict[str, Any]:
    """The columns of a new record that say its state. Raises RowStopped without the right."""
    columns: dict[str, Any] = {}
    if draft.archived_at is not None:
        _require_at(ground, ARCHIVED_AT, permission=Permission.DELETE_CLIENTS)
        columns[ARCHIVED_AT] = draft.archived_at
    if isinstance(draft, OrganizationDraft) and draft.is_active is not None:
        columns[IS_ACTIVE] = draft.is_active
    if isinstance(draft, PersonDraft) and draft.is_disabled:
        _require_at(ground, IS_DISABLED, permission=Permission.EDIT_CLIENTS)
        columns[IS_DISABLED] = True
    return columns


def state_changes(ground: Ground, draft: Draft, *, record: Any) -> list[Change]:
    """What is to be done so that the record is in the state that the row tells.

    An empty cell brings an archived record back only where empty cells clear. Raises RowStopped
    without the right, and where the plan has no room for who comes back.
    """
    changes: list[Change] = []
    if record.archived_at is None and draft.archived_at is not None:
        changes.append(Change.ARCHIVE)
    elif record.archived_at is not None and draft.archived_at is None:
        _make_room(ground, record)
        changes.append(Change.UNARCHIVE)
    if changes:
        _require_at(ground, ARCHIVED_AT, permission=Permission.DELETE_CLIENTS)
    if isinstance(draft, PersonDraft) and draft.is_disabled not in {None, record.is_disabled}:
        _require_at(ground, IS_DISABLED, permission=Permission.EDIT_CLIENTS)
        changes.append(Change.DISABLE if draft.is_disabled else Change.ENABLE)
    return changes


def stays_archived(ground: Ground, draft: Draft, *, record: Any) -> bool:
    """Whether an archived record that a row finds is none of the row's business.

    It is where the row says that it is archived, or empty cells clear: then it is brought back. The
    contact of an organization has no such cell.
    """
    if record.archived_at is None:
        return False
    if record.merged_into_id is not None or getattr(record, "erased_at", None) is not None:
        return True
    is_contact = isinstance(draft, PersonDraft) and ground.options.kind != "people"
    is_told = ARCHIVED_AT in ground.options.mapping.values() and not is_contact
    return draft.archived_at is None and not (is_told and ground.options.clear_empty)


def _make_room(ground: Ground, record: Any) -> None:
    """Count who counts again when the record is back."""
    count = 1
    if ground.options.kind == "organizations" and ground.known.limit is not None:
        marked = Membership.objects.filter(organization=record, archived_with_organization=True)
        count = marked.filter(person__archived_at__isnull=False).count()
    ground.require_room(ARCHIVED_AT, count)
    ground.memory.add_people(count)


def _agent(ground: Ground, address: str, *, present: Collection[UUID]) -> UUID:
    agent = ground.known.agents.get(address)
    if agent is None:
        text = _("Nobody in the team has the address %(email)s.") % {"email": address}
        raise Refused("unknown_agent", text)
    key: UUID = agent.pk
    if (agent.archived_at is not None or agent.is_disabled) and key not in present:
        text = _("%(email)s no longer works here and can't be chosen.") % {"email": address}
        raise Refused("unknown_agent", text)
    return key


def _require(ground: Ground, permission: Permission) -> None:
    if not ground.actor.may(permission):
        text = _("You may not set this: “%(permission)s” is missing.")
        raise Refused("denied", text % {"permission": permission.label})


def _require_at(ground: Ground, field_name: str, *, permission: Permission) -> None:
    try:
        _require(ground, permission)
    except Refused as refusal:
        raise _stopped(field_name, refusal) from None


def _stopped(field_name: str, refusal: Refused) -> RowStopped:
    return refused(field_name, refusal.code, message=refusal.detail)
