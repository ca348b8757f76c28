"""Lists that are narrowed: the few are looked up and sorted, the many are met on a walk.

Neither database knows how many rows a filter leaves. Looking up a hundred thousand to show the
first fifty is as slow as walking a million to meet three. So whoever cuts a page counts first, no
further than it shows, and says which of the two it is (measured at a million rows: 4,300 ms
against 1 ms for a date before which nobody was active).

A walk reads the index of its order and nothing else until a page is full (`late`): one hit in a
hundred is 2 ms so, 24 ms with the rows (SQLite; PostgreSQL 5 and 45).
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull

from portico.kit.search import FEW

Rows = TypeVar("Rows", bound=QuerySet[Any])


def walking(rows: Rows) -> Rows:
    """The same rows, of which many are left: `linked` then asks row by row."""
    rows = rows.all()
    rows.query.walks_links = True  # type: ignore[attr-defined] # clones keep it
    return rows


def is_walking(rows: QuerySet[Any]) -> bool:
    """Whether these rows are met on a walk."""
    return getattr(rows.query, "walks_links", False)


def in_states(rows: Rows, *states: Q) -> Rows:
    """The same rows, each of which is in one of these states: pages are put together of theirs.

    So a list of all needs no index beside those of the states.
    """
    rows = rows.all()
    rows.query.states = states  # type: ignore[attr-defined] # clones keep it
    return rows


def states_of(rows: Rows) -> list[Rows]:
    """The rows of each state; the rows themselves where nobody told them apart."""
    states = getattr(rows.query, "states", ())
    return [rows.filter(state) for state in states] or [rows]


def late(parts: Sequence[Rows], *, valued: Callable[[Any], Any] | None = None) -> Rows:
    """The ordered and limited rows of walks, found by their ids before anything else is read.

    `valued` gives rows what the order compares, where it is computed.
    """
    first, *others = (part.values("pk") for part in parts)
    records: Any = parts[0].model._default_manager
    if others:
        # SQLite takes an order or a limit only one level below what it puts together.
        found_in = [records.filter(pk__in=part).values("pk") for part in (first, *others)]
        ids: Any = found_in[0].union(*found_in[1:], all=True)
    else:
        ids = first
    found = records.filter(pk__in=ids)
    found = valued(found) if valued is not None else found
    query = parts[0].query
    found.query.order_by = query.order_by
    found.query.deferred_loading = query.deferred_loading
    found.query.select_related = query.select_related
    found._prefetch_related_lookups = parts[0]._prefetch_related_lookups  # type: ignore[attr-defined]
    return found  # type: ignore[no-any-return]


def looked_up(rows: Rows) -> Rows:
    """The same rows, of which few are left: found by what narrows them, and sorted then.

    The limit keeps either database from walking the list in its order instead.
    """
    found: Any = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk")[:FEW])
    return found  # type: ignore[no-any-return]


def linked(rows: QuerySet[Any], links: QuerySet[Any], *, column: str) -> Q:
    """That a row is named in this column of these links.

    Where few rows are expected the links lead to them; on a walk each row asks for its own.
    """
    if is_walking(rows):
        return Q(is_there(links.filter(**{column: OuterRef("pk")})))
    return Q(pk__in=links.values(column))


def unlinked(rows: QuerySet[Any], links: QuerySet[Any], *, column: str) -> Q:
    """That a row is named in none of these links: it asks for its own, whoever is left."""
    own = links.filter(**{column: OuterRef("pk")})
    return ~Q(is_there(own)) if is_walking(rows) else ~Q(Exists(own))


def led(rows: QuerySet[Any], links: QuerySet[Any], *, column: str) -> QuerySet[Any]:
    """The ids in this column of these links that are ids of such rows, link after link.

    Counted with a limit they stop there, whichever way a planner would rather go: both read
    everything first (243 and 267 ms for a manager of 160,000 people, 1,000 of which count).
    """
    return links.filter(is_there(rows.filter(pk=OuterRef(column)))).order_by().values(column)


def count_up_to(limit: int, parts: list[QuerySet[Any]]) -> int:
    """How many rows the parts have together, no further than the limit."""
    count = 0
    for part in parts:
        if count < limit:
            count += part[: limit - count].count()
    return count


def first_of(limit: int, parts: list[QuerySet[Any]]) -> list[Any]:
    """The ids that the parts have together, no more than the limit."""
    found: list[Any] = []
    for part in parts:
        if len(found) < limit:
            found += [key for row in part[: limit - len(found)] for key in row.values()]
    return found


def is_there(links: QuerySet[Any]) -> IsNull:
    """That one is found, asked row by row.

    PostgreSQL turns EXISTS into a join, and would read all links before the first row; a value it
    has to look for each time.
    """
    return IsNull(Subquery(links.order_by().annotate(one=Value(1)).values("one")[:1]), False)
