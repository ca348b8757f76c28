"""Querysets that are put together and compiled once, and asked at every request.

Putting a queryset together and writing its SQL costs a page several times what the database needs
to answer it. A prepared one keeps the SQL of its shape; what differs from one asking to the next
stands in slots. The fence holds as ever: its place in the SQL is a slot too, which only the open
scope fills.
"""

import copy
import datetime
import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression, F, Func
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from portico.kit.dates import today_in
from portico.kit.tenancy.scope import current_scope, current_workspace_id

WORKSPACE = "workspace"
NOW = "present_moment"
# What may stand in prepared SQL for good; an id or a moment (which SQLite is given as text)
# belongs to one asking.
_CONSTANT = (str, int, float, bool, type(None))
_ID_OR_MOMENT = re.compile(r"[0-9a-f]{32}|\d{4}-\d\d-\d\d.*")
_is_preparing: ContextVar[bool] = ContextVar("is_preparing", default=False)


@dataclass(frozen=True)
class _Blank:
    """Where a slot's value goes among the parameters."""

    name: str
    field: Any
    own: Callable[[], Any] | None = None

    def filled(self, values: Mapping[str, Any]) -> Any:
        own = self.own or _OWN.get(self.name)
        value = values[self.name] if own is None else own()
        return self.field.get_db_prep_value(value, connection)


# Slots that fill themselves when the statement runs.
_OWN: Mapping[str, Callable[[], Any]] = {WORKSPACE: current_workspace_id, NOW: timezone.now}


class Slot(Expression):
    """A value that is given when the prepared queryset is asked: an id unless told otherwise.

    One with a value of its `own` is not given any: it asks for it when the statement runs.
    """

    def __init__(
        self,
        name: str,
        output_field: "models.Field[Any, Any] | None" = None,
        *,
        own: Callable[[], Any] | None = None,
    ) -> None:
        super().__init__(output_field=output_field or models.UUIDField())
        self.name = name
        self.own = own

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """A parameter, left blank; outside a prepared queryset there is nothing to fill it."""
        if not _is_preparing.get():
            raise RuntimeError(f"The slot {self.name!r} is not part of a prepared queryset.")
        return "%s", (_Blank(self.name, self.output_field, self.own),)


class _Ids(models.Field):  # type: ignore[type-arg]
    """Many ids as one parameter: JSON on SQLite, an array on PostgreSQL."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, *_: Any) -> Any:
        """Ids as the column holds them."""
        if connection.vendor == "sqlite":
            return json.dumps([key.hex for key in value])
        return list(value)


class IsAmong(Func):
    """Whether a column's id is one of those that the slot is given, be they three or fifty."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, column: str, slot: str) -> None:
        super().__init__(F(column), Slot(slot, _Ids()))

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """With SQLite's table of JSON values."""
        arg_joiner = " IN (SELECT value FROM json_each("
        return super().as_sql(
            compiler,
            connection,
            template="likelihood(%(expressions)s)), 0.0001)",
            arg_joiner=arg_joiner,
            **extra,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """With PostgreSQL's arrays."""
        return super().as_sql(
            compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(", **extra
        )


def _filled(parameters: Sequence[Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(part.filled(values) if isinstance(part, _Blank) else part for part in parameters)


def _is_constant(parameter: Any) -> bool:
    if isinstance(parameter, str):
        return _ID_OR_MOMENT.fullmatch(parameter) is None
    return isinstance(parameter, _CONSTANT)


def fence_parameter(field: Any) -> _Blank | None:
    """The fence's slot while a queryset is being prepared; None while one just runs."""
    return _Blank(WORKSPACE, field) if _is_preparing.get() else None


def present_moment() -> Any:
    """What a queryset compares with the present moment: the one at which it is asked."""
    return Slot(NOW, models.DateTimeField()) if _is_preparing.get() else timezone.now()


def present_day(days_from_now: int = 0) -> Any:
    """What a queryset compares with the workspace's present day, or one so many days from it."""

    def day() -> datetime.date:
        return today_in(current_scope().time_zone) + datetime.timedelta(days=days_from_now)

    return Slot("present_day", models.DateField(), own=day) if _is_preparing.get() else day()


Row = TypeVar("Row")


class Prepared(Generic[Row]):
    """A queryset kept with its SQL; `ask` runs it with the values of its slots.

    `build` makes the queryset, with `Slot` wherever a value differs between askings; it runs once
    in each process. It may use `values_list`, `select_related`, annotations and slices, nothing
    that runs a statement by itself. With `holds_values` ids and moments may be built in: whoever
    keeps it asks it for those values only.
    """

    def __init__(
        self, build: "Callable[[], models.QuerySet[Any, Row]]", *, holds_values: bool = False
    ) -> None:
        self._build = build
        self._holds_values = holds_values
        self._converters: Any = None

    def ask(self, **values: Any) -> list[Row]:
        """All rows, in one query; `values` by the names of the slots."""
        if self._compiled is None:
            return []
        queryset, compiler, statement, parameters = self._compiled
        filled = _filled(parameters, values)
        ready = copy.copy(compiler)
        ready.connection = connection
        ready.as_sql = lambda *args, **kwargs: (statement, filled)  # type: ignore[method-assign]
        ready.get_converters = self._kept_converters  # type: ignore[method-assign]
        asked = queryset.all()
        asked.query.get_compiler = lambda *args, **kwargs: ready
        return list(asked)

    def first(self, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self.ask(**values)), None)

    def count(self, **values: Any) -> int:
        """How many rows there are."""
        if self._compiled is None:
            return 0
        _queryset, _compiler, statement, parameters = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM ({statement}) counted",  # noqa: S608 - Django wrote it
                _filled(parameters, values),
            )
            return int(cursor.fetchone()[0])

    def _kept_converters(self, expressions: Any) -> Any:
        """What turns columns into values: like the SQL the same at every asking."""
        if self._converters is None:
            self._converters = self._compiled[1].get_converters(expressions)  # type: ignore[index]
        return self._converters

    @functools.cached_property
    def _compiled(self) -> tuple[Any, SQLCompiler, str, Sequence[Any]] | None:
        """The queryset and its SQL; None where no row can fit, whatever the tables hold."""
        preparing = _is_preparing.set(True)
        try:
            queryset = self._build()
            compiler = queryset.query.get_compiler(using=queryset.db)
            statement, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        finally:
            _is_preparing.reset(preparing)
        for part in () if self._holds_values else parameters:
            if not isinstance(part, _Blank) and not _is_constant(part):
                raise TypeError(f"{part!r} is the value of one asking; give it in a slot.")
        return queryset, compiler, statement, parameters


def prepared(build: "Callable[[], models.QuerySet[Any, Row]]") -> Prepared[Row]:
    """Decorates a function that builds a queryset; see Prepared."""
    return Prepared(build)
