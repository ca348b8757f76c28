"""The shape of events in the API."""

import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema


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
    way: str
    at: datetime.datetime


class EventList(Schema):
    """A page of events, newest first."""

    object: Literal["list"] = "list"
    items: list[EventOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
