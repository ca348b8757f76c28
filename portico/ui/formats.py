"""Dates and times as the reader chose to see them: six orders, two clocks (S3.26 to S3.28)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_ORDERS = {"mdy": ("%m", "%d", "%Y"), "dmy": ("%d", "%m", "%Y"), "ymd": ("%Y", "%m", "%d")}
MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Formats:
    """How one reader wants dates: order mdy | dmy | ymd, separator / or ., clock 12 or 24, zone."""

    order: str = "mdy"
    separator: str = "/"
    clock: str = "12"
    zone: str = "UTC"

    @property
    def date_pattern(self) -> str:
        """The strftime pattern of a date."""
        return self.separator.join(_ORDERS[self.order])

    def date(self, value: datetime.date) -> str:
        """A day, such as 11/22/2026 or 22.11.2026."""
        return value.strftime(self.date_pattern)

    def time(self, value: datetime.datetime) -> str:
        """A time of day, such as 12:05 AM or 00:05."""
        local = value.astimezone(ZoneInfo(self.zone))
        return (
            local.strftime("%I:%M %p").lstrip("0")
            if self.clock == "12"
            else local.strftime("%H:%M")
        )

    def moment(self, value: datetime.datetime) -> str:
        """A day and a time."""
        local = value.astimezone(ZoneInfo(self.zone))
        return f"{self.date(local.date())} {self.time(value)}"


_current: ContextVar[Formats | None] = ContextVar("formats", default=None)


@contextmanager
def use_formats(formats: Formats) -> Iterator[None]:
    """Format for this reader within the block."""
    token = _current.set(formats)
    try:
        yield
    finally:
        _current.reset(token)


def current_formats() -> Formats:
    """The present reader's formats."""
    return _current.get() or Formats()


def format_date(value: datetime.date | None) -> str:
    """A date for the present reader; empty for none."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = value.astimezone(ZoneInfo(current_formats().zone)).date()
    return current_formats().date(value)


def format_datetime(value: datetime.datetime | None) -> str:
    """A date and time for the present reader; empty for none."""
    return "" if value is None else current_formats().moment(value)


def format_time(value: datetime.datetime) -> str:
    """A time of day for the present reader."""
    return current_formats().time(value)


def ago(value: datetime.datetime | None) -> str:
    """How long ago, in the shortest words; from a week on, the date."""
    if value is None:
        return ""
    seconds = (timezone.now() - value).total_seconds()
    if seconds < MINUTE:
        return _("now")
    if seconds < HOUR:
        return _("%(n)s min") % {"n": int(seconds // MINUTE)}
    if seconds < DAY:
        return _("%(n)s h") % {"n": int(seconds // HOUR)}
    days = int(seconds // DAY)
    if days < 7:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return format_date(value)
