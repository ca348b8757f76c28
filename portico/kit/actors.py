"""The actor: who acts now, and what they may do. Computed anew for each request."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from uuid import UUID

from portico.kit.errors import Denied
from portico.kit.ids import new_id


class ActorKind(StrEnum):
    """What stands behind an act."""

    USER = "user"
    KEY = "key"
    SYSTEM = "system"


class Way(StrEnum):
    """The door through which an act came in; shown in History."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"
    COMMAND = "command"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A user in a role of the moment, an API key, or the system.

    `permissions` already holds what the licence leaves of the roles; `organization_id` is the
    organization a person acts in, none for agents.
    """

    kind: ActorKind
    id: UUID | None
    name: str
    workspace_id: UUID
    user_id: UUID | None = None
    user_kind: str | None = None
    licence: str | None = None
    organization_id: UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    is_unlimited: bool = False
    request_id: str = ""
    ip: str | None = None
    way: Way = Way.SYSTEM
    act_id: UUID = field(default_factory=new_id)

    @classmethod
    def system(cls, workspace_id: UUID, *, request_id: str = "", way: Way = Way.SYSTEM) -> Self:
        """The actor of what happens by itself; it may do everything in its workspace."""
        return cls(
            kind=ActorKind.SYSTEM,
            id=None,
            name="Portico",
            workspace_id=workspace_id,
            is_unlimited=True,
            request_id=request_id,
            way=way,
        )

    @property
    def is_agent(self) -> bool:
        """Whether a person of the workspace's own team (or a key of one) acts."""
        return self.user_kind == "agent"

    @property
    def is_person(self) -> bool:
        """Whether somebody of the client side (or a key of theirs) acts."""
        return self.user_kind == "person"

    def may(self, *codes: str) -> bool:
        """Whether the actor holds all of these permissions."""
        return self.is_unlimited or self.permissions.issuperset(codes)

    def may_any(self, *codes: str) -> bool:
        """Whether the actor holds at least one of these permissions."""
        return self.is_unlimited or not self.permissions.isdisjoint(codes)

    def require(self, *codes: str) -> None:
        """Raise Denied, naming what is missing, unless the actor holds all of these permissions."""
        if not self.may(*codes):
            raise Denied(*(code for code in codes if code not in self.permissions))

    def require_any(self, *codes: str) -> None:
        """Raise Denied unless the actor holds at least one of these permissions."""
        if not self.may_any(*codes):
            raise Denied(any_of=codes)
