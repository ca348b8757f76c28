"""Which rows a bulk verb means, how it changes them, and what became of them."""

import datetime
from typing import Any, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field, model_validator

from portico.clients.schemas.strict import StrictSchema
from portico.kit.selection import Selection


class SelectionBody(StrictSchema):
    """Which rows a bulk verb means: `ids`, or `filter` with the parameters of the list.

    A filter that narrows nothing is refused, unless it names a `view` or, for all of them, the
    `state`: active, archived or all.
    """

    ids: list[UUID] | None = Field(default=None, max_length=10_000)
    filter: dict[str, str] | None = Field(
        default=None, examples=[{"tag": "Newsletter"}, {"state": "active"}]
    )

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Exactly one of the two: nothing ticked never means everything."""
        if (self.ids is None) == (self.filter is None):
            raise ValueError("Send either ids or filter.")
        return self

    def selection(self) -> Selection:
        """The selection it stands for."""
        if self.ids is not None:
            return Selection(ids=self.ids)
        return Selection(is_all=True, filters=self.filter or {})

    def arguments(self) -> dict[str, Any]:
        """What the act takes besides the rows, as JSON has it."""
        return {}


class TagBody(SelectionBody):
    """Names of tags to put on, ids of tags to take off."""

    add: list[str] = Field(default_factory=list, max_length=50)
    remove: list[UUID] = Field(default_factory=list, max_length=50)

    def arguments(self) -> dict[str, Any]:
        """What the act takes besides the rows."""
        return {"add": self.add, "remove": [str(key) for key in self.remove]}


class AssignBody(SelectionBody):
    """The agent who becomes the first account manager (null: nobody); what of the others."""

    agent_id: UUID | None = None
    others: Literal["replace", "keep"] = "replace"

    def arguments(self) -> dict[str, Any]:
        """What the act takes besides the rows."""
        return {"agent": str(self.agent_id) if self.agent_id else "", "others": self.others}


class AssignOwnBody(SelectionBody):
    """The agent who becomes the account manager; null: that of the organization counts."""

    agent_id: UUID | None = None

    def arguments(self) -> dict[str, Any]:
        """What the act takes besides the rows."""
        return {"agent": str(self.agent_id) if self.agent_id else ""}


class ExtendBody(SelectionBody):
    """By how many months, or to which day."""

    months: int | None = Field(default=None, ge=1, le=1200)
    day: datetime.date | None = None

    @model_validator(mode="after")
    def one_length(self) -> Self:
        """Exactly one of the two."""
        if (self.months is None) == (self.day is None):
            raise ValueError("Send either months or day.")
        return self

    def arguments(self) -> dict[str, Any]:
        """What the act takes besides the rows."""
        return {"day": self.day.isoformat()} if self.day else {"months": self.months}


class SkippedOut(Schema):
    """A row that stayed as it was, and why."""

    id: UUID
    name: str
    reason: str


class BulkOutcome(Schema):
    """What a bulk verb did: how many rows changed, which, and which stayed for a reason."""

    object: Literal["bulk_result"] = "bulk_result"
    done: int
    ids: list[UUID]
    skipped: list[SkippedOut]
