"""Many new rows in few statements, for what writes them by the thousand.

Django's bulk_create() asks each field of each row half a dozen questions, and makes the text of the
statement anew for every batch: at ten thousand people that was half of an import's time. Here each
column is asked once how its values go to the database; most go as they are.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router, transaction

from portico.kit.columns import Column, unnested
from portico.kit.slices import in_slices
from portico.kit.tenancy.models import claim


def insert_rows(rows: Sequence[models.Model], *, passes_over_known: bool = False) -> None:
    """Insert new rows of one model into the present workspace, all or none.

    With `passes_over_known` a row stays out whose unique values are there already. No signals are
    sent. Raises IntegrityError where a row breaks a constraint, and ForeignWorkspace for a row of
    another workspace.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields: Sequence[Any] = model._meta.concrete_fields
    _stamp(rows, fields)
    for row in rows:
        claim(row)
    table = connection.ops.quote_name(model._meta.db_table)
    tail = "ON CONFLICT DO NOTHING" if passes_over_known else ""
    write = _write_lines if connection.vendor == "sqlite" else _write_columns
    with transaction.atomic(connection.alias, savepoint=False), connection.cursor() as cursor:
        for part in in_slices(rows):
            columns = [Column(field, part, connection=connection) for field in fields]
            write(cursor, table, columns=columns, tail=tail)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _stamp(rows: Sequence[models.Model], fields: Sequence[Any]) -> None:
    """Give all rows one moment where a field takes the present one."""
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            moment = field.pre_save(rows[0], True)
            for row in rows:
                setattr(row, field.attname, moment)


def _write_lines(cursor: Any, table: str, *, columns: Sequence[Column], tail: str) -> None:
    """One statement, prepared once and run for each row."""
    names = ", ".join(column.name for column in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places}) {tail}"  # noqa: S608 - names of the model
    cursor.executemany(statement, zip(*(column.every_value for column in columns), strict=True))


def _write_columns(cursor: Any, table: str, *, columns: Sequence[Column], tail: str) -> None:
    """One statement, sent once: the values that all rows share, and an array for each column."""
    same = [column for column in columns if column.is_same]
    differing = [column for column in columns if not column.is_same]
    names = ", ".join(column.name for column in (*same, *differing))
    given = ", ".join([column.placeholder for column in same] + ["given.*"] * bool(differing))
    source = f"FROM {unnested(differing)}" if differing else ""
    statement = f"INSERT INTO {table} ({names}) SELECT {given} {source} {tail}"
    cursor.execute(statement, [column.parameter for column in (*same, *differing)])
