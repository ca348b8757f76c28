"""What memberships say: who gets in, and what they may do where they act."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portico.accounts.choices import UserKind
from portico.accounts.guards import EntryRefusal
from portico.accounts.models import User
from portico.clients.models import (
    Membership,
)
from portico.clients.querysets import VIEW_CLIENTS
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.slices import in_slices
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.guards import ClientRights
from portico.workspaces.presets import uses_membership_ends


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One membership of a person as it stands today: where, with which roles' permissions."""

    organization_id: UUID | None
    organization_name: str
    is_primary: bool
    is_archived: bool
    is_active: bool
    ended_on: datetime.date | None
    permissions: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether the person may enter through this membership."""
        return not self.is_archived and self.is_active and self.ended_on is None


def standings_of(user: User) -> Sequence[Standing]:
    """All memberships of a person, primary first. One query per loaded user."""
    known: Sequence[Standing] | None = user.__dict__.get("standings")
    if known is None:
        known = user.__dict__["standings"] = _load_standings(user)
    return known


def open_standing(user: User, chosen_organization_id: UUID | None) -> Standing | None:
    """The membership the person acts in: the chosen, else the primary, else the first open one."""
    open_ones = [standing for standing in standings_of(user) if standing.is_open]
    for standing in open_ones:
        if chosen_organization_id and standing.organization_id == chosen_organization_id:
            return standing
    return open_ones[0] if open_ones else None


def entry_refusal_of_person(user: User, organization_id: UUID | None) -> EntryRefusal | None:
    """What keeps a person out because of their organizations (X8); the stricter fact is named.

    A person with several memberships enters through those that are open; one without any may
    sign in and sees only what is personally theirs (edge case 60).
    """
    if user.kind != UserKind.PERSON or not standings_of(user):
        return None
    if open_standing(user, organization_id) is not None:
        return None
    closed = min(standings_of(user), key=_strictness)
    return _closed_because(closed)


def rights_of_person(user: User, chosen_organization_id: UUID | None) -> ClientRights:
    """The organization a person acts in and the permissions of that membership's roles."""
    standing = open_standing(user, chosen_organization_id)
    if standing is None:
        return ClientRights()
    return ClientRights(standing.organization_id, standing.permissions)


def primary_organizations(person_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """The organization in which each of these people stands first; one query per slice."""
    found: dict[UUID, UUID | None] = {}
    for part in in_slices(person_ids):
        primary = Membership.objects.filter(person_id__in=part, is_primary=True)
        found.update(primary.values_list("person_id", "organization_id"))
    return found


def sees_avatar(actor: Actor, file_id: UUID) -> bool:
    """Whether one of those who have this avatar is shown to the actor anywhere.

    Agents see each other, and people with `view_clients`; a person sees themselves and who belongs
    to the organization they act in.
    """
    shown = Q(pk=actor.user_id)
    if actor.is_agent:
        kinds = [UserKind.AGENT, *([UserKind.PERSON] if actor.may(VIEW_CLIENTS) else [])]
        shown |= Q(kind__in=kinds)
    elif actor.organization_id is not None:
        shown |= Q(
            kind=UserKind.PERSON,
            archived_at__isnull=True,
            memberships__organization_id=actor.organization_id,
        )
    return bool(User.objects.filter(shown, avatar_id=file_id).exists())


def _load_standings(user: User) -> Sequence[Standing]:
    today = today_in(current_scope().time_zone)
    has_ends = uses_membership_ends()
    rows = Membership.objects.filter(person_id=user.pk).values_list(
        "pk",
        "organization_id",
        "organization__name",
        "is_primary",
        "organization__archived_at",
        "organization__is_active",
        "organization__membership_end_date",
        "role_assignments__role__permissions",
    )
    merged: dict[UUID, Standing] = {}
    for key, organization_id, name, is_primary, archived_at, is_active, end, permissions in rows:
        earlier = merged[key].permissions if key in merged else frozenset()
        merged[key] = Standing(
            organization_id=organization_id,
            organization_name=name or "",
            is_primary=is_primary,
            is_archived=archived_at is not None,
            is_active=organization_id is None or bool(is_active),
            ended_on=end if has_ends and end is not None and end < today else None,
            permissions=earlier | frozenset(permissions or ()),
        )
    return sorted(merged.values(), key=lambda standing: not standing.is_primary)


def _strictness(standing: Standing) -> int:
    if standing.is_archived:
        return 2
    return 1 if not standing.is_active else 0


def _closed_because(standing: Standing) -> EntryRefusal:
    """The reason with the widest door: an ended membership may still sign in to read why."""
    name = standing.organization_name
    if standing.is_archived:
        return EntryRefusal(
            "organization_archived",
            _("The portal of %(name)s is closed.") % {"name": name},
        )
    if not standing.is_active:
        return EntryRefusal(
            "organization_inactive",
            _("The portal of %(name)s is switched off.") % {"name": name},
        )
    ended_on = standing.ended_on or datetime.date.min
    return EntryRefusal(
        "membership_ended",
        _("The membership of %(name)s ended on %(date)s.")
        % {"name": name, "date": date_format(ended_on, "j F Y")},
        may_sign_in=True,
    )
