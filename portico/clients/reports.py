"""What memberships say: who gets in, and what they may do where they act."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portico.accounts.choices import UserKind
from portico.accounts.guards import EntryRefusal
from portico.accounts.models import User
from portico.clients.choices import PropertySubject
from portico.clients.models import (
    AccountManager,
    CustomProperty,
    LocationTag,
    Membership,
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
    Tag,
)
from portico.clients.querysets import VIEW_CLIENTS
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.slices import in_slices
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.guards import ClientRights


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


@dataclass(frozen=True, kw_only=True)
class ManagerOf:
    """An agent who looks after an organization, as pages and API show them."""

    id: UUID
    name: str
    is_first: bool
    is_working: bool


@dataclass(frozen=True, kw_only=True)
class EffectiveManager:
    """Who looks after a person, and because of what: `own`, or `organization` (X11)."""

    id: UUID
    name: str
    source: str
    organization_name: str = ""


def organization_managers(organization_ids: Sequence[UUID]) -> dict[UUID, list[ManagerOf]]:
    """The account managers of each organization, the first one first; one query per slice."""
    found: dict[UUID, list[ManagerOf]] = {key: [] for key in organization_ids}
    for part in in_slices(list(organization_ids)):
        rows = AccountManager.objects.filter(organization_id__in=part).select_related("agent")
        for row in rows.order_by("-is_first", "id"):
            found[row.organization_id].append(
                ManagerOf(
                    id=row.agent_id,
                    name=row.agent.display_name,
                    is_first=row.is_first,
                    is_working=row.agent.is_active,
                )
            )
    return found


def lacks_manager(organization: Organization) -> bool:
    """Whether nobody looks after it who can, where the workspace assigns managers (S2.43)."""
    working = AccountManager.objects.filter(
        agent__archived_at__isnull=True, agent__is_disabled=False
    )
    if working.filter(organization_id=organization.pk).exists():
        return False
    return bool(AccountManager.objects.exists())


def effective_manager(person: Person) -> EffectiveManager | None:
    """Who looks after this person; None where nobody does."""
    return effective_managers([person])[person.pk]


def effective_managers(people: Sequence[Person]) -> dict[UUID, EffectiveManager | None]:
    """Who looks after each person: their own account manager, else their organization's first.

    Agents who are archived or can't sign in don't count; three queries for all.
    """
    keys = {person.account_manager_id for person in people if person.account_manager_id}
    working = User.objects.agents().active().filter(pk__in=keys, is_disabled=False)
    own = {agent.pk: agent.display_name for agent in working}
    found: dict[UUID, EffectiveManager | None] = {}
    for person in people:
        key = person.account_manager_id
        found[person.pk] = (
            EffectiveManager(id=key, name=own[key], source="own")
            if key is not None and key in own
            else None
        )
    found |= _inherited([key for key, manager in found.items() if manager is None])
    return found


def _inherited(person_ids: Sequence[UUID]) -> dict[UUID, EffectiveManager]:
    if not person_ids:
        return {}
    primary = Membership.objects.filter(
        person_id__in=person_ids, is_primary=True, organization_id__isnull=False
    )
    places = {row.person_id: row.organization for row in primary.select_related("organization")}
    managers = organization_managers(sorted({place.pk for place in places.values()}))
    found: dict[UUID, EffectiveManager] = {}
    for person_id, place in places.items():
        first = next((manager for manager in managers[place.pk] if manager.is_working), None)
        if first is not None:
            found[person_id] = EffectiveManager(
                id=first.id,
                name=first.name,
                source="organization",
                organization_name=place.name,
            )
    return found


def property_keys(subject: PropertySubject) -> list[str]:
    """The keys of the properties that are not archived, in their order; one query."""
    rows = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    return list(rows.order_by("place", "created_at", "id").values_list("key", flat=True))


def tag_names(row: Organization | User) -> list[str]:
    """The names of a record's tags, in order; no query."""
    return [name for name in row.tag_text.split("\n") if name]


def tags_shown(tag_texts: Iterable[str]) -> dict[str, str]:
    """The colour of each tag in these texts, by name; one query."""
    names = {name for text in tag_texts for name in text.split("\n") if name}
    if not names:
        return {}
    return dict(Tag.objects.filter(name__in=names).values_list("name", "colour"))


@dataclass(frozen=True, kw_only=True)
class TagUse:
    """How many records carry a tag; archived ones included."""

    organizations: int = 0
    people: int = 0
    locations: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return self.organizations + self.people + self.locations


def tag_uses(tag_ids: Sequence[UUID]) -> dict[UUID, TagUse]:
    """How many records carry each of these tags, in three queries."""
    organizations, people, places = (
        _counted(model, tag_ids) for model in (OrganizationTag, PersonTag, LocationTag)
    )
    return {
        key: TagUse(
            organizations=organizations.get(key, 0),
            people=people.get(key, 0),
            locations=places.get(key, 0),
        )
        for key in tag_ids
    }


def _counted(model: Any, tag_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = model.objects.filter(tag_id__in=tag_ids).order_by().values("tag_id")
    return {row["tag_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _load_standings(user: User) -> Sequence[Standing]:
    today = today_in(current_scope().time_zone)
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
            ended_on=end if end is not None and end < today else None,
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
