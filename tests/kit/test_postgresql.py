"""Whether a connection to PostgreSQL still stands, found out without asking the server."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no connection to lose"
)


@pytest.fixture
def other(db: None) -> Iterator[Any]:
    """A connection of its own, open."""
    second = connection.copy()
    second.connect()
    yield second
    second.close()


def test_a_resting_connection_is_usable_and_not_asked(
    other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other.connection, "cursor", None)
    assert other.is_usable()


def test_one_that_the_server_ended_is_replaced_by_the_next_request(other: Any) -> None:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    assert not other.is_usable()
    other.health_check_enabled, other.health_check_done = True, False
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != process


def test_one_that_was_closed_here_is_not_usable(other: Any) -> None:
    other.connection.close()
    assert not other.is_usable()
