"""How people come to belong to organizations, with which roles, and how they leave or move.

Each action locks the person first, then every organization it concerns (see `locks`): of several
memberships one is primary at every moment (edge case 60). What a person's memberships were before
and after an act stands in its event's reversal.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portico.clients.actions.counters import recount_people
from portico.clients.actions.locks import held, hold_places
from portico.clients.actions.people import require_assignable
from portico.clients.actions.primaries import settle_primaries
from portico.clients.models import (
    Membership,
    MembershipRole,
    Organization,
    Person,
    missing,
    refuse_merged,
)
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.ids import parse_id
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Permission, RoleKind
from portico.workspaces.models import Role

Snapshot = list[dict[str, Any]]
Places = frozenset[UUID | None]
Follower = Callable[..., None]

_followers: list[Follower] = []


def add_membership_follower(follow: Follower) -> None:
    """Let an app above act when somebody leaves or joins, in the same transaction.

    `follow(actor, person_id, left=..., joined=...)` gets the organizations that the person left
    and those they joined; None among them is the workspace itself.
    """
    if follow not in _followers:
        _followers.append(follow)


@transaction.atomic
def add_membership(
    actor: Actor, person_id: UUID, organization_id: UUID, *, role_ids: Collection[UUID] = ()
) -> Membership:
    """Let a person belong to one more organization; the first one becomes primary.

    Whoever belonged directly to the workspace so far belongs to the organization instead, with
    the same roles unless others are given. Raises NotThere, Refused("already_member",
    "organization_not_assignable", "unknown_role", "person_archived"), Merged at the field.
    """
    actor.require(Permission.EDIT_CLIENTS)
    person = _locked_person(actor, person_id, field="person")
    hold_places([person.pk], organization_id)
    require_assignable(actor, organization_id)
    before = _snapshot(person.pk)
    if any(row["organization_id"] == str(organization_id) for row in before):
        text = say("%(name)s belongs to this organization already.", name=person.display_name)
        raise Refused("already_member", text, field="organization")
    roles = _client_roles(role_ids)
    direct = Membership.objects.filter(person=person, organization=None).first()
    if direct is not None:
        roles = roles or [row.role for row in direct.role_assignments.select_related("role")]
        direct.delete()
    membership: Membership = Membership.objects.create(
        person=person, organization_id=organization_id
    )
    _give(membership, roles)
    settle_primaries([person.pk])
    recount_people([organization_id])
    changes = {"organization": [None, _name(organization_id)]} | _role_changes([], roles)
    place = organization_id
    kind = "membership.created"
    _record(actor, kind, person, before=before, changes=changes, organization_id=place)
    return _reloaded(membership)


@transaction.atomic
def remove_membership(actor: Actor, membership_id: UUID, *, version: int | None = None) -> None:
    """End a membership; where it was the primary one, the oldest of the others becomes primary.

    Raises NotThere, Stale, and Refused("last_membership") where the workspace requires an
    organization: moving or archiving the person is the way out.
    """
    actor.require(Permission.EDIT_CLIENTS)
    membership, person = _locked(actor, membership_id, version)
    before = _snapshot(person.pk)
    if len(before) == 1 and current_scope().settings["organization_required"]:
        text = say("A person belongs to at least one organization: move or archive them instead.")
        raise Refused("last_membership", text)
    left_id, name = membership.organization_id, _name(membership.organization_id)
    membership.delete()
    settle_primaries([person.pk])
    recount_people([left_id] if left_id else [])
    changes = {"organization": [name, None]}
    kind = "membership.removed"
    _record(actor, kind, person, before=before, changes=changes, organization_id=left_id)


@transaction.atomic
def update_membership(
    actor: Actor,
    membership_id: UUID,
    *,
    role_ids: Collection[UUID] | None = None,
    is_primary: bool | None = None,
    version: int | None = None,
) -> Membership:
    """Set the client roles of a membership, or make it the primary one; None leaves it as it is.

    A primary one is only replaced by another. Raises NotThere, Stale, Refused("unknown_role",
    "primary_needed").
    """
    actor.require(Permission.EDIT_CLIENTS)
    membership, person = _locked(actor, membership_id, version)
    before = _snapshot(person.pk)
    if is_primary is False and membership.is_primary:
        text = _("Make another one primary instead.")
        raise Refused("primary_needed", text, field="is_primary")
    changes: dict[str, list[Any]] = {}
    if role_ids is not None:
        changes |= _set_roles(membership, _client_roles(role_ids))
    if is_primary and not membership.is_primary:
        changes |= _make_primary(membership)
    if changes:
        membership.version += 1
        membership.save(update_fields=["is_primary", "version"])
        place = membership.organization_id
        kind = "membership.updated"
        _record(actor, kind, person, before=before, changes=changes, organization_id=place)
    return _reloaded(membership)


@transaction.atomic
def move_person(
    actor: Actor,
    person_id: UUID,
    to_organization_id: UUID,
    *,
    from_organization_id: UUID | None = None,
    role_ids: Collection[UUID] | None = None,
    keep_past: bool = True,
) -> Membership:
    """End one membership (the primary one unless another is named) and begin one elsewhere.

    The roles go along unless others are given; whoever belongs to the new organization already
    keeps the roles they have there. `keep_past` says what happens to past requests: they stay
    with the old organization (edge case 59); the answer stands in the event. An account manager
    inherited from the old organization is inherited no more (X11): nothing is stored of it.
    """
    actor.require(Permission.EDIT_CLIENTS)
    person = _locked_person(actor, person_id)
    hold_places([person.pk], to_organization_id)
    before = _snapshot(person.pk)
    old = _membership_to_leave(actor, person, from_organization_id)
    left_id = old.organization_id
    if left_id == to_organization_id:
        text = say("Choose another organization than the present one.")
        raise Refused("same_organization", text, field="organization")
    require_assignable(actor, to_organization_id)
    membership = _replace(old, to_organization_id, role_ids=role_ids)
    settle_primaries([person.pk])
    recount_people([key for key in (left_id, to_organization_id) if key])
    names = [_name(left_id), _name(to_organization_id)]
    changes: dict[str, list[Any]] = {
        "organization": names,
        "past_stays": [None, keep_past],
    }
    place = to_organization_id
    _record(actor, "person.moved", person, before=before, changes=changes, organization_id=place)
    if left_id is not None:
        # The history of the organization that was left tells it too; undone with the one above.
        gone = {"organization": [names[0], None]}
        record(actor, "membership.removed", [person], changes=gone, organization_id=left_id)
    return _reloaded(membership)


@transaction.atomic
def restore_memberships(
    actor: Actor, person_id: UUID, *, wanted: Snapshot, expected: Snapshot
) -> None:
    """Give a person the memberships of `wanted` back, if they still have those of `expected`.

    Raises NotThere, Refused("changed_since", "organization_gone").
    """
    actor.require(Permission.EDIT_CLIENTS)
    person = _locked_person(actor, person_id, is_archived_too=True)
    hold_places([person.pk], *_places(wanted))
    before = _snapshot(person.pk)
    if before != expected:
        raise Refused("changed_since", _("The memberships changed since."), status=409)
    places, former = _places(wanted), _places(before)
    if Organization.objects.filter(pk__in=places).count() != len(places):
        raise Refused("organization_gone", say("The organization is no longer there."))
    here = {row["id"] for row in before}
    rows = Membership.objects.filter(person=person)
    rows.exclude(pk__in=[row["id"] for row in wanted]).delete()
    rows.update(is_primary=False)
    for row in wanted:
        _put_back(person, row, is_new=row["id"] not in here)
    settle_primaries([person.pk])
    recount_people(places | former)
    changes = {"organizations": [_names_of(before), _names_of(wanted)]}
    told = [*sorted(places ^ former), None]
    kind = "membership.restored"
    _record(actor, kind, person, before=before, changes=changes, organization_id=told[0])
    for other in told[1:-1]:
        record(actor, kind, [person], changes=changes, organization_id=other)


def _replace(
    old: Membership, to_organization_id: UUID, *, role_ids: Collection[UUID] | None
) -> Membership:
    """End the old membership; the one in the new organization takes its place."""
    kept = [row.role for row in old.role_assignments.select_related("role")]
    roles = kept if role_ids is None else _client_roles(role_ids)
    old.delete()
    here = Membership.objects.filter(person_id=old.person_id, organization_id=to_organization_id)
    present = here.first()
    membership: Membership = present or Membership.objects.create(
        person_id=old.person_id, organization_id=to_organization_id
    )
    if present is None or role_ids is not None:
        _set_roles(membership, roles)
    if old.is_primary and not membership.is_primary:
        _make_primary(membership)
        membership.save(update_fields=["is_primary"])
    return membership


def _put_back(person: Person, row: Mapping[str, Any], *, is_new: bool) -> None:
    if is_new:
        Membership.objects.create(
            pk=UUID(row["id"]), person=person, organization_id=row["organization_id"]
        )
    Membership.objects.filter(pk=row["id"]).update(
        is_primary=row["is_primary"], created_at=row["created_at"]
    )
    membership = Membership.objects.get(pk=row["id"])
    roles = Role.objects.filter(kind=RoleKind.CLIENT, pk__in=row["roles"])
    _set_roles(membership, list(roles))


def _snapshot(person_id: UUID) -> Snapshot:
    """The memberships of a person as undo compares and restores them."""
    rows = Membership.objects.filter(person_id=person_id).order_by("pk")
    return [
        {
            "id": str(row.pk),
            "organization_id": str(row.organization_id) if row.organization_id else None,
            "is_primary": row.is_primary,
            "roles": sorted(str(given.role_id) for given in row.role_assignments.all()),
            "created_at": row.created_at.isoformat(),
        }
        for row in rows.prefetch_related("role_assignments")
    ]


def _record(
    actor: Actor,
    kind: str,
    person: Person,
    *,
    before: Snapshot,
    changes: Mapping[str, list[Any]],
    organization_id: UUID | None,
) -> None:
    after = _snapshot(person.pk)
    record(
        actor,
        kind,
        [person],
        changes=changes,
        organization_id=organization_id,
        reversal={person.pk: {"before": before, "after": after}},
    )
    former, present = (
        frozenset(parse_id(row["organization_id"] or "") for row in side)
        for side in (before, after)
    )
    if former != present:
        for follow in _followers:
            follow(actor, person.pk, left=former - present, joined=present - former)


def _locked_person(
    actor: Actor, person_id: UUID, *, is_archived_too: bool = False, field: str | None = None
) -> Person:
    person: Person | None = held(Person.objects.visible_to(actor).filter(pk=person_id)).first()
    if person is None:
        raise missing(actor, Person, person_id, field=field)
    if person.archived_at is not None and not is_archived_too:
        text = say("%(name)s is archived. Unarchive this person first.", name=person.display_name)
        raise Refused("person_archived", text)
    return person


def _locked(actor: Actor, membership_id: UUID, version: int | None) -> tuple[Membership, Person]:
    """The membership, read again after its person was locked."""
    rows = Membership.objects.visible_to(actor).filter(pk=membership_id)
    found = rows.values_list("person_id", flat=True).first()
    if found is None:
        raise NotThere
    person = _locked_person(actor, found, is_archived_too=True)
    hold_places([person.pk])
    membership: Membership | None = rows.first()
    if membership is None:
        raise NotThere
    if version is not None and version != membership.version:
        raise Stale(membership)
    return membership, person


def _membership_to_leave(
    actor: Actor, person: Person, from_organization_id: UUID | None
) -> Membership:
    rows = Membership.objects.filter(person=person)
    if from_organization_id is not None:
        rows = rows.filter(organization_id=from_organization_id)
    membership: Membership | None = rows.order_by("-is_primary", "pk").first()
    if membership is None:
        if from_organization_id is not None:
            field = "from_organization_id"
            refuse_merged(actor, Organization, from_organization_id, field=field)
        text = say("%(name)s belongs to no organization yet.", name=person.display_name)
        raise Refused("no_membership", text)
    return membership


def _client_roles(role_ids: Collection[UUID]) -> list[Role]:
    """The client roles of these ids; one that is not there is refused."""
    keys = set(role_ids)
    roles = list(Role.objects.filter(kind=RoleKind.CLIENT, pk__in=keys).order_by("name"))
    if len(roles) != len(keys):
        raise Refused("unknown_role", _("Choose one of the roles listed."), field="roles")
    return roles


def _give(membership: Membership, roles: Sequence[Role]) -> None:
    MembershipRole.objects.bulk_create(
        MembershipRole(membership=membership, role=role) for role in roles
    )


def _set_roles(membership: Membership, roles: Sequence[Role]) -> dict[str, list[Any]]:
    held = [row.role for row in membership.role_assignments.select_related("role")]
    changes = _role_changes(held, roles)
    if changes:
        membership.role_assignments.all().delete()
        _give(membership, roles)
    return changes


def _role_changes(old: Sequence[Role], new: Sequence[Role]) -> dict[str, list[Any]]:
    sides = [sorted(role.name for role in side) for side in (old, new)]
    return {"roles": sides} if sides[0] != sides[1] else {}


def _make_primary(membership: Membership) -> dict[str, list[Any]]:
    """Let the primary one give way first: only one may be it at any moment."""
    rows = Membership.objects.filter(person_id=membership.person_id, is_primary=True)
    former = rows.exclude(pk=membership.pk).first()
    rows.update(is_primary=False, version=F("version") + 1)
    membership.is_primary = True
    name = _name(former.organization_id) if former else None
    return {"primary_organization": [name, _name(membership.organization_id)]}


def _name(organization_id: UUID | None) -> str | None:
    names = Organization.objects.filter(pk=organization_id).values_list("name", flat=True)
    return names.first() if organization_id else None


def _places(snapshot: Snapshot) -> set[UUID]:
    return {UUID(row["organization_id"]) for row in snapshot if row["organization_id"]}


def _names_of(snapshot: Snapshot) -> list[str]:
    keys = [row["organization_id"] for row in snapshot if row["organization_id"]]
    rows = Organization.objects.filter(pk__in=keys).order_by("name_key")
    return list(rows.values_list("name", flat=True))


def _reloaded(membership: Membership) -> Membership:
    found: Membership = Membership.objects.select_related("organization").get(pk=membership.pk)
    return found
