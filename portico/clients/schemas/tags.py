"""The shapes of tags."""

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from portico.clients.schemas.strict import StrictSchema


class TagCreate(StrictSchema):
    """A new tag."""

    name: str
    colour: str = "grey"


class TagChange(StrictSchema):
    """Name or colour of a tag."""

    name: str | None = None
    colour: str | None = None


class TagMerge(StrictSchema):
    """The tags that become part of this one."""

    sources: list[UUID] = Field(max_length=100)


class TagOut(Schema):
    """A tag as the API shows it, with how many records carry it."""

    object: Literal["tag"] = "tag"
    id: UUID
    version: int
    name: str
    colour: str
    organizations_count: int
    people_count: int
    created_at: datetime.datetime


class TagList(Schema):
    """A page of tags."""

    object: Literal["list"] = "list"
    items: list[TagOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
