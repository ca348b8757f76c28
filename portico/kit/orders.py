"""Orders of lists, and the parts in which a page of one is read along indexes."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import CharField, F, Field, Model, OrderBy, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from portico.kit.narrowing import is_walking, late, states_of

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class SortColumn:
    """One column of an order: `field` is a model field or annotation.

    What is empty always comes last: NULL where it `is_nullable`, an empty text where it
    `may_be_blank`. What is computed is of the kind `computed_as`.
    """

    field: str
    is_descending: bool = False
    is_nullable: bool = False
    may_be_blank: bool = False
    is_computed: bool = False
    computed_as: type[Field] = CharField  # type: ignore[type-arg] # Django's own is no generic

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
    `valued` gives rows what the order needs of them beside their fields: a computed first column,
    or a word on which index has it. An order of `ranks` is one after the other, each in its own.
    `parts` leads to the rows in a way of its own, and `narrowed` is the order of a list that is too
    short for it, under another name. The SQL of its pages is kept; with `holds_values` values of
    one asking may stand in it, those of its parts.
    """

    name: str
    columns: tuple[SortColumn, ...]
    runs: tuple[Run, ...] = ()
    valued: Callable[[Any], Any] | None = None
    ranks: tuple[Rank, ...] = ()
    parts: "Callable[..., Iterator[tuple[Segment, Sequence[Any]]]] | None" = None
    narrowed: "Order | None" = None
    holds_values: bool = False

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
            narrowed=self.narrowed and self.narrowed.reversed(f"{name} at once"),
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
class Segment:
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

    def first_of(
        self, queryset: QuerySet[Row], values: Sequence[Any], *, limit: int
    ) -> QuerySet[Row]:
        """The first rows of this part, in their order.

        Those of several states are the first of the first rows of each: every state has indexes
        of its own.
        """
        queryset = self._own(queryset)
        parts = [self._cut_from(state, values)[:limit] for state in states_of(queryset)]
        if len(parts) == 1 and not is_walking(queryset):
            return parts[0]
        return late(parts, valued=self.order.valued)[:limit]

    def all_of(self, queryset: QuerySet[Row]) -> QuerySet[Row]:
        """All rows of this part in their order: sorted, not walked."""
        return self._cut_from(self._own(queryset), ())

    def _own(self, queryset: QuerySet[Row]) -> QuerySet[Row]:
        """Those of the rows that are of this rank or turn, with what the order needs of them."""
        if self.narrow is not None:
            queryset = self.narrow(queryset)
        return queryset if self.order.valued is None else self.order.valued(queryset)

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


def segments(
    order: Order, values: Sequence[Any], *, backwards: bool
) -> Iterator[tuple[Segment, Sequence[Any]]]:
    """The parts of the list in reading order, from the edge row on, each with the edge's values.

    An order with empties has two parts, the filled and the empty one: "nulls last" in one statement
    is an order that no index has, and would be sorted anew for each page.
    """
    part = functools.partial(Segment, order, is_backwards=backwards)
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


def runs_of(
    order: Order, values: Sequence[Any], *, backwards: bool
) -> Iterator[tuple[Segment, Sequence[Any]]]:
    """The stretches of the list in reading order, from that of the edge row on."""
    within = Order(order.name, order.columns[1:], valued=order.valued)
    for run in reversed(order.runs) if backwards else order.runs:
        segment = functools.partial(Segment, within, kind="", is_backwards=backwards, run=run)
        if not values or (run.value < values[0] if backwards else run.value > values[0]):
            yield segment(columns=()), ()
        elif run.value == values[0]:
            yield segment(columns=within.all_columns), values[1:]


def ranks_of(
    order: Order, values: Sequence[Any], *, backwards: bool
) -> Iterator[tuple[Segment, Sequence[Any]]]:
    """The parts of each rank in reading order, from that of the edge row on."""
    numbered = list(enumerate(order.ranks))
    start, *edge = values or (None,)
    for number, rank in reversed(numbered) if backwards else numbered:
        if start is None or (number < start if backwards else number > start):
            parts = segments(rank.order, (), backwards=backwards)
        elif number == start:
            parts = segments(rank.order, edge, backwards=backwards)
        else:
            continue
        for segment, beyond in parts:
            yield replace(segment, rank=number, narrow=rank.narrow), beyond


def in_order(order: Order, queryset: QuerySet[Row]) -> list[QuerySet[Row]]:
    """Querysets that have all of the rows, one after the other in this order.

    For what goes through a list from end to end; a page of one is cut by kit/pagination.
    """
    order = order.narrowed or order
    parts = ranks_of if order.ranks else segments
    return [segment.all_of(queryset) for segment, _edge in parts(order, (), backwards=False)]


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
