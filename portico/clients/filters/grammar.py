"""One condition of a list: `<field>[.<operator>]=<value>`, the same for page, API and views.

membership_end_date.lt=2027-01-01      days also relative to today: today, +30d, -90d, +3m, +1y
position.has=director                  texts equal (no operator) or hold; case does not matter
people_count.gte=10                    numbers
is_active=no                           yes or no
tag=eu,key account                     all of these; tag.any=a,b one of them
last_active_at.empty=yes               nothing is there; `no` for anything
"""

import datetime
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portico.kit.dates import first_instant, today_in
from portico.kit.days import months_later
from portico.kit.errors import Refused
from portico.kit.parting import parted
from portico.kit.tenancy.scope import current_scope

LONGEST_VALUE = 500
MOST_DIGITS = 30
EQUALS, NOT = "", "not"
LESS, AT_MOST, MORE, AT_LEAST = "lt", "lte", "gt", "gte"
HAS, ANY, EMPTY = "has", "any", "empty"
YES, NO = "yes", "no"
_RELATIVE = re.compile(r"([+-])(\d{1,4})([dwmy])")


class FilterKind(StrEnum):
    """What a field holds, and so how it can be compared."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    CHOICE = "choice"


OPERATORS: Mapping[FilterKind, tuple[str, ...]] = {
    FilterKind.TEXT: (HAS, EQUALS, NOT, EMPTY),
    FilterKind.NUMBER: (EQUALS, AT_LEAST, AT_MOST, MORE, LESS, EMPTY),
    FilterKind.DAY: (EQUALS, AT_LEAST, AT_MOST, MORE, LESS, EMPTY),
    FilterKind.MOMENT: (EQUALS, AT_LEAST, AT_MOST, MORE, LESS, EMPTY),
    FilterKind.FLAG: (EQUALS,),
    FilterKind.CHOICE: (EQUALS,),
}

Choices = Sequence[tuple[str, str]]
Narrow = Callable[..., Any]
Leads = Callable[..., list[Any] | None]


@dataclass(frozen=True, kw_only=True)
class FilterField:
    """Something a list can be narrowed by.

    `column` is the model's field; `narrow(rows, operator=, value=)` replaces the plain comparison.
    `leads(rows, operator=, value=)` gives querysets that have those of the rows that fit once each,
    for counting; None where nothing leads to them. `look_up(value)` asks once for what the value
    names, and gives what the two others are called with instead.
    `operators` are those offered and taken (by default those of the kind). `choices` offers the
    values of a CHOICE; `is_open` takes others too, `is_possible` says which. `name_of(value)` says
    a value in words where the choices do not. `is_indexed` tells whether matches can be counted
    without a scan. `permission` is what one needs to be offered the field and its choices; an
    address that names it works without. `is_used` says whether this workspace has the field.
    """

    name: str
    label: Callable[[], str]
    kind: FilterKind
    column: str = ""
    operators: tuple[str, ...] = ()
    choices: Callable[[], Choices] | None = None
    is_open: bool = False
    is_possible: Callable[[str], bool] | None = None
    narrow: Narrow | None = None
    leads: Leads | None = None
    look_up: Callable[[Any], Any] | None = None
    name_of: Callable[[str], str] | None = None
    is_indexed: bool = False
    permission: str = ""
    is_used: Callable[[], bool] | None = None

    @property
    def taken(self) -> tuple[str, ...]:
        """The operators that this field takes."""
        return self.operators or OPERATORS[self.kind]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A field compared with a value; `text` is the value as it was given."""

    field: FilterField
    operator: str
    text: str
    value: Any

    @property
    def parameter(self) -> str:
        """The name of the query parameter it came from."""
        return f"{self.field.name}.{self.operator}" if self.operator else self.field.name

    def of(self, rows: Any) -> Any:
        """Those of the rows that fit."""
        if self.field.narrow is not None:
            return self.field.narrow(rows, operator=self.operator, value=self.meant)
        return rows.filter(compared(self.field, operator=self.operator, value=self.value))

    def leads(self, rows: Any) -> list[Any] | None:
        """Querysets that have those of the rows that fit once each; None where nothing leads."""
        if self.field.leads is None:
            return None
        return self.field.leads(rows, operator=self.operator, value=self.meant)

    @functools.cached_property
    def meant(self) -> Any:
        """The value as what narrows takes it: what it names was looked up, once."""
        return self.value if self.field.look_up is None else self.field.look_up(self.value)


def read_condition(field: FilterField, operator: str, *, text: str) -> Condition:
    """Read a value; raises Refused("unknown_value") naming the parameter."""
    name = f"{field.name}.{operator}" if operator else field.name
    if operator not in field.taken:
        raise Refused("unknown_parameter", _no_filter(name), field=name, status=400)
    try:
        value = _value(field, operator, text=text)
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise Refused("unknown_value", _wrong(field), field=name, status=400) from error
    return Condition(field=field, operator=operator, text=text, value=value)


