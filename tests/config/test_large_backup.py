"""A backup of a large installation that is written to, and how soon it is back (P22)."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from tests.config.digests import digests_of_backup, digests_of_place
from tests.config.drills import write_section
from tests.config.places import NewPlace, Place, new_places
from tests.config.rounds import BUSY, require_rows, seconds_of

PEOPLE = int(os.environ.get("PORTICO_DRILL_PEOPLE", "1000000"))
WRITERS = 8
MOST_SECONDS = 600
# Each person came from somewhere: history is a good part of what an installation holds.
HISTORY = """
    INSERT INTO history_event (id, workspace_id, actor_kind, actor_name, kind, subject_type,
                               subject_id, subject_name, changes, request_id, way, at)
    SELECT id, workspace_id, 'system', 'Import', 'person.created', 'person',
           id, name, '{}', '', 'import', created_at
    FROM accounts_user WHERE kind = 'person'
"""


@pytest.fixture
def new_place(tmp_path: Path, django_db_setup: None) -> Iterator[NewPlace]:
    """What is made here is large: nothing of it is kept."""
    with new_places(tmp_path) as make:
        yield make
    shutil.rmtree(tmp_path)


@pytest.mark.drill
@pytest.mark.django_db
def test_p22_a_large_installation_is_back_within_ten_minutes(
    new_place: NewPlace, tmp_path: Path
) -> None:
    large, empty, path = new_place(), new_place(), tmp_path / "large.backup"
    large.fill(PEOPLE)
    large.change(HISTORY)
    backup_seconds, acknowledged, written = back_up_under_load(large, path)
    check_seconds = seconds_of(empty, "restore", path, "--check")
    restore_seconds = seconds_of(empty, "restore", path)
    write_section(
        f"A large installation, {connection.vendor}",
        {
            "people, each with an event of history": f"{PEOPLE:,}",
            "size of the backup, MiB": round(path.stat().st_size / 1024**2),
            f"backup while {WRITERS} processes write, seconds": round(backup_seconds),
            "organizations written during it, five people each": written,
            "check, seconds": round(check_seconds),
            f"restore, seconds (at most {MOST_SECONDS})": round(restore_seconds),
        },
    )
    require_rows(empty, at_least=acknowledged)
    assert digests_of_place(empty) == digests_of_backup(path)
    assert empty.damage() == large.damage()
    assert restore_seconds <= MOST_SECONDS


def back_up_under_load(place: Place, path: Path) -> tuple[float, int, int]:
    """Seconds of the backup, organizations written before it, and those written during it."""
    with ExitStack() as running:
        words = ("-m", "tests.config.busy")
        writers = [running.enter_context(place.running(*words)) for _ in range(WRITERS)]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"at work\n"
        before = place.rows(BUSY)[0][0]
        seconds = seconds_of(place, "backup", path)
        after = place.rows(BUSY)[0][0]
        assert [writer.poll() for writer in writers] == [None] * WRITERS
    return seconds, before, after - before
