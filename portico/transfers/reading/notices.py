"""What a reader tells about a file or a row that is accepted all the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """Something to know before importing: a stable code and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Problem:
    """Why a row is refused: the field, a stable code and a sentence for people."""

    field: str
    code: str
    message: str
