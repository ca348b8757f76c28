"""Keyset pages: any page of any list in the time of one page, forwards and backwards.

The cursor is opaque to whoever holds it: the order it belongs to, the direction, and the sort
values of the row at the edge. A cursor of another order is refused, not guessed at.
"""

import base64
import binascii
import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from django.db.models import F, Model, OrderBy, Q, QuerySet
from django.utils.translation import gettext as _

from portico.kit.errors import Refused

Row = TypeVar("Row", bound=Model)
DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200


@dataclass(frozen=True)
class SortColumn:
    """One column of an order: `field` is a model field or annotation; nulls always come last."""

    field: str
    is_descending: bool = False
    is_nullable: bool = False

    def reversed(self) -> "SortColumn":
        """The same column the other way round."""
        return SortColumn(self.field, not self.is_descending, self.is_nullable)

    def expression(self, *, nulls_first: bool = False) -> OrderBy:
        """The ORDER BY term."""
        nulls: dict[str, Any] = {}
        if self.is_nullable:
            nulls = {"nulls_first": True} if nulls_first else {"nulls_last": True}
        column = F(self.field)
        return column.desc(**nulls) if self.is_descending else column.asc(**nulls)


@dataclass(frozen=True)
class Order:
    """A named order: its columns and, as tie-breaker in the same direction, the id."""

    name: str
    columns: tuple[SortColumn, ...]

    @property
    def all_columns(self) -> tuple[SortColumn, ...]:
        """The columns with the tie-breaker that makes the order total."""
        return (*self.columns, SortColumn("pk", self.columns[0].is_descending))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; the cursors are None at the ends."""

    items: Sequence[Row]
    next_cursor: str | None
    previous_cursor: str | None


def keyset_page(
    queryset: QuerySet[Row],
    order: Order,
    *,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    context: str = "",
) -> Page[Row]:
    """Cut one page out of a queryset.

    Takes an unordered queryset; `limit` is capped at 200, not refused; `context` is what else the
    cursor is bound to (the filters), so that a changed filter with an old cursor is refused.
    Returns the page; raises Refused("invalid_cursor").
    """
    limit = max(1, min(limit, MAXIMUM_LIMIT))
    mark = _fingerprint(order, context)
    direction, values = _read_cursor(cursor, mark) if cursor else ("after", [])
    backwards = direction == "before"
    if values:
        queryset = queryset.filter(_beyond(order, values, backwards=backwards))
    columns = order.all_columns
    ordering = [
        column.reversed().expression(nulls_first=True) if backwards else column.expression()
        for column in columns
    ]
    rows = list(queryset.order_by(*ordering)[: limit + 1])
    has_more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (backwards or has_more)
    has_previous = bool(rows) and (has_more if backwards else bool(values))
    return Page(
        rows,
        _write_cursor("after", order, row=rows[-1], mark=mark) if has_next else None,
        _write_cursor("before", order, row=rows[0], mark=mark) if has_previous else None,
    )


def _beyond(order: Order, values: Sequence[Any], *, backwards: bool) -> Q:
    """Rows strictly after (or before) the edge row, in the order's terms.

    The OR form carries the plain `column >= edge` beside it: without it neither database walks
    the index (57 ms against 0.1 ms at a million rows).
    """
    condition = Q()
    equal_so_far = Q()
    for column, value in zip(order.all_columns, values, strict=True):
        step = _after_value(column, value, backwards=backwards)
        if step is not None:
            condition |= equal_so_far & step
        is_null = {f"{column.field}__isnull": True}
        equal_so_far &= Q(**is_null) if value is None else Q(**{column.field: value})
    return _bound(order.columns[0], values[0], backwards=backwards) & condition


def _bound(column: SortColumn, value: Any, *, backwards: bool) -> Q:
    """The plain lower (or upper) bound on the first column."""
    if column.is_nullable:
        return Q()
    is_upper = column.is_descending != backwards
    return Q(**{f"{column.field}__{'lte' if is_upper else 'gte'}": value})


def _after_value(column: SortColumn, value: Any, *, backwards: bool) -> Q | None:
    """Rows whose value of this column lies strictly beyond; nulls are beyond everything."""
    if value is None:
        return Q(**{f"{column.field}__isnull": False}) if backwards else None
    is_less = column.is_descending != backwards
    beyond = Q(**{f"{column.field}__{'lt' if is_less else 'gt'}": value})
    if column.is_nullable and not backwards:
        beyond |= Q(**{f"{column.field}__isnull": True})
    return beyond


def _fingerprint(order: Order, context: str) -> str:
    return hashlib.sha256(f"{order.name}\n{context}".encode()).hexdigest()[:12]


def _write_cursor(direction: str, order: Order, *, row: Model, mark: str) -> str:
    values = [_pack(getattr(row, column.field)) for column in order.all_columns]
    packed = orjson.dumps([direction, mark, values])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read_cursor(cursor: str, mark: str) -> tuple[str, list[Any]]:
    invalid = Refused(
        "invalid_cursor", _("This page link is no longer valid."), field="cursor", status=400
    )
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, found, values = orjson.loads(base64.b64decode(padded, b"-_", validate=True))
        unpacked = [_unpack(value) for value in values]
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise invalid from error
    if found != mark or direction not in {"after", "before"} or not unpacked:
        raise invalid
    return direction, unpacked


def _pack(value: Any) -> Any:
    """JSON has neither ids nor dates: mark them with their kind."""
    if isinstance(value, UUID):
        return {"id": str(value)}
    if isinstance(value, datetime.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"on": value.isoformat()}
    return value


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "id" in value:
        return UUID(value["id"])
    if "at" in value:
        return datetime.datetime.fromisoformat(value["at"])
    if "on" in value:
        return datetime.date.fromisoformat(value["on"])
    raise ValueError("unknown kind of value")
