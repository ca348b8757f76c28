"""/healthz and /readyz: on any host, without a workspace, without a word too much."""

from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from portico.config import heartbeat, views


@pytest.fixture
def worker(settings: Any, tmp_path: Any) -> None:
    """A worker that lives."""
    settings.PORTICO_DATA_DIR = tmp_path
    heartbeat.beat()


@pytest.mark.parametrize("host", ("testserver", "zenith.test", "nobody.example", "10.0.0.7:8000"))
@pytest.mark.parametrize("path", ("/healthz", "/readyz"))
def test_health_answers_on_any_host(
    client: Client, other_workspace: Any, worker: None, host: str, path: str
) -> None:
    answer = client.get(path, headers={"host": host})
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer["Cache-Control"] == "no-store"


def test_health_answers_before_there_is_a_workspace(client: Client, db: None, worker: None) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "worker": "ok", "disk": "ok"},
    }


def test_it_is_not_ready_without_a_worker(
    client: Client, db: None, settings: Any, tmp_path: Any
) -> None:
    settings.PORTICO_DATA_DIR = tmp_path
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["worker"]) == (503, "failed")
    assert client.get("/healthz").status_code == 200


def test_it_is_not_ready_without_a_database(
    client: Client, db: None, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Any:
        raise DatabaseError("could not connect to server at 10.0.0.7, password=secret")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", gone)
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "failed")
    assert answer.json()["checks"]["database"] == "failed"
    assert b"secret" not in answer.content
    assert client.get("/healthz").status_code == 200


def test_it_is_not_ready_on_a_full_disk(
    client: Client, db: None, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LEAST_FREE_BYTES", 2**80)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["disk"]) == (503, "failed")


def test_health_asks_no_session_and_no_table(
    client: Client, db: None, worker: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        client.get("/healthz")
