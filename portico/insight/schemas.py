"""The shape of views in the API."""

import datetime
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from portico.insight.choices import ViewSubject


class StrictSchema(Schema):
    """A body whose unknown members are refused."""

    model_config = ConfigDict(extra="forbid")


class ViewCreate(StrictSchema):
    """A list to save: the parameters of its address, and its columns."""

    list: ViewSubject
    name: str
    parameters: dict[str, str] = Field(default_factory=dict)
    columns: Sequence[str] = Field(default_factory=tuple, max_length=16)
    is_shared: bool = False


class ViewChange(StrictSchema):
    """What to change; what is missing stays."""

    name: str | None = None
    parameters: dict[str, str] | None = None
    columns: Sequence[str] | None = None
    is_shared: bool | None = None


class ViewOut(Schema):
    """A view; give its id as `view` to a list or an export."""

    object: Literal["view"] = "view"
    id: UUID
    version: int
    list: str
    name: str
    parameters: dict[str, str]
    columns: Sequence[str]
    is_shared: bool
    owner_id: UUID | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


class ViewList(Schema):
    """A page of views."""

    object: Literal["list"] = "list"
    items: list[ViewOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
