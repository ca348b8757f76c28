"""Backups that an earlier Portico made, put back by this one (P22)."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.config.places import ROOT, NewPlace, Place, new_places
from tests.crash.conftest import wait_until
from tests.crash.test_serve import get
from tests.smtp import free_port

ACTS = "SELECT count(*) FROM history_event JOIN operations_operation o ON act_id = o.id"

DIRECT = (
    "SELECT email FROM clients_membership JOIN accounts_user ON accounts_user.id = person_id "
    "WHERE organization_id IS NULL AND is_primary"
)


@pytest.fixture(scope="module")
def new_place(tmp_path_factory: Any, django_db_setup: None) -> Iterator[NewPlace]:
    with new_places(tmp_path_factory.mktemp("places")) as make:
        yield make


@pytest.mark.parametrize("state", ["acts", pytest.param("first", marks=pytest.mark.drill)])
def test_p22_an_older_backup_is_restored_and_brought_up_to_date(
    state: str, new_place: NewPlace, tmp_path: Path
) -> None:
    path = tmp_path / "older.backup"
    older_place(new_place, state).done("backup", path)
    restored = new_place()
    said = restored.done("restore", path)
    assert "Brought up to date: " in said
    assert "clients.0008_covering_flags" in said
    assert restored.damage() == []
    assert exported_people(restored) == [("Gina Guest", "Acme"), ("Lone Left", "")]
    assert restored.rows(ACTS) == [(1,)]
    assert restored.rows(DIRECT) == [("lone@acme.test",)]


@pytest.mark.drill
def test_p22_the_server_answers_on_a_restored_older_backup(
    new_place: NewPlace, tmp_path: Path
) -> None:
    path, port = tmp_path / "older.backup", free_port()
    older_place(new_place, "first").done("backup", path)
    restored = new_place()
    restored.done("restore", path)
    words = ("-m", "portico", "serve", "--port", str(port), "--workers", "1")
    with restored.running(*words) as server:
        wait_until(lambda: get(f"http://127.0.0.1:{port}/readyz")[0] == 200)
        status, content = get(f"http://127.0.0.1:{port}/accounts/login/")
        server.terminate()
        assert server.wait(35) == 0
    assert (status, b"Northstar" in content) == (200, True)


def older_place(new_place: NewPlace, state: str) -> Place:
    """An installation as it was at this state, with a few rows."""
    place = new_place()
    place.folder.mkdir()
    made = subprocess.run(
        [sys.executable, "-m", "tests.config.older", state],
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert made.returncode == 0, made.stderr
    return place


def exported_people(place: Place) -> list[tuple[str, str]]:
    """The names that the program of today finds, each with the organization."""
    path = place.folder.parent / f"{place.folder.name}.csv"
    place.done("export", "people", "--workspace", "northstar", "-o", path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["name"], row["organization"]) for row in csv.DictReader(file)]
