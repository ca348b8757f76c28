"""Log lines: one event, one line, with the request id and no personal data."""

import datetime
import logging
import re

import orjson

from portico.kit.requests import current_request_id


class RequestIdFilter(logging.Filter):
    """Puts the request id on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through."""
        record.request_id = current_request_id() or "-"
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
        return orjson.dumps(line).decode()
