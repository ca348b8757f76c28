"""The shapes of custom properties."""

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from portico.clients.schemas.strict import StrictSchema


class PropertyCreate(StrictSchema):
    """A new custom property of organizations or people."""

    subject: str
    label: str
    kind: str = "text"
    choices: list[str] = Field(default_factory=list)
    is_required: bool = False
    is_visible_to_clients: bool = False


class PropertyChange(StrictSchema):
    """What of a custom property changes."""

    label: str | None = None
    kind: str | None = None
    choices: list[str] | None = None
    is_required: bool | None = None
    is_visible_to_clients: bool | None = None


class PropertyOut(Schema):
    """A custom property as the API shows it."""

    object: Literal["property"] = "property"
    id: UUID
    version: int
    subject: str
    key: str
    label: str
    kind: str
    choices: list[str]
    is_required: bool
    is_visible_to_clients: bool
    archived_at: datetime.datetime | None
    created_at: datetime.datetime


class PropertyList(Schema):
    """A page of the custom properties, in their order."""

    object: Literal["list"] = "list"
    items: list[PropertyOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
