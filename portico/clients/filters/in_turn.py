"""Orders by what records hang on: those of one after those of the next, until a page is full.

No index of records knows the name of an organization, an agent or a role, and to sort by it means
to read every record (1.7 to 8 s at a million). So the few names are walked, and the records of each
looked up; who hangs on none comes last.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, OuterRef, UUIDField, Value
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)

from portico.kit.narrowing import is_there
from portico.kit.orders import Order, Segment, SortColumn

TURN_NAME, TURN_ID = "turn_name", "turn_id"

Rows = Callable[[Any], Any]
"""Makes some rows of others."""


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
    """Whose turn it is from an edge on (a name and an id, or nothing), and who has none."""

    beginning: Callable[..., Iterator[Turn]]
    without: Rows

    def order(self, at_once: Order) -> Order:
        """The order of a long list; `at_once` is that of a short or narrowed one, by one sort."""
        columns = (
            SortColumn(TURN_NAME, is_computed=True),
            SortColumn(TURN_ID, is_computed=True),
            SortColumn("name_key"),
        )
        return Order(
            at_once.name,
            columns,
            parts=self._parts,
            narrowed=replace(at_once, name=f"{at_once.name} at once"),
            is_kept=False,
        )

    def _parts(
        self, order: Order, values: Sequence[Any], *, backwards: bool
    ) -> Iterator[tuple[Segment, Sequence[Any]]]:
        """The parts of the list in reading order, from the edge row on, each with its values."""
        rest = Order(order.name, order.columns[-1:], valued=placed_at(None, None))
        if values and values[0] is None:
            yield Segment(rest, "", rest.all_columns, backwards, narrow=self.without), values[2:]
            if not backwards:
                return
            values = ()
        descends = order.columns[0].is_descending != backwards
        for turn in self.beginning(values[:2], descends=descends):
            columns = order.columns if turn.key is None else order.columns[-1:]
            within = replace(order, columns=columns, valued=turn.placed)
            edge = values if turn.key is None else values[2:] if turn.key in values[:2] else ()
            compared = within.all_columns if edge else ()
            yield Segment(within, "", compared, backwards, narrow=turn.narrow), edge
        if not backwards:
            yield Segment(rest, "", (), backwards, narrow=self.without), ()


def placed_at(name: Any, key: UUID | None, *, field: Any = None) -> Rows:
    """Rows with one name and id for all of them; `field` is of names that are no texts."""
    place = {
        TURN_NAME: Value(name, output_field=field or CharField()),
        TURN_ID: Value(key, output_field=UUIDField()),
    }
    return lambda rows: rows.annotate(**place)


def by_name(records: Any, *, name: str, descends: bool) -> Any:
    """The names and ids of these records, in their order."""
    terms = [F(name), F("pk")]
    ordered = records.order_by(*(term.desc() if descends else term.asc() for term in terms))
    return ordered.values_list(name, "pk")


def from_edge(rows: Any, edge: Sequence[Any], *, name: str, descends: bool) -> Any:
    """Those of these records that stand at the edge or behind it."""
    place = Tuple(F(name), F("pk"))
    from_there = TupleLessThanOrEqual if descends else TupleGreaterThanOrEqual
    return rows.filter(from_there(place, tuple(edge))) if edge else rows


def beyond(rows: Any, edge: Sequence[Any], *, name: str, descends: bool) -> Any:
    """Those of these records that stand behind the edge."""
    behind = TupleLessThan if descends else TupleGreaterThan
    return rows.filter(behind(Tuple(F(name), F("pk")), tuple(edge)))


def hung_on(links: Any, *, column: str) -> Any:
    """That a record is named in this column of these links."""
    return is_there(links.filter(**{column: OuterRef("pk")}))
