"""What workspaces ask of the apps above: which client permissions does a person hold, where?"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from portico.accounts.models import User


@dataclass(frozen=True)
class ClientRights:
    """Where a person acts (None: directly with the workspace) and what they may do there."""

    organization_id: UUID | None = None
    permissions: frozenset[str] = frozenset()


RightsSource = Callable[[User, UUID | None], ClientRights]

_sources: list[RightsSource] = []


def add_client_rights(source: RightsSource) -> None:
    """Name the function that knows memberships; called once at start-up by `clients`."""
    if source not in _sources:
        _sources.append(source)


def client_rights(user: User, chosen_organization_id: UUID | None) -> ClientRights:
    """Where this person acts and what they hold there, from the database as it is now."""
    for source in _sources:
        return source(user, chosen_organization_id)
    return ClientRights()
