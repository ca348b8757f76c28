"""Days and instants in a named time zone."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def today_in(zone: str, *, now: datetime.datetime | None = None) -> datetime.date:
    """The calendar day it is in this time zone.

    A day that the zone skipped (Samoa, 2011-12-30) is never answered: the next one begins at the
    first instant that exists, so "ended" holds from that instant on.
    """
    return (now or timezone.now()).astimezone(ZoneInfo(zone)).date()
