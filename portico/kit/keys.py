"""Rows looked up by many ids: `pk__in=keys`, at a tenth of what it costs Django.

Django asks each of a thousand ids how it goes to the database, and psycopg looks for the place of
each in the statement; an act on a thousand people names them in seven statements. Here they go to
PostgreSQL as one array. `kit.apps` puts these conditions in the place of Django's own.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

from portico.kit.columns import array_of_keys

# Pages name fewer; their statements stay as Django writes them.
MANY = 100
_LISTS = (list, tuple, set, frozenset)


class _AmongKeys:
    """What both conditions do with a long list of ids; a short one is left to Django."""

    lhs: Any
    rhs: Any

    def get_prep_lookup(self) -> Any:
        """The ids as they are."""
        if self._names_keys():
            return list(self.rhs)
        return super().get_prep_lookup()  # type: ignore[misc]

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[Any]]:
        """One place for each id, which SQLite takes fast."""
        if not self._names_keys():
            return super().as_sql(compiler, connection)  # type: ignore[misc, no-any-return]
        column, parameters = self.process_lhs(compiler, connection)  # type: ignore[attr-defined]
        places = ", ".join(["%s"] * len(self.rhs))
        return f"{column} IN ({places})", [*parameters, *(key.hex for key in self.rhs)]

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[Any]]:
        """One place for all ids."""
        if not self._names_keys():
            return super().as_sql(compiler, connection)  # type: ignore[misc, no-any-return]
        column, parameters = self.process_lhs(compiler, connection)  # type: ignore[attr-defined]
        return f"{column} = ANY(%s::uuid[])", [*parameters, array_of_keys(self.rhs)]

    def _names_keys(self) -> bool:
        if not isinstance(self.rhs, _LISTS) or len(self.rhs) < MANY:
            return False
        return set(map(type, self.rhs)) == {UUID} and _holds_ids(self.lhs.output_field)


class KeyAmong(_AmongKeys, In):  # type: ignore[misc] # the stubs of as_sql differ
    """An id that is one of these."""


class LinkAmong(_AmongKeys, RelatedIn):  # type: ignore[misc] # the stubs of as_sql differ
    """A foreign key that is one of these ids."""


def register_keys() -> None:
    """Put the conditions in the place of Django's own."""
    models.UUIDField.register_lookup(KeyAmong)
    models.ForeignKey.register_lookup(LinkAmong)


def _holds_ids(field: Any) -> bool:
    while field.remote_field is not None:
        field = field.target_field
    return isinstance(field, models.UUIDField)
