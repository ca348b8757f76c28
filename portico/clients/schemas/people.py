"""The shapes of people."""

import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from portico.clients.schemas.strict import StrictSchema


class PersonCreate(StrictSchema):
    """A new person; what is required is the workspace's choice."""

    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    position: str = ""
    phone: str = ""
    reference: str = ""
    organization_id: UUID | None = None
    tags: list[str] = Field(default_factory=list)
    account_manager: UUID | None = None
    properties: dict[str, Any] = Field(default_factory=dict)


class PersonChange(StrictSchema):
    """Fields to change; what is missing stays as it is."""

    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    position: str | None = None
    phone: str | None = None
    reference: str | None = None
    tags: list[str] | None = None
    account_manager: UUID | None = None
    properties: dict[str, Any] | None = None


class EffectiveManagerOut(Schema):
    """Who looks after a person, and because of what: `own` or `organization`."""

    id: UUID
    name: str
    email: str
    source: Literal["own", "organization"]


class PersonOut(Schema):
    """A person as the API shows them."""

    object: Literal["person"] = "person"
    id: UUID
    version: int
    name: str
    given_name: str
    family_name: str
    email: str
    position: str
    phone: str
    reference: str
    is_disabled: bool
    has_joined: bool
    organizations: list[dict[str, Any]]
    tags: list[str]
    account_manager: UUID | None
    effective_manager: EffectiveManagerOut | None
    properties: dict[str, Any]
    avatar_url: str | None
    archived_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_active_at: datetime.datetime | None


class PersonList(Schema):
    """A page of people."""

    object: Literal["list"] = "list"
    items: list[PersonOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
