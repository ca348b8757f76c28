"""The shapes of oneself, roles and agents in the API."""

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema


class MeOut(Schema):
    """Whose key this is, and what it may do now."""

    object: Literal["me"] = "me"
    id: UUID
    kind: str
    name: str
    email: str
    workspace: str
    licence: str | None
    organization_id: UUID | None
    permissions: list[str]


class RoleOut(Schema):
    """A named set of permissions."""

    object: Literal["role"] = "role"
    id: UUID
    version: int
    kind: str
    name: str
    permissions: list[str]
    is_system: bool


class RoleList(Schema):
    """A page of the roles of the workspace."""

    object: Literal["list"] = "list"
    items: list[RoleOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool


class UsageOut(Schema):
    """How much of a limit is in use; without a limit it is null."""

    used: int
    limit: int | None


class PlanOut(Schema):
    """What the operator granted, and how much of it is in use."""

    object: Literal["plan"] = "plan"
    name: str
    people: UsageOut
    full_licences: UsageOut
    read_only_licences: UsageOut


class AgentOut(Schema):
    """A person of the workspace's own team."""

    object: Literal["agent"] = "agent"
    id: UUID
    version: int
    name: str
    email: str
    licence: str
    is_disabled: bool
    archived_at: datetime.datetime | None
    created_at: datetime.datetime


class AgentList(Schema):
    """A page of agents."""

    object: Literal["list"] = "list"
    items: list[AgentOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
