"""Dates in a file."""

import re
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from portico.kit.errors import Refused

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\S*)?")
_NUMBERS = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})\.?")
_DAY, _MONTH, _YEAR = "d", "m", "y"


def read_date(text: str, *, date_order: str = "mdy") -> date:
    """A date written as 2027-03-31 (a time of day is left out) or in the given order.

    `date_order` is one of `mdy`, `dmy`, `ymd`; a year of four digits in front is always taken as
    year, month, day. Raises `Refused("invalid_date")` for anything else: two-digit years and the
    bare day numbers of spreadsheets could mean several dates.
    """
    text = text.strip()
    numbers = _ISO.fullmatch(text)
    if numbers is not None:
        return _date(year=numbers[1], month=numbers[2], day=numbers[3])
    numbers = _NUMBERS.fullmatch(text)
    if numbers is None:
        raise _refusal()
    parts = (numbers[1], numbers[3], numbers[4])
    by_letter = dict(zip("ymd" if len(parts[0]) == 4 else date_order, parts, strict=True))
    if len(by_letter[_YEAR]) != 4:
        raise _refusal()
    return _date(year=by_letter[_YEAR], month=by_letter[_MONTH], day=by_letter[_DAY])


def likely_order(texts: Iterable[str], *, usual: str) -> str:
    """The order in which most of these can be read as dates; `usual` where several do as well.

    31.12.2027 stands for day, month, year whatever the workspace writes itself: read in the usual
    order it would be refused, and 05.12.2027 beside it would silently become a day in May.
    """
    counts = {usual: 0} | {order: 0 for order in ("mdy", "dmy", "ymd") if order != usual}
    for text in texts:
        for order in counts:
            counts[order] += _is_readable(text, order)
    return max(counts, key=lambda order: counts[order])


def _is_readable(text: str, order: str) -> bool:
    try:
        read_date(text, date_order=order)
    except Refused:
        return False
    return True


def _date(*, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _refusal() from None


def _refusal() -> Refused:
    return Refused("invalid_date", _("Enter a date as YYYY-MM-DD."))
