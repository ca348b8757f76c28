"""The shapes of memberships."""

import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from portico.clients.schemas.strict import StrictSchema


class MembershipCreate(StrictSchema):
    """Let a person belong to one more organization."""

    person_id: UUID
    organization_id: UUID
    role_ids: list[UUID] = Field(default_factory=list, max_length=100)


class MembershipChange(StrictSchema):
    """The client roles, or `is_primary: true`; what is missing stays as it is."""

    role_ids: list[UUID] | None = Field(default=None, max_length=100)
    is_primary: bool | None = None


class MoveBody(StrictSchema):
    """Where a person moves; `keep_past` leaves past requests with the old organization."""

    organization_id: UUID
    from_organization_id: UUID | None = None
    role_ids: list[UUID] | None = Field(default=None, max_length=100)
    keep_past: bool = True


class MembershipOut(Schema):
    """How a person belongs to an organization (none: directly to the workspace)."""

    object: Literal["membership"] = "membership"
    id: UUID
    version: int
    person_id: UUID
    organization_id: UUID | None
    is_primary: bool
    roles: list[dict[str, Any]]
    created_at: datetime.datetime


class MembershipList(Schema):
    """A page of memberships."""

    object: Literal["list"] = "list"
    items: list[MembershipOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
