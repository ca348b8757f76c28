"""Who looks after organizations and people."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from portico.accounts.models import User
from portico.clients.models import AccountManager, Membership, Person
from portico.kit.prepared import IsAmong, prepared
from portico.kit.slices import in_slices

_SHOWN = ("agent__name", "agent__email", "agent__is_disabled", "agent__archived_at")


@dataclass(frozen=True, kw_only=True)
class ManagerOf:
    """An agent who looks after an organization; lists of many records know the address too."""

    id: UUID
    name: str
    is_first: bool
    is_working: bool
    email: str = ""


class Place(NamedTuple):
    """An organization that a person belongs to."""

    person_id: UUID
    organization_id: UUID
    organization_name: str
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class EffectiveManager:
    """Who looks after a person, and because of what: `own`, or `organization` (X11).

    Lists of many records know the address too.
    """

    id: UUID
    name: str
    source: str
    organization_name: str = ""
    email: str = ""


def organization_managers(organization_ids: Sequence[UUID]) -> dict[UUID, list[ManagerOf]]:
    """The account managers of each organization, the first one first; one query per slice."""
    found: dict[UUID, list[ManagerOf]] = {key: [] for key in organization_ids}
    for part in in_slices(list(organization_ids)):
        for row in _managing.ask(organizations=part):
            organization_id, agent_id, is_first, name, email, is_disabled, archived_at = row
            found[organization_id].append(
                ManagerOf(
                    id=agent_id,
                    name=name or email,
                    email=email,
                    is_first=is_first,
                    is_working=not is_disabled and archived_at is None,
                )
            )
    return found


@prepared
def _managing() -> Any:
    rows = AccountManager.objects.filter(IsAmong("organization_id", "organizations"))
    return rows.order_by("-is_first", "id").values_list(
        "organization_id", "agent_id", "is_first", *_SHOWN
    )


def effective_managers(
    people: Sequence[Person], places: Sequence[Place] | None = None
) -> dict[UUID, EffectiveManager | None]:
    """Who looks after each person: their own account manager, else their organization's first.

    Agents who are archived or can't sign in don't count; three queries for all, two where the
    caller knows the people's `places` already.
    """
    keys = {person.account_manager_id for person in people if person.account_manager_id}
    own = {agent.pk: agent for agent in (_working.ask(agents=keys) if keys else ())}
    found: dict[UUID, EffectiveManager | None] = {}
    for person in people:
        key = person.account_manager_id
        found[person.pk] = (
            EffectiveManager(id=key, name=own[key].display_name, email=own[key].email, source="own")
            if key is not None and key in own
            else None
        )
    left = [key for key, manager in found.items() if manager is None]
    if left:
        found |= _inherited(set(left), places_of(left) if places is None else places)
    return found


def places_of(person_ids: Sequence[UUID]) -> list[Place]:
    """What these people belong to, the primary organization first, the others by name."""
    return [Place(*row) for row in _places.ask(people=person_ids)]


@prepared
def _working() -> Any:
    working = User.objects.agents().active().filter(IsAmong("id", "agents"), is_disabled=False)
    return working.only("name", "email", "kind")


@prepared
def _places() -> Any:
    """All of them: asked for primary ones SQLite walks those of the whole workspace."""
    rows = Membership.objects.filter(IsAmong("person_id", "people"), organization__isnull=False)
    return rows.order_by("-is_primary", "organization__name_key").values_list(
        "person_id", "organization_id", "organization__name", "is_primary"
    )


def _inherited(people: Container[UUID], places: Sequence[Place]) -> dict[UUID, EffectiveManager]:
    meant = [place for place in places if place.is_primary and place.person_id in people]
    managers = organization_managers(sorted({place.organization_id for place in meant}))
    found: dict[UUID, EffectiveManager] = {}
    for place in meant:
        working = (one for one in managers[place.organization_id] if one.is_working)
        first = next(working, None)
        if first is not None:
            found[place.person_id] = EffectiveManager(
                id=first.id,
                name=first.name,
                email=first.email,
                source="organization",
                organization_name=place.organization_name,
            )
    return found
