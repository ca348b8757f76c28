"""Log lines: one event, one line, with the request id and no personal data."""

import datetime
import json
import logging
import re

from portico.kit.requests import current_request_id

# Everything that a terminal or a reader of lines takes for more than text (R-C75).
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
_CONTROL |= {code: f"\\u{code:04x}" for code in (0x2028, 0x2029)}


class RequestIdFilter(logging.Filter):
    """Puts the request id on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through."""
        # Django logs refusals when the middleware has ended; its record then carries the request.
        late = getattr(getattr(record, "request", None), "id", "")
        record.request_id = current_request_id() or late or "-"
        return True


class LinkFilter(logging.Filter):
    """Takes the secret part out of addresses that open a door (R-C03)."""

    _SECRET = re.compile(r"(/(?:invite|setup|key/[^/\s]+|choose/[^/\s]+)/)[^/\s?]{20,}")

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without the secret."""
        said = record.getMessage()
        masked = self._SECRET.sub(r"\1…", said)
        if masked != said:
            record.msg, record.args = masked, ()
        return True


class TextFormatter(logging.Formatter):
    """A line to read; what a request sent can neither break it nor colour it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line, without a traceback that may follow it."""
        record.message = record.message.translate(_CONTROL)
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    """One JSON object per line; control characters can't break out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line = {
            "at": at.isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, separators=(",", ":")).replace("\x7f", "\\u007f")
