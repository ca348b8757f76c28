"""Who looks after organizations and people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
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


def effective_managers(people: Sequence[Person]) -> dict[UUID, EffectiveManager | None]:
    """Who looks after each person: their own account manager, else their organization's first.

    Agents who are archived or can't sign in don't count; three queries for all.
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
    found |= _inherited([key for key, manager in found.items() if manager is None])
    return found


@prepared
def _working() -> Any:
    working = User.objects.agents().active().filter(IsAmong("id", "agents"), is_disabled=False)
    return working.only("name", "email", "kind")


@prepared
def _places() -> Any:
    """All of them: asked for primary ones SQLite walks those of the whole workspace."""
    rows = Membership.objects.filter(IsAmong("person_id", "people"), organization__isnull=False)
    return rows.values_list("person_id", "organization_id", "organization__name", "is_primary")


def _inherited(person_ids: Sequence[UUID]) -> dict[UUID, EffectiveManager]:
    if not person_ids:
        return {}
    places = [row[:3] for row in _places.ask(people=person_ids) if row[3]]
    managers = organization_managers(sorted({key for _person, key, _name in places}))
    found: dict[UUID, EffectiveManager] = {}
    for person_id, key, place in places:
        first = next((manager for manager in managers[key] if manager.is_working), None)
        if first is not None:
            found[person_id] = EffectiveManager(
                id=first.id,
                name=first.name,
                email=first.email,
                source="organization",
                organization_name=place,
            )
    return found
