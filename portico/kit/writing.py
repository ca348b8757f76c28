"""Writing changed columns of many rows: one prepared statement, run once for each row."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, models, router

from portico.kit.tenancy.scope import current_workspace_id


def write_columns(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these columns of rows that are there, as `bulk_update` does at several times the cost.

    Takes rows of one model of the present workspace and names of its plain columns; a row that is
    gone or of another workspace stays untouched. What the database refuses is raised as it comes.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    quoted = connection.ops.quote_name
    columns: list[Any] = [model._meta.get_field(name) for name in names]
    assigned = ", ".join(f"{quoted(column.column)} = %s" for column in columns)
    key: Any = model._meta.pk
    fence: Any = model._meta.get_field("workspace")
    statement = (
        f"UPDATE {quoted(model._meta.db_table)} SET {assigned} "  # noqa: S608 - names of the model
        f"WHERE {quoted(key.column)} = %s AND {quoted(fence.column)} = %s"
    )
    workspace = fence.get_db_prep_save(current_workspace_id(), connection)
    values = [
        (
            *(
                column.get_db_prep_save(getattr(row, column.attname), connection)
                for column in columns
            ),
            key.get_db_prep_save(row.pk, connection),
            workspace,
        )
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
