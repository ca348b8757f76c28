"""Orders by what records hang on: those of one after those of the next, until a page is full.

No index of records knows the name of an organization, an agent or a role, and to sort by it means
to read every record (1.7 to 8 s at a million). So the few names are walked, and the records of each
looked up; who hangs on none comes last. The SQL of a turn is kept: what narrows rows here is equal
to what narrows them alike.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, OuterRef, Subquery, UUIDField, Value
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)
from django.db.models.lookups import IsNull

from portico.kit.narrowing import linked, walking
from portico.kit.orders import Order, Segment, SortColumn
from portico.kit.prepared import Prepared, Slot
from portico.kit.search import FEW

TURN_NAME, TURN_ID = "turn_name", "turn_id"

Rows = Callable[[Any], Any]
"""Makes some rows of others; one that does the same is equal, so that its SQL is kept."""


@dataclass(frozen=True)
class Turn:
    """The rows that come next, and the same rows with the name and the id that they come by.

    `key` is that id (or a value that says as much) where it is the same for all of them: they go by
    their own names then.
    """

    narrow: Rows
    placed: Rows
    key: Any = None


@dataclass(frozen=True)
class Turns:
    """Whose turn it is from an edge on (a name and an id, or nothing), and who has none.

    Names are of the kind `named_as`.
    """

    beginning: Callable[..., Iterator[Turn]]
    without: Callable[[], Rows]
    named_as: Any = CharField

    def order(self, at_once: Order) -> Order:
        """The order of a long list; `at_once` is that of a short or narrowed one, by one sort."""
        columns = (
            SortColumn(TURN_NAME, is_computed=True, computed_as=self.named_as),
            SortColumn(TURN_ID, is_computed=True, computed_as=UUIDField),
            SortColumn("name_key"),
        )
        return Order(
            at_once.name,
            columns,
            parts=self._parts,
            narrowed=replace(at_once, name=f"{at_once.name} at once"),
            holds_values=True,
        )

    def _parts(
        self, order: Order, values: Sequence[Any], *, backwards: bool
    ) -> Iterator[tuple[Segment, Sequence[Any]]]:
        """The parts of the list in reading order, from the edge row on, each with its values."""
        place = Placed(None, None)
        rest = Order(order.name, order.columns[-1:], valued=place, holds_values=True)
        if values and values[0] is None:
            yield Segment(rest, "", rest.all_columns, backwards, narrow=self.without()), values[2:]
            if not backwards:
                return
            values = ()
        descends = order.columns[0].is_descending != backwards
        for turn in self.beginning(values[:2], descends=descends):
            columns = order.columns if turn.key is None else order.columns[-1:]
            within = replace(order, columns=columns, valued=turn.placed, parts=None, narrowed=None)
            edge = values if turn.key is None else values[2:] if turn.key in values[:2] else ()
            compared = within.all_columns if edge else ()
            yield Segment(within, "", compared, backwards, narrow=turn.narrow), edge
        if not backwards:
            yield Segment(rest, "", (), backwards, narrow=self.without()), ()


@dataclass(frozen=True)
class Placed:
    """Gives rows one name and id for all of them."""

    name: Any
    key: UUID | None
    named_as: Any = CharField

    def __call__(self, rows: Any) -> Any:
        """The same rows with both."""
        place = {
            TURN_NAME: Value(self.name, output_field=self.named_as()),
            TURN_ID: Value(self.key, output_field=UUIDField()),
        }
        return rows.annotate(**place)


@dataclass(frozen=True)
class Among:
    """The rows of these ids."""

    keys: tuple[UUID, ...]

    def __call__(self, rows: Any) -> Any:
        """Those of the rows."""
        return rows.filter(pk__in=self.keys)


@dataclass(frozen=True)
class Hanging:
    """The rows that the links of one owner name: few are looked up, many are met on a walk."""

    links: Callable[[Any], Any]
    owner: Any
    column: str
    are_many: bool

    def __call__(self, rows: Any) -> Any:
        """Those of the rows."""
        rows = walking(rows) if self.are_many else rows
        return rows.filter(linked(rows, self.links(self.owner), column=self.column))


def hanging_on(
    owner: Any, links: Callable[[Any], Any], *, column: str, owned_as: Any = UUIDField
) -> Hanging:
    """What hangs on an owner, by the links that `links` makes of it; `column` names the rows.

    One query counts the links, no further than it matters.
    """
    return Hanging(links, owner, column, are_many(owner, links, owned_as=owned_as))


def are_many(owner: Any, links: Callable[[Any], Any], *, owned_as: Any = UUIDField) -> bool:
    """Whether an owner has more links than are looked up."""
    return _counted(links, owned_as, up_to=FEW + 1).count(owner=owner) > FEW


@functools.lru_cache(maxsize=64)
def _counted(links: Callable[[Any], Any], owned_as: Any, *, up_to: int) -> Prepared[Any]:
    def build() -> Any:
        return links(Slot("owner", owned_as())).order_by().values("pk")[:up_to]

    return Prepared(build, holds_values=True)


def names_of(
    records: Callable[[], Any],
    name: str,
    *,
    edge: Sequence[Any] = (),
    descends: bool,
    is_behind: bool = False,
    limit: int | None = None,
) -> list[tuple[str, UUID]]:
    """The names and ids of the records that `records` makes, in their order.

    With an edge those from there on, or only those that stand behind it.
    """
    start = ("behind" if is_behind else "at") if edge else ""
    values = dict(zip(("name", "key"), edge, strict=True)) if edge else {}
    return _named(records, name, start=start, descends=descends, limit=limit).ask(**values)


@functools.cache
def _named(
    records: Callable[[], Any], name: str, *, start: str, descends: bool, limit: int | None
) -> Prepared[Any]:
    def build() -> Any:
        place, rows = Tuple(F(name), F("pk")), records()
        if start:
            comparison = _COMPARISONS[start, descends]
            rows = rows.filter(comparison(place, (Slot("name", CharField()), Slot("key"))))
        terms = [F(name), F("pk")]
        ordered = rows.order_by(*(term.desc() if descends else term.asc() for term in terms))
        return ordered.values_list(name, "pk")[:limit]

    return Prepared(build)


_COMPARISONS = {
    ("at", False): TupleGreaterThanOrEqual,
    ("at", True): TupleLessThanOrEqual,
    ("behind", False): TupleGreaterThan,
    ("behind", True): TupleLessThan,
}


def hung_on(links: Any, *, column: str) -> Any:
    """That a record is named in this column of these links.

    Asked as the first of a range, though of one name: for equal ones PostgreSQL takes many links
    for granted and reads the table until it meets one, to the end where there is none (8 ms for two
    agents without any among 80,000 links). A range in its order it reads along the index.
    """
    own = {f"{column}__gte": OuterRef("pk"), f"{column}__lte": OuterRef("pk")}
    first = links.filter(**own).order_by(column).values(column)[:1]
    return IsNull(Subquery(first), False)
