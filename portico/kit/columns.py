"""The values of many rows, column by column: each column is asked once how it is written.

PostgreSQL takes a column as one array; a value that all rows share is sent once. Reading ten
thousand separate values out of a statement took it longer than writing them.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

_PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField)
_AS_THEY_ARE = frozenset({str, bool, int, type(None)})
_WRITTEN = _AS_THEY_ARE | {UUID}


class Column:
    """A column and its values in these rows, as the database takes them."""

    def __init__(
        self, field: Any, rows: Sequence[models.Model], *, connection: BaseDatabaseWrapper
    ) -> None:
        values = list(map(attrgetter(field.attname), rows))
        self.name = connection.ops.quote_name(field.column)
        self.is_same = _are_same(values)
        # Without its length: a text that is too long is refused, not cut.
        self._type = (field.db_type(connection) or "").partition("(")[0]
        self.values = _prepared(
            field, values[:1] if self.is_same else values, connection=connection
        )
        self._count = len(values)

    @property
    def every_value(self) -> Sequence[Any]:
        """One value for each row."""
        return self.values * self._count if self.is_same else self.values

    @property
    def parameter(self) -> Any:
        """What `placeholder` stands for: the value that all rows share, or the array."""
        return self.values[0] if self.is_same else _array_of(self.values)

    @property
    def placeholder(self) -> str:
        """The place of the parameter in a statement of PostgreSQL."""
        return f"%s::{self._type}" if self.is_same else f"%s::{self._type}[]"


def unnested(columns: Sequence[Column]) -> str:
    """The columns that differ as a table of PostgreSQL, called `given`; there must be one."""
    places = ", ".join(column.placeholder for column in columns)
    names = ", ".join(column.name for column in columns)
    return f"UNNEST({places}) AS given ({names})"


def _array_of(values: list[Any]) -> Any:
    """The values as PostgreSQL reads an array, which psycopg would ask each one for."""
    kinds = set(map(type, values))
    if not kinds <= _WRITTEN:
        return values
    if kinds == {UUID}:
        return array_of_keys(values)
    if kinds == {str}:
        between = '","'.join(values)
        if "\\" not in between and between.count('"') == 2 * (len(values) - 1):
            return f'{{"{between}"}}'
    return f"{{{','.join(map(_element, values))}}}"


def array_of_keys(keys: Iterable[UUID]) -> str:
    """Ids as PostgreSQL reads an array of them; to write the hyphens takes five times as long."""
    return f"{{{','.join(['%032x' % key.int for key in keys])}}}"  # noqa: UP031 - the fastest


def _element(value: str | int | UUID | None) -> str:
    if isinstance(value, str):
        return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))
    return "NULL" if value is None else str(value)


def _are_same(values: Sequence[Any]) -> bool:
    """Whether one value stands for all: the same object, or as empty as the first."""
    first = values[0]
    if not first:
        return all(type(value) is type(first) and value == first for value in values)
    return all(value is first for value in values)


def _prepared(field: Any, values: list[Any], *, connection: BaseDatabaseWrapper) -> list[Any]:
    kinds = set(map(type, values))
    if isinstance(field, _PLAIN) and kinds <= _AS_THEY_ARE:
        return values
    shaped = _shape_of_ids(field, connection)
    if shaped is not None and kinds <= {UUID, type(None)}:
        return [None if value is None else shaped(value) for value in values]
    if isinstance(field, models.JSONField):
        return [None if value is None else json.dumps(value, cls=field.encoder) for value in values]
    return [field.get_db_prep_save(value, connection) for value in values]


def _shape_of_ids(field: Any, connection: BaseDatabaseWrapper) -> Callable[[UUID], Any] | None:
    """How ids are stored, where the field holds one."""
    while field.remote_field is not None:
        field = field.target_field
    if not isinstance(field, models.UUIDField):
        return None
    return (lambda key: key) if connection.features.has_native_uuid_field else attrgetter("hex")
