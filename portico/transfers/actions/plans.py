"""What becomes of each row: decided here for the dry run and for the run alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.cleaning.properties import Properties
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import current_scope
from portico.transfers.actions.known import Known
from portico.transfers.actions.memory import Memory, Place
from portico.transfers.actions.options import ImportOptions
from portico.transfers.choices import Outcome
from portico.transfers.reading.notices import Notice, Problem
from portico.ui.words import say
from portico.workspaces.presets import REQUIRED

PERSON_LIMIT = "person_limit"
UNKNOWN_ORGANIZATION = "unknown_organization"


class Change(StrEnum):
    """What is done to a record that is there, beside its fields."""

    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DISABLE = "disable"
    ENABLE = "enable"


@dataclass(kw_only=True)
class Decision:
    """What becomes of a row, and what is to be saved for it."""

    number: int
    outcome: Outcome
    problems: Sequence[Problem] = ()
    notices: Sequence[Notice] = ()
    new_place: Place | None = None
    new_person: tuple[Mapping[str, Any], Place | None] | None = None
    changed_person: tuple[Any, Mapping[str, Any]] | None = None
    changed_organization: tuple[Any, Mapping[str, Any]] | None = None
    state_changes: tuple[Any, Sequence[Change]] | None = None
    keys: Sequence[str] = ()
    new_tags: int = 0
    invites: int = 0
    unfinished: str = ""
    unknown_organization: str = ""


class RowStopped(Exception):
    """A row goes no further: it is a duplicate or refused."""

    def __init__(self, outcome: Outcome, field_name: str, *, code: str, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.code = code
        self.problems: Sequence[Problem] = [Problem(field_name, code, message)]


def duplicate(field_name: str, message: str) -> RowStopped:
    """The record stands elsewhere already; the row is left alone."""
    return RowStopped(Outcome.DUPLICATE, field_name, code="duplicate", message=message)


def refused(field_name: str, code: str, *, message: str) -> RowStopped:
    """The row is wrong."""
    return RowStopped(Outcome.REFUSED, field_name, code=code, message=message)


def refused_fields(problems: Sequence[Problem]) -> RowStopped:
    """The row is wrong in these fields."""
    first = problems[0]
    stopped = refused(first.field, first.code, message=first.message)
    stopped.problems = problems
    return stopped


@dataclass(kw_only=True)
class Ground:
    """All that the decisions of a chunk stand on."""

    actor: Actor
    options: ImportOptions
    memory: Memory
    known: Known
    properties: Properties = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=lambda: current_scope().settings)

    def require_room(self, field_name: str, people: int = 1) -> None:
        """Stop a row that needs more people than the plan allows; limit and use are named."""
        limit, used = self.known.limit, self.known.used + self.memory.people_pending
        if limit is not None and people and used + people > limit:
            text = say("You have %(used)s of %(limit)s people. Archive one, or raise the limit.")
            message = text % {"used": used, "limit": limit}
            raise refused(field_name, PERSON_LIMIT, message=message)

    def require_end_date(self, field_name: str, *, has_date: bool) -> None:
        """Stop a row that creates an organization without the end date that is demanded (S4.3)."""
        if not has_date and self.settings["membership_end"] == REQUIRED:
            message = say("An organization needs a membership end date.")
            raise refused(field_name, "end_date_required", message=message)


def limit_notice() -> Notice:
    """What the page says first where the plan's limit is reached in the file (edge case 49)."""
    text = say("The limit of people is reached here: further rows that add one are refused.")
    return Notice(PERSON_LIMIT, text)


def same_as_row(number: int) -> str:
    """The sentence of a duplicate within the file."""
    return _("Row %(number)s of this file is the same.") % {"number": number}
