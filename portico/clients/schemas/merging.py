"""The shapes of merges."""

from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from portico.clients.schemas.strict import StrictSchema


class MergeBody(StrictSchema):
    """Which record goes into the one of the address, and which values stay.

    `choices` maps a field to `survivor` or `source`; `dry_run` answers what would happen.
    """

    source_id: UUID
    choices: dict[str, str] = Field(default_factory=dict, max_length=200)
    confirm: list[str] = Field(default_factory=list)
    dry_run: bool = False


class MergedField(Schema):
    """One field of a merge: both values, whose stays (none: it must be chosen), and the result."""

    name: str
    survivor: Any
    source: Any
    taken: str | None
    result: Any


class MergedRows(Schema):
    """How many rows of a kind the survivor and the source had, and the survivor has after it."""

    name: str
    survivor: int
    source: int
    after: int


class MergeOut(Schema):
    """A merge, done or planned."""

    object: Literal["merge"] = "merge"
    survivor_id: UUID
    source_id: UUID
    dry_run: bool
    fields: list[MergedField]
    rows: list[MergedRows]


class DistinctionBody(StrictSchema):
    """The record that is not the one of the address."""

    other_id: UUID


class DistinctionOut(Schema):
    """Two records that are no duplicates; the older one comes first."""

    object: Literal["distinction"] = "distinction"
    subject: str
    first_id: UUID
    second_id: UUID
