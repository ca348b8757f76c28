"""`portico backup` and `portico restore` (P22)."""

import fcntl
import json
import os
import resource
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection

from portico.config.backups.archive import ArchiveWriter
from portico.config.backups.manifest import MANIFEST, read_manifest
from portico.config.backups.restoring import check_backup
from portico.kit.errors import Refused
from tests.config.drills import write_section
from tests.config.places import NewPlace, Place, new_places
from tests.config.rounds import refused_damages, run_rounds
from tests.smtp import free_port

PLACES = 20
COUNTED = (
    "SELECT (SELECT count(*) FROM clients_organization), (SELECT count(*) FROM accounts_user),"
    " (SELECT count(*) FROM history_event)"
)
ROUNDS = int(os.environ.get("PORTICO_DRILL_ROUNDS", "20"))


@pytest.fixture(scope="module")
def new_place(tmp_path_factory: Any, django_db_setup: None) -> Iterator[NewPlace]:
    with new_places(tmp_path_factory.mktemp("places")) as make:
        yield make


@pytest.fixture(scope="module")
def place(new_place: NewPlace) -> Place:
    """An installation with example data and a file of an operation."""
    made = new_place()
    made.done("demo", "--size", "200")
    kept = made.folder / "files" / "operations" / "kept.csv"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"name\r\nAcme\r\n" * 1000)
    return made


@pytest.fixture(scope="module")
def backup(place: Place, tmp_path_factory: Any) -> Path:
    """A backup of it."""
    path: Path = tmp_path_factory.mktemp("backups") / "whole.backup"
    place.done("backup", path)
    return path


@pytest.fixture
def copy(backup: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copy(backup, tmp_path / "copy.backup"))


def test_a_backup_restores_every_row_file_and_the_key(
    place: Place, backup: Path, new_place: NewPlace
) -> None:
    assert "The backup is whole" in place.done("restore", backup, "--check")
    restored = new_place()
    said = restored.done("restore", backup)
    assert "portico serve" in said
    assert restored.rows(COUNTED) == place.rows(COUNTED)
    for name in ("secret_key", "files/operations/kept.csv"):
        assert (restored.folder / name).read_bytes() == (place.folder / name).read_bytes()
    assert restored.damage() == []
    assert sorted(path.name for path in restored.folder.iterdir() if path.is_file()) == (
        ["portico.sqlite3", "secret_key"] if connection.vendor == "sqlite" else ["secret_key"]
    )


def test_what_leads_to_values_is_restored_once_and_kept_from_then_on(
    new_place: NewPlace, tmp_path: Path
) -> None:
    values = "SELECT record_id, key, form, number FROM clients_propertyvalue ORDER BY 1, 2, 3"
    place, restored = new_place(), new_place()
    place.done("demo", "--size", "200")
    place.change("""UPDATE clients_organization SET property_values = '{"seats": "417"}'""")
    assert len(place.rows(values)) == len(place.rows("SELECT 1 FROM clients_organization")) > 0
    place.done("backup", tmp_path / "values.backup")
    restored.done("restore", tmp_path / "values.backup")
    assert restored.rows(values) == place.rows(values)
    restored.change("""UPDATE clients_organization SET property_values = '{"seats": "418"}'""")
    assert {form for _id, _key, form, _number in restored.rows(values)} == {"418"}
    assert "ok      property values" in restored.portico("doctor").stdout


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's file has its statistics")
def test_a_restored_database_has_its_statistics(backup: Path, new_place: NewPlace) -> None:
    restored = new_place()
    restored.done("restore", backup)
    known = "SELECT reltuples::int FROM pg_class WHERE relname = 'clients_organization'"
    assert restored.rows(known) == restored.rows("SELECT count(*) FROM clients_organization")


def test_only_its_owner_can_read_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_the_doctor_says_how_old_the_last_backup_is(
    place: Place, backup: Path, new_place: NewPlace
) -> None:
    assert f"the last backup is 0 hours old: {backup}" in place.portico("doctor").stdout


def test_a_single_changed_byte_is_refused_wherever_it_is(backup: Path, copy: Path) -> None:
    content = backup.read_bytes()
    for number in range(PLACES):
        damaged = bytearray(content)
        damaged[len(content) * number // PLACES + number] ^= 0x10
        copy.write_bytes(damaged)
        with pytest.raises(Refused) as refused:
            check_backup(copy)
        assert refused.value.code == "damaged_backup"


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.99999])
def test_a_backup_that_was_cut_off_is_refused(backup: Path, copy: Path, part: float) -> None:
    content = backup.read_bytes()
    copy.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(Refused) as refused:
        check_backup(copy)
    assert refused.value.detail == "This is not a backup of Portico, or its end is missing."


