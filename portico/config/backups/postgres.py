"""The database of a backup where it is PostgreSQL: each table as COPY writes it.

All tables are read in one transaction that sees one moment, without any client tools. Restoring
makes the tables with the recorded migrations and fills them, all in one transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from psycopg import sql

from portico.config.backups.archive import Archive, ArchiveWriter
from portico.config.backups.manifest import TABLES
from portico.kit.errors import Refused

_EMPTIED = "portico_cache"
_TABLE_NAMES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
_COLUMN_NAMES = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_generated = 'NEVER'
    ORDER BY table_name, ordinal_position
"""
_SEQUENCES = """
    SELECT table_name, column_name,
           pg_get_serial_sequence(quote_ident(table_name), column_name)
    FROM information_schema.columns
    WHERE table_schema = current_schema()
      AND (is_identity = 'YES' OR column_default LIKE 'nextval%')
"""


def write_database(
    writer: ArchiveWriter,
) -> tuple[dict[str, int], list[str], dict[str, list[str]]]:
    """Add every table as it is at one moment; writers go on meanwhile.

    Returns the rows of each table, the recorded migrations, and the columns of each table.
    """
    with closing(connections.create_connection("default")) as database, database.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        columns = _columns(cursor)
        if "django_migrations" not in columns:
            raise Refused("nothing_there", _("There is no database yet: nothing to back up."))
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
        rows: dict[str, int] = {}
        for table in columns:
            counter = _LineCounter(_copied(cursor, table, columns=columns[table]))
            writer.add(f"{TABLES}{table}.copy", counter)
            rows[table] = counter.lines
        cursor.execute("COMMIT")
    return rows, migrations, columns


def check_database(archive: Archive) -> None:
    """Count the rows in the archive; raises Refused("damaged_backup") where some are missing."""
    manifest = archive.manifest
    if set(manifest.rows) != set(manifest.columns) or set(archive.names(TABLES)) != {
        f"{TABLES}{table}.copy" for table in manifest.rows
    }:
        raise Refused("damaged_backup", _("The backup is not complete: parts are missing."))
    for table, expected in manifest.rows.items():
        counter = _LineCounter(archive.pieces(f"{TABLES}{table}.copy"))
        for _piece in counter:
            pass
        if counter.lines != expected:
            text = _("Its database does not hold the rows that were saved.")
            raise Refused("damaged_backup", text)


def is_empty() -> bool:
    """Whether the database has no table yet."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE_NAMES)
        return not cursor.fetchall()


def fill_database(archive: Archive) -> None:
    """Make and fill the tables; runs in the caller's transaction.

    Raises Refused("damaged_backup") where the tables do not hold in the end what was saved.
    """
    manifest = archive.manifest
    _make_tables(manifest.migrations)
    with connection.cursor() as cursor:
        if _columns(cursor).keys() != manifest.columns.keys():
            text = _("Its tables are not those that its migrations make.")
            raise Refused("damaged_backup", text)
        names = sql.SQL(", ").join(sql.Identifier(name) for name in manifest.columns)
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # tables come in the order of their names
        _switch_triggers(cursor, manifest.columns, to="DISABLE")  # what they write was saved too
        for table, columns in manifest.columns.items():
            with cursor.copy(_copy(table, columns, way="FROM STDIN")) as copy:
                for piece in archive.pieces(f"{TABLES}{table}.copy"):
                    copy.write(piece)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch_triggers(cursor, manifest.columns, to="ENABLE")
        _set_sequences(cursor)
        for table, expected in manifest.rows.items():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            if cursor.fetchone() != (expected,):
                text = _("The restored table %(name)s does not hold the rows that were saved.")
                raise Refused("damaged_backup", text % {"name": table})
        # Until autovacuum comes by, the planner would take the tables for empty.
        cursor.execute("ANALYZE")


class _LineCounter:
    """Passes pieces on and counts their lines: COPY writes each row as one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.lines = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.lines += piece.count(b"\n")
            yield piece


def _columns(cursor: Any) -> dict[str, list[str]]:
    cursor.execute(_TABLE_NAMES)
    columns: dict[str, list[str]] = {table: [] for (table,) in cursor.fetchall()}
    cursor.execute(_COLUMN_NAMES)
    for table, column in cursor.fetchall():
        if table in columns:
            columns[table].append(column)
    return columns


def _copied(cursor: Any, table: str, *, columns: list[str]) -> Iterator[bytes]:
    if table == _EMPTIED:
        return
    with cursor.copy(_copy(table, columns, way="TO STDOUT")) as copy:
        for piece in copy:
            yield bytes(piece)


def _copy(table: str, columns: list[str], *, way: str) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    return sql.SQL("COPY {} ({}) " + way).format(sql.Identifier(table), names)


def _make_tables(recorded: list[str]) -> None:
    """The schema as it was, which may be an older one; `serve` brings it up to date."""
    executor = MigrationExecutor(connection)
    wanted = {tuple(name.split(".", 1)) for name in recorded}
    graph = executor.loader.graph
    applied = {
        key
        for key, migration in graph.nodes.items()
        if key in wanted
        or (migration and migration.replaces and wanted.issuperset(migration.replaces))
    }
    executor.migrate(sorted(key for key in applied if not _has_later(graph, key, applied=applied)))


def _has_later(graph: Any, key: tuple[str, str], *, applied: set[Any]) -> bool:
    """Whether a later one of the same app was applied too."""
    children = graph.node_map[key].children
    return any(child.key[0] == key[0] and child.key in applied for child in children)


def _switch_triggers(cursor: Any, tables: Iterable[str], *, to: str) -> None:
    """The triggers that are ours; those of foreign keys stay."""
    for table in tables:
        statement = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
        cursor.execute(statement.format(sql.Identifier(table), sql.SQL(to)))


def _set_sequences(cursor: Any) -> None:
    """Let numbering go on after the highest number there is."""
    cursor.execute(_SEQUENCES)
    for table, column, sequence in cursor.fetchall():
        highest = sql.SQL(
            "SELECT setval({}, coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {}"
        )
        cursor.execute(
            highest.format(
                sql.Literal(sequence), sql.Identifier(table), column=sql.Identifier(column)
            )
        )
