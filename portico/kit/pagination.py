"""Keyset pages: any page of any list in the time of one page, forwards and backwards.

What links the pages is a cursor (kit/cursors.py): where the row at the edge stands in the order.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from portico.kit.counts import CappedCounts
from portico.kit.cursors import read_cursor, write_cursor
from portico.kit.orders import Order, Segment, SortColumn, ranks_of, runs_of, segments
from portico.kit.prepared import Prepared, Slot
from portico.kit.search import FEW, is_walked

Row = TypeVar("Row", bound=Model)
DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200
# Of one list; callers of the API name limits of their own, and each is SQL of 35 KiB.
KINDS_OF_PAGES_KEPT = 24


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; the cursors are None at the ends."""

    items: Sequence[Row]
    next_cursor: str | None
    previous_cursor: str | None


class KeptPages(Generic[Row]):
    """A list whose pages are asked for again and again: the SQL of each kind of page is kept.

    `build` makes the queryset without an order; see kit/prepared.py for what it may hold. `counted`
    makes one with the same rows that an index alone can count, where there is one.
    `holds_values` is for pages that are kept for one question with all its values.
    """

    def __init__(
        self,
        build: Callable[[], QuerySet[Row]],
        *,
        counted: Callable[[], QuerySet[Row]] | None = None,
        holds_values: bool = False,
    ) -> None:
        self.build = build
        self._build_counted = counted or build
        self._holds_values = holds_values
        self._up_to = functools.cache(self._counted)
        self._cut = functools.lru_cache(maxsize=KINDS_OF_PAGES_KEPT)(self._prepared)
        # Apart, so that the values that somebody pages through push no kind of page out.
        self._cut_of_values = functools.lru_cache(maxsize=KINDS_OF_PAGES_KEPT)(self._prepared)
        self._counts = CappedCounts(lambda up_to: self._up_to(up_to).count())

    def rows(self, segment: Segment, values: Sequence[Any], limit: int) -> list[Row]:
        """The first rows of a part of the list."""
        edge = {f"edge{place}": value for place, value in enumerate(values)}
        cut = self._cut_of_values if segment.order.holds_values else self._cut
        return cut(segment, limit).ask(**edge)

    def count(self, up_to: int, *, anew: bool = False) -> int:
        """How many rows there are, up to a limit; see CappedCounts."""
        return self._counts.count(up_to, anew=anew)

    def _counted(self, up_to: int) -> Prepared[Any]:
        return Prepared(
            lambda: self._build_counted().order_by().values_list("pk")[:up_to],
            holds_values=self._holds_values,
        )

    def _prepared(self, segment: Segment, limit: int) -> Prepared[Row]:
        def build() -> QuerySet[Row]:
            queryset = self.build()
            slots = [
                Slot(f"edge{place}", _field(queryset.model, column))
                for place, column in enumerate(segment.columns)
            ]
            return segment.first_of(queryset, slots, limit=limit)

        return Prepared(build, holds_values=self._holds_values or segment.order.holds_values)


def _field(model: type[Model], column: SortColumn) -> Any:
    if column.is_computed:
        return column.computed_as()
    return model._meta.pk if column.field == "pk" else model._meta.get_field(column.field)


def keyset_page(
    queryset: QuerySet[Row] | KeptPages[Row],
    order: Order,
    *,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    context: str = "",
) -> Page[Row]:
    """Cut one page out of a queryset.

    Takes an unordered queryset, or one whose pages are kept; `limit` is capped at 200, not
    refused; `context` is what else the cursor is bound to (the filters), so that a changed filter
    with an old cursor is refused.
    Returns the page, in one query (two where a nullable order comes to its empty values); raises
    Refused("invalid_cursor").
    """
    limit = max(1, min(limit, MAXIMUM_LIMIT))
    if isinstance(queryset, KeptPages) and order.narrowed is not None:
        order = order.narrowed if queryset.count(FEW + 1) <= FEW else order
    bound_to = f"{order.name}\n{context}"
    direction, values = read_cursor(cursor, bound_to) if cursor else ("after", [])
    backwards = direction == "before"
    found = _first_of(queryset, order, edge_values=values, backwards=backwards, limit=limit + 1)
    has_more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    has_next = bool(found) and (backwards or has_more)
    has_previous = bool(found) and (has_more if backwards else bool(values))

    def link(direction: str, place: int) -> str:
        row, rank = found[place]
        return write_cursor(direction, order.edge(row, rank), bound_to=bound_to)

    return Page(
        [row for row, _rank in found],
        link("after", -1) if has_next else None,
        link("before", 0) if has_previous else None,
    )


def _first_of(
    queryset: QuerySet[Row] | KeptPages[Row],
    order: Order,
    *,
    edge_values: Sequence[Any],
    backwards: bool,
    limit: int,
) -> list[tuple[Row, int | None]]:
    """The first rows beyond the edge, each with the number of its rank, if the order has any."""
    walks = bool(order.runs) and not isinstance(queryset, KeptPages) and is_walked(queryset)
    parts = order.parts or (ranks_of if order.ranks else runs_of if walks else segments)
    found: list[tuple[Row, int | None]] = []
    for segment, edge in parts(order, edge_values, backwards=backwards):
        if isinstance(queryset, KeptPages):
            rows: Iterable[Row] = queryset.rows(segment, edge, limit)
        else:
            rows = segment.first_of(queryset, edge, limit=limit - len(found))
        found += [(row, segment.rank) for row in rows]
        if len(found) >= limit:
            break
    return found