def test_the_command_refuses_a_damaged_backup_in_one_sentence(
    backup: Path, copy: Path, new_place: NewPlace
) -> None:
    damaged = bytearray(backup.read_bytes())
    damaged[1000] ^= 1
    copy.write_bytes(damaged)
    empty = new_place()
    for words in (("restore", copy, "--check"), ("restore", copy)):
        assert empty.refused(*words) == (
            "portico: The backup is damaged: its content is not what was saved.\n"
        )
    assert not empty.is_whole()


def test_something_else_is_refused(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    shutil.make_archive(str(path.with_suffix("")), "zip", place.folder / "files")
    assert "not a backup of Portico" in place.refused("restore", path, "--check")
    assert "can't be read" in place.refused("restore", tmp_path / "missing", "--check")


def test_a_backup_of_a_newer_portico_is_refused(backup: Path, copy: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("portico.__version__", "0.0.9")
    with pytest.raises(Refused) as refused:
        check_backup(backup)
    assert refused.value.code == "newer_backup"


def test_a_backup_with_an_unknown_migration_is_refused(backup: Path, monkeypatch: Any) -> None:
    from django.db.migrations.loader import MigrationLoader

    class OlderLoader(MigrationLoader):
        def load_disk(self) -> None:
            super().load_disk()
            del self.disk_migrations["clients", "0003_records"]

        def build_graph(self) -> None:
            self.load_disk()

    monkeypatch.setattr("portico.config.backups.manifest.MigrationLoader", OlderLoader)
    with pytest.raises(Refused) as refused:
        check_backup(backup)
    assert refused.value.code == "newer_backup"


def test_a_backup_with_an_app_of_a_newer_portico_is_refused(backup: Path) -> None:
    with ZipFile(backup) as zipped:
        manifest = json.loads(zipped.read(MANIFEST))
    manifest["migrations"].append("jobs.0001_initial")
    with pytest.raises(Refused) as refused:
        read_manifest(json.dumps(manifest).encode())
    assert refused.value.code == "newer_backup"
    assert refused.value.detail == (
        f"It was made by a newer Portico ({manifest['version']}: jobs.0001_initial)."
        " Restore it with that one."
    )


def test_a_newer_manifest_of_another_shape_is_not_called_damaged() -> None:
    with pytest.raises(Refused) as refused:
        read_manifest(b'{"format": 2, "version": "7.1", "parts": []}')
    assert refused.value.detail == (
        "It was made by a newer Portico (7.1). Restore it with that one."
    )


@pytest.mark.once
def test_a_backup_of_another_kind_of_database_is_refused(
    backup: Path, new_place: NewPlace, tmp_path: Path
) -> None:
    path = tmp_path / "other.backup"
    with ZipFile(backup) as zipped:
        manifest = read_manifest(zipped.read(MANIFEST))
    with path.open("w+b") as file:
        writer = ArchiveWriter(file)
        writer.add("tables/clients_organization.copy", [b""])
        writer.add("secret_key", [b"key"])
        changes = {"engine": "postgresql", "members": writer.members}
        writer.finish(manifest.model_copy(update=changes))
    said = new_place().refused("restore", path)
    assert "The backup is of PostgreSQL, and this installation uses SQLite." in said


@pytest.mark.once
def test_a_database_without_a_table_counts_as_empty(backup: Path, new_place: NewPlace) -> None:
    looked_at = new_place()
    looked_at.portico("doctor")
    assert (looked_at.folder / "portico.sqlite3").exists()
    looked_at.done("restore", backup)
    assert looked_at.damage() == []


@pytest.mark.once
def test_two_restores_into_one_folder_do_not_mix(backup: Path, new_place: NewPlace) -> None:
    place = new_place()
    place.folder.mkdir()
    folder = os.open(place.folder, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        assert "Another restore into" in place.refused("restore", backup)
    finally:
        os.close(folder)
    place.done("restore", backup)


def test_no_server_starts_on_half_a_restore(backup: Path, new_place: NewPlace) -> None:
    place = new_place()
    place.folder.mkdir()
    unfinished = place.folder / "restore.unfinished"
    unfinished.touch()
    said = place.refused("serve", "--port", free_port(), timeout=300)
    assert "is at work, or did not come to its end" in said
    place.done("restore", backup)
    assert not unfinished.exists()


def test_a_restore_killed_at_its_very_end_is_whole(backup: Path, new_place: NewPlace) -> None:
    place = new_place()
    place.done("restore", backup)
    unfinished = place.folder / "restore.unfinished"
    unfinished.touch()
    start = "from portico.config.schema import migrate_schema; migrate_schema()"
    place.done("manage", "shell", "-c", start)
    assert not unfinished.exists()
    assert place.is_whole()


def test_nothing_is_restored_over_something(place: Place, backup: Path, tmp_path: Path) -> None:
    before = place.rows(COUNTED)
    assert "is not empty" in place.refused("restore", backup)
    elsewhere = Place(tmp_path / "other", place.database_url)
    elsewhere.folder.mkdir()
    (elsewhere.folder / "notes.txt").write_text("mine")
    assert "is not empty (notes.txt)" in elsewhere.refused("restore", backup)
    assert [path.name for path in elsewhere.folder.iterdir() if path.name != "secret_key"] == [
        "notes.txt"
    ]
    assert place.rows(COUNTED) == before


def test_a_backup_never_replaces_a_file(place: Place, backup: Path) -> None:
    before = backup.read_bytes()
    assert "is there already" in place.refused("backup", backup)
    assert backup.read_bytes() == before


def test_a_full_disk_leaves_no_half_backup(place: Place, tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    said = place.refused("backup", tmp_path / "a.backup", preexec_fn=little_room)
    assert "could not be written" in said
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_half_restore(backup: Path, new_place: NewPlace) -> None:
    empty = new_place()

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    said = empty.refused("restore", backup, preexec_fn=little_room)
    assert "nothing was kept" in said
    assert not empty.is_whole()
    assert [path.name for path in empty.folder.iterdir()] == ["secret_key"]
    empty.done("restore", backup)
    assert empty.is_whole()


@pytest.mark.once
def test_a_backup_is_not_written_among_the_files_it_holds(place: Place) -> None:
    """It would hold itself, and grow until the disk is full."""
    path = place.folder / "files" / "operations" / "a.backup"
    assert "is among the files" in place.refused("backup", path)
    assert [found.name for found in path.parent.iterdir()] == ["kept.csv"]


def test_a_folder_that_is_not_there_is_refused(place: Place, tmp_path: Path) -> None:
    assert "could not be written" in place.refused("backup", tmp_path / "missing" / "a.backup")


def test_two_backups_to_one_name_do_not_mix(place: Place, tmp_path: Path) -> None:
    part = tmp_path / "a.backup.part"
    with part.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "Another backup" in place.refused("backup", tmp_path / "a.backup")
    place.done("backup", tmp_path / "a.backup")
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]


def test_nothing_to_back_up_is_said(new_place: NewPlace, tmp_path: Path) -> None:
    assert "no database yet" in new_place().refused("backup", tmp_path / "a.backup")
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_can_be_read_with_any_zip_program(backup: Path) -> None:
    with ZipFile(backup) as zipped:
        assert zipped.namelist()[-1] == MANIFEST
        assert "secret_key" in zipped.namelist()


def test_p22_backups_under_load_are_whole_and_killed_ones_leave_nothing(
    place: Place, new_place: NewPlace, tmp_path: Path
) -> None:
    rounds = run_rounds(new_place, tmp_path, count=1)
    assert (rounds.backups, rounds.equal) == (1, 1)


@pytest.mark.drill
@pytest.mark.django_db
def test_p22_long_drill(new_place: NewPlace, tmp_path: Path) -> None:
    found = run_rounds(new_place, tmp_path, count=ROUNDS)
    write_section(f"Backup and restore, {connection.vendor}", found.numbers())
    assert (found.backups, found.equal) == (ROUNDS, ROUNDS)


@pytest.mark.drill
@pytest.mark.django_db
def test_p22_every_damaged_backup_is_refused_by_the_command(
    backup: Path, new_place: NewPlace, tmp_path: Path
) -> None:
    refused = refused_damages(backup, new_place(), tmp_path / "copy.backup", places=PLACES)
    write_section(
        f"Damaged backups, {connection.vendor}",
        {
            "one byte changed, or cut off, at 20 places each": PLACES * 2,
            "refused in one sentence, with nothing restored": refused,
        },
    )
    assert refused == PLACES * 2


def test_a_killed_backup_can_be_made_again(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.backup"
    (tmp_path / "a.backup.part").write_bytes(b"left by one that was killed")
    (tmp_path / "a.backup.part.sqlite3").write_bytes(b"and this")
    place.done("backup", path)
    assert path in tmp_path.iterdir()
    assert not (tmp_path / "a.backup.part").exists()
    check_backup(path)


def test_help_has_an_example(place: Place) -> None:
    said: subprocess.CompletedProcess[str] = place.portico("restore", "--help")
    assert "Example: portico restore" in said.stdout
