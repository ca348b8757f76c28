"""What a database holds, as one digest of each table: equal wherever the same rows are."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import psycopg
from psycopg import sql

from portico.config.backups.manifest import SQLITE_DATABASE, TABLES
from tests.config.places import Place

# What an installation does by itself, or what a backup leaves out, is not compared.
LEFT_OUT = {"portico_cache"}
_SQLITE_TABLES = """
    SELECT name FROM pragma_table_list
    WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'
"""
_POSTGRESQL_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_POSTGRESQL_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_generated = 'NEVER' AND table_name = %s
    ORDER BY ordinal_position
"""


def digests_of_place(place: Place) -> dict[str, str]:
    """The rows of an installation, read past the product."""
    if place.database_url:
        return _of_postgresql(place.database_url)
    return _of_sqlite(place.folder / "portico.sqlite3")


def digests_of_backup(path: Path) -> dict[str, str]:
    """The rows in a backup, read as anybody could: it is a ZIP file."""
    with ZipFile(path) as zipped:
        if SQLITE_DATABASE in zipped.namelist():
            with tempfile.TemporaryDirectory() as folder:
                return _of_sqlite(Path(zipped.extract(SQLITE_DATABASE, folder)))
        return {
            name.removeprefix(TABLES).removesuffix(".copy"): _digest(_lines(zipped, name))
            for name in zipped.namelist()
            if name.startswith(TABLES) and name != f"{TABLES}portico_cache.copy"
        }


def _lines(zipped: ZipFile, name: str) -> Iterator[bytes]:
    with zipped.open(name) as member:
        yield from member


def _of_sqlite(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path, timeout=60)) as database:
        database.execute("BEGIN")
        names = {name for (name,) in database.execute(_SQLITE_TABLES)} - LEFT_OUT
        return {
            name: _digest(
                repr(row).encode()
                for row in database.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - out of the catalog
            )
            for name in sorted(names)
        }


def _of_postgresql(url: str) -> dict[str, str]:
    found: dict[str, str] = {}
    with closing(psycopg.connect(url)) as database, database.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_POSTGRESQL_TABLES)
        for name in sorted({name for (name,) in cursor.fetchall()} - LEFT_OUT):
            cursor.execute(_POSTGRESQL_COLUMNS, [name])
            columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in cursor.fetchall())
            copy = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), columns)
            with cursor.copy(copy) as pieces:
                found[name] = _digest(bytes(piece) for piece in pieces)
    return found


def _digest(rows: Iterable[bytes]) -> str:
    """The sum of the rows' own digests: where they lie says nothing, and none is kept."""
    total = 0
    for row in rows:
        total += int.from_bytes(hashlib.sha256(row).digest())
    return f"{total:x}"
