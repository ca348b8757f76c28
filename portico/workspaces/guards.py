"""What workspaces ask of the apps above: what a person holds where, what an agent will hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from portico.accounts.models import User


@dataclass(frozen=True)
class ClientRights:
    """Where a person acts (None: directly with the workspace) and what they may do there."""

    organization_id: UUID | None = None
    permissions: frozenset[str] = frozenset()


RightsSource = Callable[[User, UUID | None], ClientRights]

Promises = Callable[[Sequence[UUID]], set[str]]

_sources: list[RightsSource] = []
_promises: list[Promises] = []


def add_client_rights(source: RightsSource) -> None:
    """Name the function that knows memberships; called once at start-up by `clients`."""
    if source not in _sources:
        _sources.append(source)


def client_rights(user: User, chosen_organization_id: UUID | None) -> ClientRights:
    """Where this person acts and what they hold there, from the database as it is now."""
    for source in _sources:
        return source(user, chosen_organization_id)
    return ClientRights()


def add_promised_permissions(promises: Promises) -> None:
    """Name a function that knows what agents will hold once they accept; called at start-up."""
    if promises not in _promises:
        _promises.append(promises)


def promised_permissions(agent_ids: Sequence[UUID]) -> set[str]:
    """What these agents were promised and do not hold yet."""
    return {code for promises in _promises for code in promises(agent_ids)}
