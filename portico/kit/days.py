"""Reading a day that somebody typed: in their own order, or counted from another day.

The rules of counting (edge case 20): a year or month on is the same day of the month; where that
month has no such day (29 February, the 31st) it is its last one. A count starts from the day that
is there already, so that a renewal never loses the days until it is pressed.
"""

import calendar
import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from portico.kit.errors import Refused

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})\.?")
_NAMED = re.compile(r"(?:(\d{1,2})\.? ([a-z]{3,9})\.?|([a-z]{3,9})\.? (\d{1,2}))[,.]? (\d{4})")
_COUNTED = re.compile(r"([+-]) ?(\d{1,4}) ?(d|w|m|y|days?|weeks?|months?|years?)")
_END_OF = re.compile(r"(?:the )?end of (?:(next|this) )?(year|month|[a-z]{3,9})?(?: ?(\d{4}))?")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9
LONGEST = 40


def read_day(
    text: str,
    *,
    order: str,
    today: datetime.date,
    counted_from: datetime.date | None = None,
) -> datetime.date:
    """The day that this text names.

    `order` is the reader's own (mdy, dmy, ymd): 03.04.2026 is read in it whatever the separator
    (edge case 66). A four-digit year in front is always year, month, day; two digits of a year
    mean this century where the order says which of the three they are. Besides: `+1y`, `+6m`,
    `+2w`, `+10d` counted from `counted_from` (else today), "today", "tomorrow", "31 Dec 2027",
    "end of 2027", "end of next month". Raises Refused("invalid_date").
    """
    folded = " ".join(text.casefold().split())
    if not folded or len(folded) > LONGEST:
        raise _refusal(order)
    try:
        for read in (_read_words, _read_counted, _read_end):
            day = read(folded, _Anchor(today, counted_from or today))
            if day is not None:
                return day
        return _read_numbers(folded, order) or _read_named(folded) or _none(order)
    except (ValueError, OverflowError):
        raise _refusal(order) from None


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months on; the month's last one where there is no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return day.replace(year=years, month=month + 1, day=min(day.day, last))


class _Anchor(NamedTuple):
    """The days that relative ones are counted from."""

    today: datetime.date
    counted_from: datetime.date


def _read_words(text: str, anchor: _Anchor) -> datetime.date | None:
    days = {"today": 0, "tomorrow": 1, "yesterday": -1}
    return anchor.today + datetime.timedelta(days=days[text]) if text in days else None


def _read_counted(text: str, anchor: _Anchor) -> datetime.date | None:
    found = _COUNTED.fullmatch(text)
    if found is None:
        return None
    number = int(found[2]) * (-1 if found[1] == "-" else 1)
    unit = found[3][0]
    if unit in "dw":
        days = number * (7 if unit == "w" else 1)
        return anchor.counted_from + datetime.timedelta(days=days)
    return months_later(anchor.counted_from, number * (12 if unit == "y" else 1))


def _read_end(text: str, anchor: _Anchor) -> datetime.date | None:
    """The last day of a year or month: "end of 2027", "end of next month", "end of May 2027"."""
    found = _END_OF.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    today = anchor.today
    step = 1 if found[1] == "next" else 0
    word, year = found[2], int(found[3]) if found[3] else today.year
    if word in {None, "year"}:
        return datetime.date(year + step, 12, 31)
    if word == "month":
        return _last_of(months_later(today.replace(year=year, day=1), step))
    if word not in _MONTHS:
        return None
    day = _last_of(datetime.date(year, _MONTHS[word], 1))
    has_passed = found[3] is None and day < today
    return _last_of(day.replace(year=year + 1, day=1)) if has_passed else day


def _last_of(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _read_numbers(text: str, order: str) -> datetime.date | None:
    found = _ISO.fullmatch(text)
    if found is not None:
        return datetime.date(int(found[1]), int(found[2]), int(found[3]))
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return None
    parts = (found[1], found[3], found[4])
    by_letter = dict(zip("ymd" if len(parts[0]) == 4 else order, parts, strict=True))
    year = by_letter["y"]
    if len(year) not in {2, 4} or len(by_letter["d"]) > 2 or len(by_letter["m"]) > 2:
        return None
    full = int(year) + (2000 if len(year) == 2 else 0)
    return datetime.date(full, int(by_letter["m"]), int(by_letter["d"]))


def _read_named(text: str) -> datetime.date | None:
    found = _NAMED.fullmatch(text)
    month = _MONTHS.get((found[2] or found[3]) if found else "")
    if found is None or month is None:
        return None
    return datetime.date(int(found[5]), month, int(found[1] or found[4]))


def _none(order: str) -> datetime.date:
    raise _refusal(order)


def _refusal(order: str) -> Refused:
    examples: dict[str, Callable[[], str]] = {
        "mdy": lambda: _("Enter a date such as 12/31/2027, +1y or end of 2027."),
        "dmy": lambda: _("Enter a date such as 31/12/2027, +1y or end of 2027."),
        "ymd": lambda: _("Enter a date such as 2027/12/31, +1y or end of 2027."),
    }
    return Refused("invalid_date", examples[order]())
