"""Many generated rows into a table at once: without models, indexes last."""

# ruff: noqa: S608 - the statements are put together from names of our own tables only

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

from portico.clients.models import KEPT_VALUES
from portico.kit.json_values import rebuild_values
from portico.kit.search import restore_triggers

SLICE = 20_000
_POSTGRESQL_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = ANY(%s) AND NOT EXISTS (
    SELECT 1 FROM pg_constraint WHERE conindid = (quote_ident(indexname))::regclass
)
"""


def is_sqlite() -> bool:
    """Which of the two databases is filled."""
    return connection.vendor == "sqlite"


def pour(model: type[Model], columns: Sequence[str], rows: Iterable[Any], **fixed: Any) -> None:
    """Insert rows that hold texts, whole numbers or None for these columns.

    The other columns are the model's defaults, or what `fixed` says by field name.
    """
    same = _same_of_all(model(**fixed), set(columns))
    write = _into_sqlite if is_sqlite() else _into_postgresql
    rest = iter(rows)
    while part := list(islice(rest, SLICE)):
        write(model._meta.db_table, list(columns), part, same=same)


@contextmanager
def indexes_last(models: Sequence[type[Model]]) -> Iterator[None]:
    """Take the indexes and triggers of these tables away, and make them when the rows are in."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        made = _taken_from_sqlite(cursor, tables) if is_sqlite() else _taken(cursor, tables)
        yield
        for statement in made:
            cursor.execute(statement)
    restore_triggers(connection)
    for values in KEPT_VALUES:
        rebuild_values(connection, values)
    with connection.cursor() as cursor:
        if is_sqlite():
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE")


def _taken(cursor: Any, tables: list[str]) -> list[str]:
    """PostgreSQL: references of generated rows are true, so they are not looked up one by one."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute(_POSTGRESQL_INDEXES, [tables])
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _taken_from_sqlite(cursor: Any, tables: list[str]) -> list[str]:
    """SQLite: the triggers are set by `restore_triggers`, which fills the trigrams too."""
    cursor.execute("PRAGMA synchronous=OFF")
    marks = ", ".join(["%s"] * len(tables))
    cursor.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "
        f"AND sql IS NOT NULL AND tbl_name IN ({marks})",
        tables,
    )
    found = cursor.fetchall()
    for kind, name, _definition in found:
        cursor.execute(f'DROP {kind.upper()} "{name}"')
    return [definition for kind, _name, definition in found if kind == "index"]


def _same_of_all(row: Model, varying: set[str]) -> dict[str, Any]:
    same: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.column in varying:
            continue
        value = getattr(row, field.attname)
        is_moment = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        assert not is_moment, f"{field.column} has to be given"
        if isinstance(field, JSONField):
            same[str(field.column)] = None if value is None else json.dumps(value)
        else:
            same[str(field.column)] = field.get_db_prep_save(value, connection)
    return same


def _into_sqlite(table: str, columns: list[str], rows: list[Any], *, same: dict[str, Any]) -> None:
    marks = ", ".join("?" * (len(columns) + len(same)))
    names = ", ".join([*columns, *same])
    tail = tuple(same.values())
    # Django's own cursor reads each %s anew for every row.
    raw = connection.connection.cursor()
    raw.execute("BEGIN")
    raw.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})", ((*row, *tail) for row in rows)
    )
    raw.execute("COMMIT")


def _into_postgresql(
    table: str, columns: list[str], rows: list[Any], *, same: dict[str, Any]
) -> None:
    tail = "\t".join(map(_copied, same.values()))
    names = ", ".join([*columns, *same])
    lines = (f"{chr(9).join(map(_copied, row))}\t{tail}" for row in rows)
    with (
        connection.connection.cursor() as raw,
        raw.copy(f"COPY {table} ({names}) FROM STDIN") as to,
    ):
        to.write("\n".join(lines) + "\n")


def _copied(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\\", r"\\").replace("\n", r"\n")
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
