"""Once more: what the database took back because two transactions waited for each other.

PostgreSQL ends such a wait by taking one of the two back whole. Nothing of it is left then, and by
the time it is done again the other one has gone on. It is done again only where nothing can be done
twice: no transaction of this answer was committed before, and what was sent can be read again.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponse

DEADLOCK, SERIALIZATION_FAILURE = "40P01", "40001"
TAKEN_BACK = "was_taken_back"
logger = logging.getLogger("portico.requests")


def was_taken_back(error: BaseException) -> bool:
    """Whether a transaction was taken back only because of another one."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in {DEADLOCK, SERIALIZATION_FAILURE}


def note_taken_back(request: Any) -> None:
    """Let `answered` know why this answer failed."""
    setattr(request, TAKEN_BACK, True)


def answered(request: Any, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer; the second one, where the first was taken back and may be repeated."""
    commits = _commits()
    response = answer()
    if not request.__dict__.pop(TAKEN_BACK, False) or not _may_repeat(request, commits):
        return response
    logger.warning("taken back by the database, done again: %s %s", request.method, request.path)
    _forget_messages(request)
    return answer()


def _may_repeat(request: Any, commits: int | None) -> bool:
    is_alone = not connection.in_atomic_block and commits is not None and _commits() == commits
    return is_alone and _is_readable(request)


def _is_readable(request: Any) -> bool:
    """Whether what was sent is kept; a file that came with it was read to its end."""
    if hasattr(request, "_body") or not request._read_started:
        return True
    return hasattr(request, "_post") and not getattr(request, "_files", None)


def _commits() -> int | None:
    """How many transactions this connection has committed; None where they are not counted."""
    return getattr(connection, "commits", None)


def _forget_messages(request: Any) -> None:
    """What the first try was about to tell."""
    kept = getattr(request, "_messages", None)
    if kept is not None:
        kept._queued_messages.clear()
