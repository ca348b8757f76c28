"""The shape of events in the API."""

import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class EventOut(Schema):
    """Who did what to which record, when, by which way, and what changed."""

    object: Literal["event"] = "event"
    id: UUID
    kind: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    subject_type: str
    subject_id: UUID
    subject_name: str
    organization_id: UUID | None
    changes: dict[str, list[Any]]
    request_id: str
    act_id: UUID | None
    way: str
    at: datetime.datetime


class RestoreBody(Schema):
    """Which field gets the value back that it had before the event."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(min_length=1, max_length=200)


class KeptOut(Schema):
    """A record that stays as it is, and why."""

    id: UUID | None
    name: str
    reason: str


class UndoneOut(Schema):
    """The act that was undone; what somebody changed since stays as it is."""

    object: Literal["undo_result"] = "undo_result"
    act_id: UUID
    kept: list[KeptOut]


class EventList(Schema):
    """A page of events, newest first."""

    object: Literal["list"] = "list"
    items: list[EventOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