def compared(field: FilterField, *, operator: str, value: Any) -> Q:
    """The plain comparison of a model's field with a value that was read."""
    column, kind = field.column, field.kind
    if operator == EMPTY:
        return _is_empty(column, kind) if value else ~_is_empty(column, kind)
    if kind is FilterKind.MOMENT:
        return _of_moments(column, operator, day=value)
    if kind is FilterKind.TEXT:
        found = Q(**{f"{column}__{'icontains' if operator == HAS else 'iexact'}": value})
        return ~found if operator == NOT else found
    lookup = f"{column}__{operator}" if operator else column
    return Q(**{lookup: value})


def parse_day(text: str) -> datetime.date:
    """A day as ISO has it, or relative to today in the workspace's time zone.

    Raises ValueError. A month or year is added in the calendar; 31 becomes the month's last day.
    """
    if text == "today":
        return _today()
    relative = _RELATIVE.fullmatch(text)
    if relative is None:
        return datetime.date.fromisoformat(text)
    sign, number, unit = relative.groups()
    amount = int(number) if sign == "+" else -int(number)
    if unit in "dw":
        return _today() + datetime.timedelta(days=amount * (7 if unit == "w" else 1))
    return months_later(_today(), amount * (12 if unit == "y" else 1))


def refuse_unknown(name: str) -> Refused:
    """There is no such parameter in this list."""
    return Refused("unknown_parameter", _no_filter(name), field=name[:50], status=400)


def _value(field: FilterField, operator: str, *, text: str) -> Any:
    if len(text) > LONGEST_VALUE or "\x00" in text:
        raise ValueError(text[:20])
    if operator == EMPTY or field.kind is FilterKind.FLAG:
        return _flag(text)
    if field.kind is FilterKind.NUMBER:
        return _number(text)
    if field.kind is FilterKind.DAY:
        return parse_day(text)
    if field.kind is FilterKind.MOMENT:
        return _day_with_instants(text)
    if field.kind is FilterKind.CHOICE:
        return _chosen(field, operator, text=text)
    if not text.strip():
        raise ValueError("empty")
    return text.strip()


def _number(text: str) -> Decimal:
    """A number of a size that something can have: 1e999999 alone keeps a processor for minutes."""
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError(text)
    return number


def _day_with_instants(text: str) -> datetime.date:
    """A day that begins and ends in every time zone, which the first and last years do not."""
    day = parse_day(text)
    if not datetime.MINYEAR < day.year < datetime.MAXYEAR:
        raise ValueError(text)
    return day


def _chosen(field: FilterField, operator: str, *, text: str) -> Any:
    values = parted(text, _offered(field) if "," in text else ())
    if not values:
        raise ValueError("empty")
    if not field.is_open and not _offered(field).issuperset(values):
        raise ValueError(text)
    if field.is_possible is not None and not all(map(field.is_possible, values)):
        raise ValueError(text)
    is_plain = field.taken == (EQUALS,) and not field.is_open
    return values[0] if is_plain and len(values) == 1 and operator == EQUALS else values


def _offered(field: FilterField) -> set[str]:
    return {value for value, _word in field.choices()} if field.choices else set()


def _flag(text: str) -> bool:
    if text not in {YES, NO}:
        raise ValueError(text)
    return text == YES


def _is_empty(column: str, kind: FilterKind) -> Q:
    return Q(**{column: ""}) if kind is FilterKind.TEXT else Q(**{f"{column}__isnull": True})


def _of_moments(column: str, operator: str, *, day: datetime.date) -> Q:
    """Days compared with instants: a day lasts from its first instant to that of the next one."""
    zone = current_scope().time_zone
    begin = first_instant(day, zone)
    end = first_instant(day + datetime.timedelta(days=1), zone)
    comparisons = {
        EQUALS: Q(**{f"{column}__gte": begin, f"{column}__lt": end}),
        LESS: Q(**{f"{column}__lt": begin}),
        AT_LEAST: Q(**{f"{column}__gte": begin}),
        AT_MOST: Q(**{f"{column}__lt": end}),
        MORE: Q(**{f"{column}__gte": end}),
    }
    return comparisons[operator]


def _today() -> datetime.date:
    return today_in(current_scope().time_zone)


def _no_filter(name: str) -> str:
    return _("There is no filter %(name)s here.") % {"name": name[:50]}


def _wrong(field: FilterField) -> str:
    if field.kind in {FilterKind.DAY, FilterKind.MOMENT}:
        return _("Give a day as 2027-01-31, or relative to today as +30d, -3m or +1y.")
    if field.kind is FilterKind.NUMBER:
        return _("Give a number.")
    if field.kind is FilterKind.FLAG:
        return _("Choose one of %(choices)s.") % {"choices": f"{YES}, {NO}"}
    if field.choices is not None and not field.is_open:
        known = ", ".join(value for value, _word in field.choices())
        return _("Choose one of %(choices)s.") % {"choices": known}
    return _("Give a value.")
