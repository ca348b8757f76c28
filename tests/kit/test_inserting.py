"""Many new rows are written as they are, whether their values differ or are all the same."""

import datetime
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portico.clients.models import Organization
from portico.kit.inserting import insert_rows
from portico.kit.tenancy.models import ForeignWorkspace
from portico.workspaces.models import Workspace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
COLUMNS = ("name", "property_values", "membership_end_date", "is_active", "website", "created_at")


def made(**fields: Any) -> Organization:
    row = Organization(**{"website": "https://same.test", **fields})
    row.derive_keys()
    return row


def told(rows: list[Organization]) -> list[tuple[Any, ...]]:
    keys = [row.pk for row in rows]
    return list(Organization.objects.filter(pk__in=keys).order_by("name").values_list(*COLUMNS))


def test_rows_that_differ_in_every_way_are_stored_as_they_are() -> None:
    rows = [
        made(name="It's 0%s", property_values={"size": ["0"]}, is_active=False),
        made(name='"1", {x}\\', property_values={}, membership_end_date=datetime.date(2030, 1, 2)),
        made(name="NULL", property_values={"size": None}, website=""),
    ]
    rows.sort(key=lambda row: row.name)
    with CaptureQueriesContext(connection) as captured:
        insert_rows(rows)
    assert len(captured) == 1
    assert told(rows) == [tuple(getattr(row, name) for name in COLUMNS) for row in rows]
    assert len({row.created_at for row in rows}) == 1
    assert not any(row._state.adding for row in rows)


@pytest.mark.parametrize(
    "names", [["a", "b, {c}", "NULL", "ü\n"], ['a","b', "c"], ["a\\", "b"], ['"', ""]]
)
def test_texts_stay_what_they_are_whatever_signs_are_in_them(names: list[str]) -> None:
    rows = [made(name=name) for name in names]
    insert_rows(rows)
    assert [row[0] for row in told(rows)] == sorted(names)


@pytest.mark.parametrize("count", [1, 2])
def test_values_that_all_rows_share_are_stored_in_each(count: int) -> None:
    end = datetime.date(2030, 1, 1)
    rows = [made(name="Same", membership_end_date=end) for _ in range(count)]
    insert_rows(rows)
    expected: tuple[Any, ...] = ("Same", {}, end, True, "https://same.test")
    assert [row[:5] for row in told(rows)] == [expected] * count


def test_values_that_only_look_alike_stay_apart() -> None:
    rows = [
        made(name=f"{number}", property_values=value) for number, value in enumerate(LOOK_ALIKE)
    ]
    insert_rows(rows)
    assert [repr(row[1]) for row in told(rows)] == [repr(value) for value in LOOK_ALIKE]


LOOK_ALIKE: list[Any] = [{"a": 1}, {"a": True}, {"a": 0}, {"a": False}, {}]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite keeps texts of any length")
def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    rows = [made(name="x" * 201), made(name="y")]
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(rows)


def test_a_row_of_another_workspace_is_refused(other_workspace: Workspace) -> None:
    rows = [made(name="Ours"), made(name="Theirs", workspace_id=other_workspace.pk)]
    with pytest.raises(ForeignWorkspace):
        insert_rows(rows)
    assert not Organization.objects.exists()


def test_nothing_to_insert_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        insert_rows([])
    assert len(captured) == 0
