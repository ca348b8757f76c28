"""Many new rows in few statements, for what writes them by the thousand.

Django's bulk_create() asks each field of each row half a dozen questions, and makes the text of the
statement anew for every batch: at ten thousand people that was half of an import's time. Here each
column is asked once how its values go to the database; most go as they are.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connections, models, router, transaction

from portico.kit.slices import in_slices
from portico.kit.tenancy.models import claim

BATCH = 500
Reader = Callable[[Any], Any]
_PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField)
_AS_IT_IS = frozenset({str, bool, int})


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model into the present workspace, all or none.

    No signals are sent. Raises IntegrityError where a row breaks a constraint, and ForeignWorkspace
    for a row of another workspace.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    for row in rows:
        claim(row)
    quoted = connection.ops.quote_name
    fields: Sequence[Any] = model._meta.concrete_fields
    columns = ", ".join(quoted(field.column) for field in fields)
    readers = [_reader(field, connection) for field in fields]
    table = quoted(model._meta.db_table)
    head = f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608 - names of the model
    place = f"({', '.join(['%s'] * len(fields))})"
    with transaction.atomic(connection.alias, savepoint=False), connection.cursor() as cursor:
        for part in in_slices(rows, BATCH):
            lines = [[read(row) for read in readers] for row in part]
            if connection.vendor == "sqlite":
                cursor.executemany(head + place, lines)  # prepared once
            else:
                values = [value for line in lines for value in line]
                cursor.execute(head + ", ".join([place] * len(part)), values)  # sent once
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _reader(field: Any, connection: Any) -> Reader:
    """How the value of this field of a row goes to the database."""
    read: Reader = attrgetter(field.attname)
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        read = lambda row: field.pre_save(row, True)  # noqa: E731 - it stands for the attribute
    if isinstance(field, _PLAIN):
        kinds, shaped = _AS_IT_IS, None
    else:
        kinds, shaped = frozenset[type](), _shape_of_ids(field, connection)

    def value_of(row: Any) -> Any:
        value = read(row)
        if value is None or type(value) in kinds:
            return value
        if shaped is not None and type(value) is UUID:
            return shaped(value)
        return field.get_db_prep_save(value, connection)

    return value_of


def _shape_of_ids(field: Any, connection: Any) -> Callable[[UUID], Any] | None:
    """How ids are stored, where the field holds one."""
    while field.remote_field is not None:
        field = field.target_field
    if not isinstance(field, models.UUIDField):
        return None
    return (lambda key: key) if connection.features.has_native_uuid_field else attrgetter("hex")
