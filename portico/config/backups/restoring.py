"""Check a backup, and put it back."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from portico.config.backups import postgres, sqlite
from portico.config.backups.archive import Archive, open_archive
from portico.config.backups.making import sync_folder
from portico.config.backups.manifest import FILES, SECRET_KEY, SQLITE_DATABASE, Manifest
from portico.config.backups.unfinished import UNFINISHED, is_database_there
from portico.kit.errors import Refused

# What a data folder may hold before anything was ever kept in it: every start makes these.
_HARMLESS = {"base_url", "migrate.lock", SECRET_KEY}


def check_backup(path: Path) -> Manifest:
    """Read a backup through: every hash, its database and its counts. Raises Refused."""
    with _refusing(), open_archive(path) as archive:
        _require_expected_parts(archive)
        for name in [SECRET_KEY, *archive.names(FILES)]:
            for _piece in archive.pieces(name):
                pass
        if archive.manifest.engine == "postgresql":
            postgres.check_database(archive)
        else:
            with tempfile.TemporaryDirectory(dir=_roomy_folder(path)) as folder:
                sqlite.extract_database(archive, Path(folder) / SQLITE_DATABASE)
        return archive.manifest


def restore_backup(path: Path) -> Manifest:
    """Put a backup back into an empty data folder and an empty database of the same kind.

    The database appears last and at once, so that a restore that was killed leaves nothing that
    looks whole; it can be begun again. Raises Refused.
    """
    folder = Path(settings.PORTICO_DATA_DIR)
    with _refusing(), open_archive(path) as archive:
        _require_expected_parts(archive)
        _require_same_engine(archive.manifest)
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            _clear_unfinished(folder)
            _require_empty(folder)
            (folder / UNFINISHED).touch()
            try:
                if connection.vendor == "sqlite":
                    _restore_sqlite(archive, folder)
                else:
                    _restore_postgres(archive, folder)
            except BaseException:
                _clear_unfinished(folder)
                raise
            (folder / UNFINISHED).unlink()
        return archive.manifest


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One restore into a folder at a time."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        text = _("Another restore into %(path)s is at work.") % {"path": folder}
        raise Refused("restore_running", text) from error
    finally:
        os.close(descriptor)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say in one sentence why disk or database did not take it."""
    try:
        yield
    except (OSError, DatabaseError, psycopg.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        text = _("It stopped half-way, and nothing was kept: %(reason)s") % {"reason": reason}
        raise Refused("restore_failed", text) from error


def _restore_sqlite(archive: Archive, folder: Path) -> None:
    unfinished = _unfinished_database()
    sqlite.extract_database(archive, unfinished)
    _sync(unfinished)
    _require_free_database()  # it may be a while ago that this was asked
    _restore_files(archive, folder)
    sqlite.put_in_place(unfinished)
    sync_folder(sqlite.database_path().parent)


def _restore_postgres(archive: Archive, folder: Path) -> None:
    postgres.check_database(archive)
    with transaction.atomic():
        postgres.fill_database(archive)
        _restore_files(archive, folder)


def _restore_files(archive: Archive, folder: Path) -> None:
    """Files and key, on the disk before the database that points to them appears."""
    (folder / FILES).mkdir(mode=0o700, exist_ok=True)
    for name in archive.names(FILES):
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive.extract(name, path)
        _sync(path)
    fresh = folder / f"{SECRET_KEY}.restored"
    fresh.unlink(missing_ok=True)
    archive.extract(SECRET_KEY, fresh)
    _sync(fresh)
    fresh.replace(folder / SECRET_KEY)
    for place, _folders, _names in os.walk(folder / FILES):
        sync_folder(Path(place))
    sync_folder(folder)


def _require_expected_parts(archive: Archive) -> None:
    expected = SQLITE_DATABASE if archive.manifest.engine == "sqlite" else "tables/"
    if not archive.names(expected) or not archive.names(SECRET_KEY):
        raise Refused("damaged_backup", _("The backup is not complete: parts are missing."))


def _require_same_engine(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        text = _(
            "The backup is of %(saved)s, and this installation uses %(used)s."
            " Set PORTICO_DATABASE_URL to an empty database of the same kind."
        )
        used = names.get(connection.vendor, connection.vendor)
        raise Refused("other_engine", text % {"saved": names[manifest.engine], "used": used})


def _require_empty(folder: Path) -> None:
    """Restoring never mixes with anything, nor replaces it."""
    found = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if not _holds_files(folder):
        found.discard(FILES.rstrip("/"))
    if connection.vendor == "sqlite" and sqlite.is_empty():
        database = sqlite.database_path().name
        found -= {f"{database}{ending}" for ending in ("", "-wal", "-shm")}
    if found - _HARMLESS:
        text = _(
            "The data folder %(path)s is not empty (%(names)s)."
            " Set PORTICO_DATA_DIR to a new folder, or move this one away."
        )
        names = ", ".join(sorted(found - _HARMLESS)[:5])
        raise Refused("not_empty", text % {"path": folder, "names": names})
    _require_free_database()


def _require_free_database() -> None:
    if is_database_there():
        text = _("The database is not empty. Set PORTICO_DATABASE_URL to a new, empty one.")
        raise Refused("not_empty", text)


def _holds_files(folder: Path) -> bool:
    return any(names for _place, _folders, names in os.walk(folder / FILES))


def _clear_unfinished(folder: Path) -> None:
    """Remove what a restore left that did not come to its end: nothing else was here before it."""
    if not (folder / UNFINISHED).exists() or is_database_there():
        return
    shutil.rmtree(folder / FILES, ignore_errors=True)
    (folder / f"{SECRET_KEY}.restored").unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        _unfinished_database().unlink(missing_ok=True)
    (folder / UNFINISHED).unlink(missing_ok=True)


def _unfinished_database() -> Path:
    path = sqlite.database_path()
    return path.with_name(f"{path.name}.restoring")


def _roomy_folder(path: Path) -> Path | None:
    """Beside the backup there is room for another; else where temporary files go."""
    return path.parent if os.access(path.parent, os.W_OK) else None


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
