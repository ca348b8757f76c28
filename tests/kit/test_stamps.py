"""The two stamps that a read may write: one statement, at most every five minutes."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.accounts.models import Session
from portico.workspaces.models import ApiKey
from tests.factories.keys import api_client

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
ME = "/api/v1/me"


def writes(queries: CaptureQueriesContext) -> list[str]:
    """The statements that changed something."""
    reading = ("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA")
    return [each["sql"] for each in queries if not each["sql"].startswith(reading)]


def at(minutes: int) -> Any:
    return time_machine.travel(NOON + datetime.timedelta(minutes=minutes), tick=False)


def test_a_key_is_stamped_at_most_every_five_minutes_by_one_statement(owner: Any) -> None:
    api = api_client(owner)
    counts = []
    for minute in (0, 1, 4, 5, 6, 30):
        with at(minute), CaptureQueriesContext(connection) as queries:
            assert api.get(ME).status_code == 200
        counts.append(len(writes(queries)))
    assert counts == [1, 0, 0, 1, 0, 1]
    assert ApiKey.objects.get().last_used_at == NOON + datetime.timedelta(minutes=30)


def test_a_session_is_stamped_at_most_every_five_minutes(owner_browser: Client) -> None:
    began = timezone.now()
    seen = []
    for minutes in (1, 6, 7):
        with time_machine.travel(began + datetime.timedelta(minutes=minutes), tick=False):
            assert owner_browser.get("/help/").status_code == 200
        seen.append(Session.objects.get(user__isnull=False).last_seen_at)
    sixth = began + datetime.timedelta(minutes=6)
    assert seen[0] <= timezone.now() < seen[1]
    assert seen[1:] == [sixth, sixth]


def test_a_stamp_is_skipped_while_somebody_writes(
    owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader never waits for a writer: the next request stamps."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL skips the locked row in the statement itself")
    from django.db import OperationalError
    from django.db.models import QuerySet

    def locked(*_: Any, **__: Any) -> int:
        raise OperationalError("database is locked")

    api = api_client(owner)
    monkeypatch.setattr(QuerySet, "update", locked)
    assert api.get(ME).status_code == 200
    assert ApiKey.objects.get().last_used_at is None
