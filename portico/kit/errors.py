"""Refusals: the only exceptions an action raises on purpose.

One handler per door (page, API, command) turns them into a field error, a problem document or a
line on the terminal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field: its name, a stable code, and a sentence for people."""

    field: str
    code: str
    message: str


class Refusal(Exception):
    """The common ground of everything an action may answer instead of doing its work."""

    code = "refused"
    status = 422
    retry_after = 0
    """Seconds until it may go through; 0 where time changes nothing."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Refused(Refusal):
    """A rule says no; nothing was changed."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        errors: Sequence[FieldProblem] = (),
        status: int = 422,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.field = field
        self.status = status
        self.errors = tuple(errors) or ((FieldProblem(field, code, detail),) if field else ())


class NeedsConfirmation(Refused):
    """Nothing forbids it, but somebody should look first; `confirm` with these codes goes on."""

    def __init__(self, warnings: Sequence[FieldProblem]) -> None:
        detail = " ".join(warning.message for warning in warnings)
        super().__init__("needs_confirmation", detail, errors=warnings, status=409)


class Merged(Refused):
    """The record became part of another one, which answers in its place.

    With a `field` it was named there, else it is the one in the address.
    """

    def __init__(self, survivor_id: UUID, detail: str, *, field: str | None = None) -> None:
        super().__init__("merged", detail, field=field, status=409)
        self.survivor_id = survivor_id


class Denied(Refusal):
    """The actor lacks a permission; it is named, so that the page can say who may give it.

    All of `permissions` are needed; of `any_of` one is enough.
    """

    code = "permission_denied"
    status = 403

    def __init__(self, *permissions: str, any_of: Sequence[str] = (), detail: str = "") -> None:
        super().__init__(detail)
        self.permissions = permissions
        self.any_of = tuple(any_of)


class NotThere(Refusal):
    """There is no such record here: one answer for unknown, foreign and hidden ones alike."""

    code = "not_found"
    status = 404


class Stale(Refusal):
    """Somebody saved in between; `current` is the record as it stands now."""

    code = "stale"
    status = 412

    def __init__(self, current: Any) -> None:
        super().__init__("")
        self.current = current
