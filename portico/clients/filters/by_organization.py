"""People in the order of their organizations, a few organizations at a time.

No index of people knows the names of their organizations, and to sort by them means to read every
person (1.7 s at a million). So the organizations are walked by name, and the people of some
twenty of them looked up and sorted, until a page is full; who has none comes last.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, UUIDField, Value
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)

from portico.clients.models import Membership, Organization
from portico.kit.narrowing import found_by, is_there
from portico.kit.orders import Order, Segment, SortColumn

FIRST_BATCH = 20
LARGEST_BATCH = 320
_NAME, _ID = "organization_name_key", "organization_key"
_PRIMARY = Membership.objects.filter(is_primary=True)


def _placed(rows: Any) -> Any:
    """The rows with the name and the id of their primary organization."""
    primary = FilteredRelation("memberships", condition=Q(memberships__is_primary=True))
    joined = rows.annotate(primary_membership=primary)
    return joined.annotate(
        **{
            _NAME: F("primary_membership__organization__name_key"),
            _ID: F("primary_membership__organization_id"),
        }
    )


def _unplaced(rows: Any) -> Any:
    """The rows that have none, with nothing in its place."""
    none = {
        _NAME: Value(None, output_field=CharField()),
        _ID: Value(None, output_field=UUIDField()),
    }
    return rows.annotate(**none)


def _without_organization(rows: Any) -> Any:
    return found_by(rows, _PRIMARY.filter(organization__isnull=True), column="person_id")


def _parts(
    order: Order, values: Sequence[Any], *, backwards: bool
) -> Iterator[tuple[Segment, Sequence[Any]]]:
    """The parts of the list in reading order, from the edge row on, each with the edge's values."""
    rest = Order(order.name, order.columns[-1:], valued=_unplaced)
    if values and values[0] is None:
        columns = rest.all_columns
        yield Segment(rest, "", columns, backwards, narrow=_without_organization), values[2:]
        if not backwards:
            return
        values = ()
    compared = order.all_columns if values else ()
    for batch in _batches(values[:2], descends=order.columns[0].is_descending != backwards):
        yield Segment(order, "", compared, backwards, narrow=_of(batch)), values
    if not backwards:
        yield Segment(rest, "", (), backwards, narrow=_without_organization), ()


def _of(batch: Sequence[UUID]) -> Callable[[Any], Any]:
    members = _PRIMARY.filter(organization_id__in=batch).values("person_id")
    return lambda rows: rows.filter(pk__in=members)


def _batches(edge: Sequence[Any], *, descends: bool) -> Iterator[list[UUID]]:
    """The ids of organizations that anybody belongs to by name, from that of the edge on."""
    place = Tuple(F("name_key"), F("pk"))
    from_there = TupleLessThanOrEqual if descends else TupleGreaterThanOrEqual
    beyond = TupleLessThan if descends else TupleGreaterThan
    terms = [F("name_key"), F("pk")]
    peopled = is_there(_PRIMARY.filter(organization_id=OuterRef("pk")))
    left = (
        Organization.objects.archived_or_not()
        .filter(peopled)
        .order_by(*(term.desc() if descends else term.asc() for term in terms))
        .values_list("name_key", "pk")
    )
    found = list((left.filter(from_there(place, tuple(edge))) if edge else left)[:FIRST_BATCH])
    size = FIRST_BATCH
    while found:
        yield [key for _name, key in found]
        if len(found) < size:
            return
        size = min(2 * size, LARGEST_BATCH)
        found = list(left.filter(beyond(place, found[-1]))[:size])


def by_organization(sorted_at_once: Order) -> Order:
    """The order of a whole list; the other one is that of a list which something narrows."""
    placed = (SortColumn(_NAME, is_computed=True), SortColumn(_ID, is_computed=True))
    return Order(
        sorted_at_once.name,
        (*placed, SortColumn("name_key")),
        valued=_placed,
        parts=_parts,
        narrowed=replace(sorted_at_once, name=f"{sorted_at_once.name} at once"),
        is_kept=False,
    )
