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


def first_instant(day: datetime.date, zone: str) -> datetime.datetime:
    """The first instant of this day in this time zone, in UTC.

    Where midnight does not exist (Cairo, 2026-04-24) it is the first one that does: a time in the
    gap is read with the offset before the change, which is that instant (PEP 495, fold 0).
    """
    midnight = datetime.datetime.combine(day, datetime.time.min, ZoneInfo(zone))
    return midnight.astimezone(datetime.UTC)
