"""What PostgreSQL takes back because two transactions wait for each other is done once more."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event as Signal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from portico.clients.models import Organization, Tag
from portico.history.models import Event
from portico.kit.repeating import answered, note_taken_back
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.factories.clients import make_organization
from tests.factories.keys import api_client
from tests.factories.workspaces import make_workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite: one write at a time"),
]


@pytest.fixture
def owner() -> Iterator[Agent]:
    workspace = make_workspace()
    with open_scope(scope_of(workspace)):
        yield Agent.objects.get()


@contextmanager
def taken_back(times: int, *, beginning: str) -> Iterator[list[str]]:
    """The next statements that begin so end as PostgreSQL ends a deadlock."""
    met: list[str] = []

    def meet(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        if sql.startswith(beginning) and len(met) < times:
            met.append(sql)
            raise OperationalError("deadlock detected") from psycopg.errors.DeadlockDetected()
        return execute(sql, *given)

    with connection.execute_wrapper(meet):
        yield met


ADDING = 'INSERT INTO "clients_tag"'


def posted(api: Client, **headers: str) -> Any:
    sent = {"name": "VIP"}
    return api.post("/api/v1/tags", sent, content_type="application/json", headers=headers)


def form_of(browser: Client) -> dict[str, str]:
    page = browser.get("/settings/tags/new/").content.decode()
    token = page.split('name="form_token" value="')[1].split('"')[0]
    return {"name": "VIP", "colour": "blue", "form_token": token}


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}], ids=["plain", "with a key"])
def test_a_program_does_not_notice(owner: Agent, headers: dict[str, str]) -> None:
    api = api_client(owner)
    with taken_back(1, beginning=ADDING) as met:
        answer = posted(api, **headers)
    assert (answer.status_code, len(met)) == (201, 1)
    assert Event.objects.filter(kind="tag.created").count() == Tag.objects.count() == 1
    if headers:
        again = posted(api, **headers)
        assert (again["Idempotency-Replayed"], again.json()) == ("true", answer.json())


def test_a_form_does_not_notice(owner: Agent) -> None:
    browser = sign_in(owner)
    sent = form_of(browser)
    with taken_back(1, beginning=ADDING):
        answer = browser.post("/settings/tags/new/", sent)
    assert (answer.status_code, Tag.objects.count()) == (302, 1)
    assert Event.objects.filter(kind="tag.created").count() == 1


def test_twice_in_a_row_is_told_and_nothing_is_left(owner: Agent) -> None:
    browser = sign_in(owner)
    sent = form_of(browser)
    with taken_back(2, beginning=ADDING):
        page = browser.post("/settings/tags/new/", sent)
    assert (page.status_code, page["Retry-After"]) == (503, "1")
    assert "Nothing was changed; send it again." in page.content.decode()
    api, key = api_client(owner), {"Idempotency-Key": "two"}
    with taken_back(2, beginning=ADDING):
        answer = posted(api, **key)
    assert (answer.status_code, answer.json()["code"]) == (503, "try_again")
    assert not Tag.objects.exists()
    assert posted(api, **key).status_code == 201


def test_what_can_be_read_once_only_is_not_done_again(owner: Agent) -> None:
    browser = sign_in(owner)
    file = SimpleUploadedFile("o.csv", b"Name\nAcme\n")
    with taken_back(1, beginning='INSERT INTO "operations_operation"'):
        page = browser.post("/imports/new/", {"kind": "organizations", "file": file})
    assert page.status_code == 503


def test_what_was_committed_before_is_not_done_again(owner: Agent) -> None:
    request = RequestFactory().post("/", {})
    assert request.POST == {}
    tries = []

    def answer() -> Any:
        tries.append(1)
        with transaction.atomic():
            Organization.objects.count()
        note_taken_back(request)
        return HttpResponse()

    assert (answered(request, answer).status_code, len(tries)) == (200, 1)


def test_two_that_really_wait_for_each_other_are_both_done(owner: Agent) -> None:
    scope = scope_of(owner.workspace)
    first, second = sorted(make_organization(name).pk for name in ("Acme", "Birch"))
    with ThreadPoolExecutor(1) as pool:
        begun = Signal()
        other = pool.submit(lock_the_other_way, scope, first, second, begun=begun)
        assert begun.wait(30)
        answer = api_client(owner).post(
            "/api/v1/organizations/tag",
            {"ids": [str(first), str(second)], "add": ["VIP"]},
            content_type="application/json",
        )
        other.result(30)
    assert (answer.status_code, answer.json()["done"]) == (200, 2)
    assert Event.objects.filter(kind="organization.updated").count() == 2
    assert Tag.objects.count() == 1


def lock_the_other_way(scope: Any, first: UUID, second: UUID, *, begun: Signal) -> None:
    """The second one, and once somebody waits for it, the first one."""
    try:
        with open_scope(scope), transaction.atomic():
            Organization.objects.select_for_update().get(pk=second)
            begun.set()
            while not someone_waits():
                time.sleep(0.02)
            Organization.objects.select_for_update().get(pk=first)
    finally:
        connection.close()


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])
