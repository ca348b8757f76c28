"""The database of a backup where it is SQLite: one file, copied in one read transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from portico.config.backups.archive import Archive, ArchiveWriter
from portico.config.backups.manifest import SQLITE_DATABASE
from portico.kit.errors import Refused

_PATIENCE_SECONDS = 60
_CACHE = "portico_cache"
_EMPTY_CACHE = "DELETE FROM portico_cache"
# Tables of records: an index that looks like a table (FTS5, with its shadows) counts for nothing.
_TABLES = """
    SELECT name FROM pragma_table_list
    WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'
"""


def database_path() -> Path:
    """Where the database lies."""
    return Path(settings.DATABASES["default"]["NAME"])


def is_empty() -> bool:
    """Whether there is no database yet, or one without a table: to look at none makes it."""
    path = database_path()
    if not path.exists():
        return True
    try:
        with _opened(path) as database:
            return database.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.DatabaseError:
        return False


def put_in_place(path: Path) -> None:
    """Let a finished file be the database; an empty one that stands there goes."""
    _remove(database_path())
    path.rename(database_path())


def write_database(writer: ArchiveWriter, scratch: Path) -> tuple[dict[str, int], list[str]]:
    """Add a consistent copy of the database; writers go on meanwhile.

    `scratch` is a path for the copy, on the disk of the backup. Returns the rows of each table and
    the recorded migrations.
    """
    if not database_path().exists():
        raise Refused("nothing_there", _("There is no database yet: nothing to back up."))
    _remove(scratch)
    try:
        scratch.touch(mode=0o600)
        with _opened(database_path()) as source, _opened(scratch) as copy:
            # All pages in one step, so under one read lock. VACUUM INTO would number rows anew,
            # and the search index points to these numbers.
            source.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")
            if _CACHE in {name for (name,) in copy.execute(_TABLES)}:
                copy.execute(_EMPTY_CACHE)
            found = _rows(copy), _migrations(copy)
        writer.add_file(SQLITE_DATABASE, scratch)
    finally:
        _remove(scratch)
    return found


def extract_database(archive: Archive, path: Path) -> None:
    """Write the database of the archive to a new file, and check it.

    Raises Refused("damaged_backup") where it is damaged or its rows are not those that were saved.
    """
    archive.extract(SQLITE_DATABASE, path)
    try:
        with _opened(path) as database:
            is_sound = database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            dangling = database.execute("PRAGMA foreign_key_check").fetchone()
            counted = _rows(database)
    except sqlite3.DatabaseError as error:
        raise Refused("damaged_backup", _("Its database can't be read.")) from error
    if not is_sound or dangling:
        raise Refused("damaged_backup", _("Its database is damaged."))
    if counted != archive.manifest.rows:
        raise Refused("damaged_backup", _("Its database does not hold the rows that were saved."))


def _remove(path: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    with closing(database):
        yield database


def _rows(database: sqlite3.Connection) -> dict[str, int]:
    names = sorted(name for (name,) in database.execute(_TABLES))
    return {name: _count(database, name) for name in names}


def _count(database: sqlite3.Connection, table: str) -> int:
    number: int = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - a name out of the catalog
    return number


def _migrations(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return [f"{app}.{name}" for app, name in rows]
