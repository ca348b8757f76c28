"""The request id: in every log line, answer and event, so that one act can be followed."""

import re
from contextvars import ContextVar
from secrets import token_hex

_current: ContextVar[str] = ContextVar("request_id", default="")
_WELL_FORMED = re.compile(r"[A-Za-z0-9_.:-]{4,64}")


def new_request_id() -> str:
    """Make a short id that people can read out on the telephone."""
    return f"req_{token_hex(8)}"


def accept_request_id(offered: str) -> str:
    """Take the caller's id when it is well formed, else make one."""
    return offered if _WELL_FORMED.fullmatch(offered) else new_request_id()


def current_request_id() -> str:
    """The id of the request (or operation) being served; empty outside one."""
    return _current.get()


def set_request_id(request_id: str) -> None:
    """Remember the id for log lines and events of this thread of work."""
    _current.set(request_id)
