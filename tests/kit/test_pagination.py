"""Pages by key: every row once, in order, forwards and backwards, nulls last, ties and all."""

import base64
import datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portico.clients.models import Organization
from portico.clients.querysets import ORGANIZATION_ORDERS
from portico.kit.errors import Refused
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import MAXIMUM_LIMIT, keyset_page
from tests.factories.clients import make_organization

END_DATE = ORGANIZATION_ORDERS["membership_end_date"]
PEOPLE = ORGANIZATION_ORDERS["people_count"]
NAME = ORGANIZATION_ORDERS["name"]
DAYS = st.none() | st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 1, 4))


def turned(order: Order) -> Order:
    return Order(f"-{order.name}", tuple(column.reversed() for column in order.columns))


def insert(*rows: Organization) -> None:
    for row in rows:
        row.derive_keys()
    Organization.objects.bulk_create(rows)


def read_forwards(order: Order, limit: int) -> list[Any]:
    page = keyset_page(Organization.objects.all(), order, limit=limit)
    rows = list(page.items)
    assert page.previous_cursor is None
    while page.next_cursor:
        page = keyset_page(Organization.objects.all(), order, cursor=page.next_cursor, limit=limit)
        rows += page.items
    return rows


def read_backwards(order: Order, limit: int) -> list[Any]:
    page = keyset_page(Organization.objects.all(), order, limit=limit)
    while page.next_cursor:
        page = keyset_page(Organization.objects.all(), order, cursor=page.next_cursor, limit=limit)
    rows = list(page.items)
    while page.previous_cursor:
        page = keyset_page(
            Organization.objects.all(), order, cursor=page.previous_cursor, limit=limit
        )
        rows = [*page.items, *rows]
    return rows


def sorted_by(order: Order) -> list[Any]:
    """Sorted in Python: by the columns and the id, in the order's direction, nulls last."""

    def key(row: Organization) -> tuple[Any, ...]:
        values = [getattr(row, column.field) for column in order.all_columns]
        return tuple(datetime.date.min if value is None else value for value in values)

    rows = sorted(Organization.objects.all(), key=key, reverse=order.columns[0].is_descending)
    return sorted(rows, key=lambda row: getattr(row, order.columns[0].field) is None)


@pytest.mark.parametrize("order", [END_DATE, turned(END_DATE), PEOPLE, turned(PEOPLE), NAME])
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), DAYS, st.integers(0, 2)), max_size=9),
    limit=st.integers(1, 4),
)
def test_pages_hold_every_row_once_in_order(
    scope: Any, order: Order, rows: list[tuple[str, Any, int]], limit: int
) -> None:
    insert(
        *(
            Organization(name=name, membership_end_date=end, people_count=count)
            for name, end, count in rows
        )
    )
    expected = sorted_by(order)
    assert read_forwards(order, limit) == expected
    assert read_backwards(order, limit) == expected


@pytest.fixture
def three(scope: Any) -> list[Organization]:
    return [make_organization(name) for name in ("Acme", "Brio", "Cove")]


def test_a_page_is_one_query(three: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        keyset_page(Organization.objects.all(), NAME, limit=2)


def test_the_empty_part_of_a_nullable_order_is_one_query_more(
    three: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        keyset_page(Organization.objects.all(), END_DATE, limit=2)


def test_an_empty_list_has_no_neighbours(scope: Any) -> None:
    page = keyset_page(Organization.objects.all(), NAME)
    assert (list(page.items), page.next_cursor, page.previous_cursor) == ([], None, None)


def test_the_limit_is_capped_and_never_below_one(three: Any) -> None:
    assert len(keyset_page(Organization.objects.all(), NAME, limit=0).items) == 1
    insert(*(Organization(name=f"Row {number}") for number in range(MAXIMUM_LIMIT)))
    page = keyset_page(Organization.objects.all(), NAME, limit=10_000)
    assert len(page.items) == MAXIMUM_LIMIT


FORGED: tuple[Any, ...] = (
    *([], [1], {}, "x", "\x00", 10**15, -1, None, {"id": "x"}, {"at": "0001-01-01T00:00:00+14:00"}),
    *({"on": "2026-01-01"}, {"at": "2026-01-01"}),
)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("value", FORGED)
@pytest.mark.parametrize("order", [NAME, PEOPLE, END_DATE])
def test_a_cursor_with_values_of_somebody_elses_writing_is_refused(
    three: Any, order: Order, value: Any, place: int
) -> None:
    cursor = keyset_page(Organization.objects.all(), order, limit=1).next_cursor or ""
    direction, signature, values = orjson.loads(base64.urlsafe_b64decode(cursor + "==="))
    if values[place] == value:
        pytest.skip("That is what stands there.")
    values[place] = value
    forged = base64.urlsafe_b64encode(orjson.dumps([direction, signature, values])).decode()
    with pytest.raises(Refused) as refused:
        keyset_page(Organization.objects.all(), order, cursor=forged.rstrip("="))
    assert refused.value.code == "invalid_cursor"


@pytest.mark.parametrize("cursor", ["x", "!!!", "bm9wZQ", "W10", "WzEsMiwzXQ", "e30"])
def test_a_cursor_that_is_none_is_refused(three: Any, cursor: str) -> None:
    with pytest.raises(Refused) as refused:
        keyset_page(Organization.objects.all(), NAME, cursor=cursor)
    assert refused.value.code == "invalid_cursor"


@pytest.mark.parametrize(
    ("order", "context"), [(NAME, "q=other"), (turned(NAME), "q=a"), (END_DATE, "q=a")]
)
def test_a_cursor_of_another_list_is_refused(three: Any, order: Order, context: str) -> None:
    page = keyset_page(Organization.objects.all(), NAME, limit=1, context="q=a")
    with pytest.raises(Refused) as refused:
        keyset_page(Organization.objects.all(), order, cursor=page.next_cursor, context=context)
    assert refused.value.code == "invalid_cursor"


def test_rows_inserted_meanwhile_neither_repeat_nor_hide_others(three: Any) -> None:
    first = keyset_page(Organization.objects.all(), NAME, limit=2)
    make_organization("Aaron")
    second = keyset_page(Organization.objects.all(), NAME, cursor=first.next_cursor, limit=2)
    assert [row.name for row in (*first.items, *second.items)] == ["Acme", "Brio", "Cove"]


@pytest.mark.parametrize(
    "columns",
    [
        (SortColumn("name_key"), SortColumn("membership_end_date", is_nullable=True)),
        (SortColumn("people_count"), SortColumn("name_key", is_descending=True)),
    ],
)
def test_an_order_that_no_index_can_walk_is_refused(columns: tuple[SortColumn, ...]) -> None:
    with pytest.raises(ValueError, match="broken"):
        Order("broken", columns)
