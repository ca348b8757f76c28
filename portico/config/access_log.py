"""One log line for each request: what was asked, what was answered, how long it took.

Addresses that open a door (invitation, first run, new password) are masked, and query strings are
left out: they may hold what somebody searched for.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

logger = logging.getLogger("portico.access")

_TOKENS = re.compile(r"^(/(?:invite|setup|accounts/password/reset/key|accounts/choose)/).+")
_QUIET = ("/static/", "/healthz", "/readyz")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def masked(path: str) -> str:
    """The path as it may stand in a log: tokens hidden, control characters escaped."""
    return _TOKENS.sub(r"\1***", path).encode("unicode_escape").decode("ascii")


class AccessLog:
    """Wraps the WSGI application."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and log when the answer is ready."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(_QUIET):
            return self.application(environ, start_response)
        began = time.monotonic()
        answered: dict[str, str] = {}

        def remember(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answered["status"] = status.split(" ", 1)[0]
            answered["id"] = dict(headers).get("X-Request-Id", "-")
            return start_response(status, headers, *rest)

        body = self.application(environ, remember)
        milliseconds = (time.monotonic() - began) * 1000
        method = environ.get("REQUEST_METHOD", "")
        logger.info(
            "%s %s %s %.0f ms %s",
            method,
            masked(path),
            answered.get("status"),
            milliseconds,
            answered.get("id"),
        )
        return body
