"""The shapes of long work in the API."""

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema


class OperationOut(Schema):
    """Long work: what it is, how far it is, what came of it.

    `file_url` is there when there is a file to download.
    """

    object: Literal["operation"] = "operation"
    id: UUID
    kind: str
    title: str
    state: str
    done: int
    total: int
    counts: dict[str, int]
    error: str
    file_url: str | None
    started_by: str
    created_at: datetime.datetime
    finished_at: datetime.datetime | None
    undo_until: datetime.datetime | None


class OperationList(Schema):
    """A page of operations, newest first."""

    object: Literal["list"] = "list"
    items: list[OperationOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
