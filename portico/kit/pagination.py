"""Keyset pages: any page of any list in the time of one page, forwards and backwards.

What links the pages is a cursor (kit/cursors.py): where the row at the edge stands in the order.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.db.models import CharField, F, Model, OrderBy, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from portico.kit.counts import CappedCounts
from portico.kit.cursors import read_cursor, write_cursor
from portico.kit.narrowing import is_walking, late, states_of
from portico.kit.prepared import Prepared, Slot
from portico.kit.search import is_walked

Row = TypeVar("Row", bound=Model)
DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200
# Of one list; callers of the API name limits of their own, and each is SQL of 35 KiB.
KINDS_OF_PAGES_KEPT = 24


@dataclass(frozen=True)
class SortColumn:
    """One column of an order: `field` is a model field or annotation.

    What is empty always comes last: NULL where it `is_nullable`, an empty text where it
    `may_be_blank`.
    """

    field: str
    is_descending: bool = False
    is_nullable: bool = False
    may_be_blank: bool = False
    is_computed: bool = False

    def reversed(self) -> "SortColumn":
        """The same column the other way round."""
        return replace(self, is_descending=not self.is_descending)

    @property
    def may_be_empty(self) -> bool:
        """Whether rows may have nothing to be compared by."""
        return self.is_nullable or self.may_be_blank

    def is_empty(self, value: Any) -> bool:
        """Whether a value of this column is one of those that come last."""
        return value is None or (self.may_be_blank and value == "")

    @property
    def empties(self) -> Q:
        """The rows that have nothing in this column."""
        return Q(**{self.field: ""}) if self.may_be_blank else Q(**{f"{self.field}__isnull": True})

    @property
    def filled(self) -> Q:
        """The rows that have something in this column."""
        if self.may_be_blank:
            return Q(**{f"{self.field}__gt": ""})
        return Q(**{f"{self.field}__isnull": False})


@dataclass(frozen=True)
class Run:
    """The rows whose first column is `value`: a stretch of the second one, from `start` to `end`.

    `end` is not part of it; None is open.
    """

    value: int
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True)
class Rank:
    """Rows that stand together in an order, whichever indexes lead to them, and theirs within."""

    narrow: Callable[[Any], Any]
    order: "Order"
    stays_last: bool = False


@dataclass(frozen=True)
class Order:
    """A named order: its columns and, as tie-breaker, the id, all in one direction.

    Only the first column may be empty. An order whose first column is computed may say which
    stretches of the second column its values are (`runs`, in their order): rows of a search that
    are met on a walk are then walked stretch by stretch, since no index has the order itself.
    `valued` gives rows a computed first column that they do not have yet. An order of `ranks` is
    one after the other, each in its own. `is_kept` says whether the SQL of its pages may be.
    """

    name: str
    columns: tuple[SortColumn, ...]
    runs: tuple[Run, ...] = ()
    valued: Callable[[Any], Any] | None = None
    ranks: tuple[Rank, ...] = ()
    is_kept: bool = True

    def __post_init__(self) -> None:
        first, *others = self.columns
        if any(column.may_be_empty for column in others):
            raise ValueError(f"{self.name}: only the first column may be empty.")
        if any(column.is_descending != first.is_descending for column in others):
            raise ValueError(f"{self.name}: the columns of an order share its direction.")

    def reversed(self, name: str) -> "Order":
        """The same order the other way round."""
        turned = [
            replace(rank, order=rank.order.reversed(rank.order.name)) for rank in self.ranks[::-1]
        ]
        return replace(
            self,
            name=name,
            columns=tuple(part.reversed() for part in self.columns),
            ranks=tuple(sorted(turned, key=lambda rank: rank.stays_last)),
        )

    @property
    def all_columns(self) -> tuple[SortColumn, ...]:
        """The columns with the tie-breaker that makes the order total."""
        return (*self.columns, SortColumn("pk", self.columns[0].is_descending))

    def edge(self, row: Model, rank: int | None = None) -> list[Any]:
        """Where a row stands in this order; `rank` is the number of its rank, if there are any."""
        if rank is not None:
            return [rank, *self.ranks[rank].order.edge(row)]
        return [getattr(row, column.field) for column in self.all_columns]

    @property
    def fields(self) -> list[str]:
        """The model's fields that the order compares besides the id."""
        own = [column.field for column in self.columns if not column.is_computed]
        return own + [field for rank in self.ranks for field in rank.order.fields]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; the cursors are None at the ends."""

    items: Sequence[Row]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class _Segment:
    """A part of a list in which the first column is `filled`, `empty`, or never empty ("").

    With columns, only the rows beyond the edge row, which `values` are compared with.
    """

    order: Order
    kind: str
    columns: tuple[SortColumn, ...]
    is_backwards: bool
    run: Run | None = None
    # Which of the order's ranks, and the rows that are of it.
    rank: int | None = None
    narrow: Callable[[Any], Any] | None = None

    def first_of(self, queryset: QuerySet[Row], values: Sequence[Any], limit: int) -> QuerySet[Row]:
        """The first rows of this part, in their order.

        Those of several states are the first of the first rows of each: every state has indexes
        of its own.
        """
        valued = self.order.valued
        if self.narrow is not None:
            queryset = self.narrow(queryset)
        if valued is not None:
            queryset = valued(queryset)
        parts = [self._cut_from(state, values)[:limit] for state in states_of(queryset)]
        if len(parts) == 1 and not is_walking(queryset):
            return parts[0]
        return late(parts, valued=valued)[:limit]

    def _cut_from(self, queryset: QuerySet[Row], values: Sequence[Any]) -> QuerySet[Row]:
        first = self.order.columns[0]
        edge = _beyond(self.columns, values, backwards=self.is_backwards)
        if self.run is not None:
            edge &= self._in_run(self.run, first.field)
        if self.kind:
            edge = (first.empties if self.kind == "empty" else first.filled) & edge
        return queryset.filter(edge).order_by(*self._terms())

    def _terms(self) -> list[OrderBy]:
        """The plain ORDER BY: a part holds either values or empties, so neither has to be sorted.

        PostgreSQL takes NULLs for an order of their own, SQLite no blank that an index computed.
        """
        first, *others = self.order.all_columns
        is_blank = self.kind == "empty" and first.may_be_blank
        descends = first.is_descending != self.is_backwards
        terms = (F(part.field) for part in (others if is_blank else (first, *others)))
        return [term.desc() if descends else term.asc() for term in terms]

    def _in_run(self, run: Run, column: str) -> Q:
        """Between its ends; the end that the edge row stands for is no bound of the index.

        SQLite takes one bound only, and with that one would read the run from its end.
        """
        starts, ends = Q(**{f"{column}__gte": run.start}), Q(**{f"{column}__lt": run.end})
        if self.columns and self.is_backwards:
            ends = ~Q(**{f"{column}__gte": run.end})
        elif self.columns:
            starts = ~Q(**{f"{column}__lt": run.start})
        return (starts if run.start is not None else Q()) & (ends if run.end is not None else Q())


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
        self._counts = CappedCounts(lambda up_to: self._up_to(up_to).count())

    def rows(self, segment: _Segment, values: Sequence[Any], limit: int) -> list[Row]:
        """The first rows of a part of the list."""
        edge = {f"edge{place}": value for place, value in enumerate(values)}
        return self._cut(segment, limit).ask(**edge)

    def count(self, up_to: int, *, anew: bool = False) -> int:
        """How many rows there are, up to a limit; see CappedCounts."""
        return self._counts.count(up_to, anew=anew)

    def _counted(self, up_to: int) -> Prepared[Any]:
        return Prepared(
            lambda: self._build_counted().order_by().values_list("pk")[:up_to],
            holds_values=self._holds_values,
        )

    def _prepared(self, segment: _Segment, limit: int) -> Prepared[Row]:
        def build() -> QuerySet[Row]:
            queryset = self.build()
            slots = [
                Slot(f"edge{place}", _field(queryset.model, column))
                for place, column in enumerate(segment.columns)
            ]
            return segment.first_of(queryset, slots, limit)

        return Prepared(build, holds_values=self._holds_values)


def _field(model: type[Model], column: SortColumn) -> Any:
    if column.is_computed:
        return CharField()
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
    if isinstance(queryset, KeptPages) and not order.is_kept:
        queryset = queryset.build()
    bound_to = f"{order.name}\n{context}"
    direction, values = read_cursor(cursor, bound_to) if cursor else ("after", [])
    backwards = direction == "before"
    rows: list[Row] = []
    ranks: list[int | None] = []
    walks = bool(order.runs) and not isinstance(queryset, KeptPages) and is_walked(queryset)
    parts = _ranks if order.ranks else _runs if walks else _segments
    for segment, edge in parts(order, values, backwards=backwards):
        if isinstance(queryset, KeptPages):
            rows += queryset.rows(segment, edge, limit + 1)
        else:
            rows += segment.first_of(queryset, edge, limit + 1 - len(rows))
        ranks += [segment.rank] * (len(rows) - len(ranks))
        if len(rows) > limit:
            break
    has_more = len(rows) > limit
    rows, ranks = rows[:limit], ranks[:limit]
    if backwards:
        rows.reverse()
        ranks.reverse()
    has_next = bool(rows) and (backwards or has_more)
    has_previous = bool(rows) and (has_more if backwards else bool(values))

    def link(direction: str, place: int) -> str:
        edge = order.edge(rows[place], ranks[place])
        return write_cursor(direction, edge, bound_to=bound_to)

    return Page(
        rows,
        link("after", -1) if has_next else None,
        link("before", 0) if has_previous else None,
    )


def _segments(
    order: Order, values: Sequence[Any], *, backwards: bool
) -> Iterator[tuple[_Segment, Sequence[Any]]]:
    """The parts of the list in reading order, from the edge row on, each with the edge's values.

    An order with empties has two parts, the filled and the empty one: "nulls last" in one statement
    is an order that no index has, and would be sorted anew for each page.
    """
    part = functools.partial(_Segment, order, is_backwards=backwards)
    compared = order.all_columns if values else ()
    first = order.columns[0]
    if not first.may_be_empty:
        yield part(kind="", columns=compared), values
    elif values and first.is_empty(values[0]):
        yield part(kind="empty", columns=compared[1:]), values[1:]
        if backwards:
            yield part(kind="filled", columns=()), ()
    else:
        yield part(kind="filled", columns=compared), values
        if not backwards:
            yield part(kind="empty", columns=()), ()


def _runs(
    order: Order, values: Sequence[Any], *, backwards: bool
) -> Iterator[tuple[_Segment, Sequence[Any]]]:
    """The stretches of the list in reading order, from that of the edge row on."""
    within = Order(order.name, order.columns[1:], valued=order.valued)
    for run in reversed(order.runs) if backwards else order.runs:
        segment = functools.partial(_Segment, within, kind="", is_backwards=backwards, run=run)
        if not values or (run.value < values[0] if backwards else run.value > values[0]):
            yield segment(columns=()), ()
        elif run.value == values[0]:
            yield segment(columns=within.all_columns), values[1:]


def _ranks(
    order: Order, values: Sequence[Any], *, backwards: bool
) -> Iterator[tuple[_Segment, Sequence[Any]]]:
    """The parts of each rank in reading order, from that of the edge row on."""
    numbered = list(enumerate(order.ranks))
    start, *edge = values or (None,)
    for number, rank in reversed(numbered) if backwards else numbered:
        if start is None or (number < start if backwards else number > start):
            parts = _segments(rank.order, (), backwards=backwards)
        elif number == start:
            parts = _segments(rank.order, edge, backwards=backwards)
        else:
            continue
        for segment, beyond in parts:
            yield replace(segment, rank=number, narrow=rank.narrow), beyond


def _beyond(columns: Sequence[SortColumn], values: Sequence[Any], *, backwards: bool) -> Q:
    """Rows strictly after (or before) the edge row, by comparing row values.

    Written with AND and OR neither database walks the index to its end: 57 ms against 0.1 ms at
    a million rows, and a long run of equal values is read from its start.
    """
    if not columns:
        return Q()
    is_less = columns[0].is_descending != backwards
    comparison = TupleLessThan if is_less else TupleGreaterThan
    return Q(comparison(Tuple(*(F(column.field) for column in columns)), tuple(values)))
