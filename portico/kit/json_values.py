"""Values of a JSON column as rows of their own, so that an index leads from a value to its record.

A record's JSON stays the truth; the rows beside it are written by triggers, whichever way the
record is written, and never by anything else. A row says which record holds under this key
something of this form: the text in the case that the database compares in, cut off, and a number
where the text is one. That finds all who hold a value, and perhaps a few more: whoever looks a
value up asks the record again.

Nothing (null) and a list as a whole have the row of the empty text; so each key has exactly one
row that is not an item of a list. Triggers are set again after each migration (`clients.apps`):
Django rebuilds tables on SQLite and loses triggers with the old one.
"""

# ruff: noqa: S608 - the statements are put together from names of our own tables only

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.models import Field, Func, TextField

FORM_LENGTH = 100
KEY_LENGTH = 50
_FORMS = {
    "sqlite": f"substr(lower({{}}), 1, {FORM_LENGTH})",
    "postgresql": f"left(upper({{}}), {FORM_LENGTH})",
}
# What `clients.cleaning` stores for a number: at most thirty digits, a point and a sign among them.
_NUMBERS = {
    "sqlite": "CASE WHEN form GLOB '*[0-9]*' AND form NOT GLOB '*[^-0-9.]*' "
    "AND form NOT GLOB '?*-*' AND form NOT GLOB '*.*.*' AND length(form) <= 30 "
    "THEN CAST(form AS NUMERIC) END",
    "postgresql": r"CASE WHEN form ~ '^-?\d{1,30}(\.\d{1,30})?$' THEN form::numeric END",
}
# The case that Django makes of a JSON value on SQLite when it asks for its text.
_SQLITE_TEXT = "CASE WHEN {0}.type IN ('true', 'false', 'null') THEN {0}.type ELSE {0}.value END"
_POSTGRESQL_TEXTS = ("coalesce(pair.value #>> '{{}}', '')", "coalesce(item, '')")
_SQLITE_ROWS = """
SELECT {{source}}.workspace_id, '{subject}', {{source}}.id, pair.key,
    CASE WHEN pair.type = 'array' THEN '' ELSE {whole} END AS form
FROM {{table}} json_each({{source}}.{column}) AS pair WHERE length(pair.key) <= {length}
UNION
SELECT {{source}}.workspace_id, '{subject}', {{source}}.id, pair.key, {item}
FROM {{table}} json_each({{source}}.{column}) AS pair, json_each(pair.value) AS item
WHERE pair.type = 'array' AND length(pair.key) <= {length}
"""
_POSTGRESQL_ROWS = """
SELECT {{source}}.workspace_id, '{subject}', {{source}}.id, pair.key, forms.form
FROM {{table}} jsonb_each({{source}}.{column}) AS pair
CROSS JOIN LATERAL (
    SELECT CASE WHEN jsonb_typeof(pair.value) = 'array' THEN '' ELSE {whole} END AS form
    UNION
    SELECT {item} FROM jsonb_array_elements_text(
        CASE WHEN jsonb_typeof(pair.value) = 'array' THEN pair.value ELSE '[]'::jsonb END
    ) AS items(item)
) AS forms
WHERE length(pair.key) <= {length}
"""
_COLUMNS = "workspace_id, subject, record_id, key, form"
_EVENTS = ("insert", "update", "delete")


class Form(Func):
    """A text in the form in which the rows have it."""

    arity = 1
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Letters outside ASCII have no case here, as in every comparison of SQLite."""
        return super().as_sql(
            compiler, connection, template=_FORMS["sqlite"].format("%(expressions)s"), **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """See `as_sqlite`; the database's locale says what the case of a letter is."""
        template = _FORMS["postgresql"].format("(%(expressions)s)::text")
        return super().as_sql(compiler, connection, template=template, **context)


class NumberField(Field):  # type: ignore[type-arg] # Django's own is no generic
    """A number as the database compares it: no digit is lost on the way to Python and back."""


class Number(Func):
    """A text that is a number, or null, as the number in its row."""

    template = "CAST(%(expressions)s AS NUMERIC)"
    arity = 1
    output_field = NumberField()


@dataclass(frozen=True, kw_only=True)
class JsonValues:
    """A JSON column of the table `source`, and the table `rows` that its values stand in.

    `rows` has the columns workspace_id, subject, record_id, key, form and number.
    """

    source: str
    column: str
    rows: str
    subject: str

    @property
    def triggers(self) -> list[str]:
        """The names of the triggers."""
        return [f"{self.source}_values_{event}" for event in _EVENTS]

    def set_triggers(self, vendor: str) -> list[str]:
        """The statements that keep the rows from now on."""
        taken = self.drop_triggers(vendor)
        return taken + (self._on_sqlite() if vendor == "sqlite" else self._on_postgresql())

    def drop_triggers(self, vendor: str) -> list[str]:
        """The statements after which nothing keeps the rows."""
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {name}" for name in self.triggers]
        dropped = [f"DROP TRIGGER IF EXISTS {name} ON {self.source}" for name in self.triggers]
        return [*dropped, f"DROP FUNCTION IF EXISTS {self._function}()"]

    def fill(self, vendor: str) -> list[str]:
        """The statements that write the rows anew from what is stored."""
        return [
            f"DELETE FROM {self.rows} WHERE subject = '{self.subject}'",
            self._insert(vendor, self.expected(vendor)),
        ]

    def expected(self, vendor: str) -> str:
        """A question whose answer is the rows that there should be, without their numbers."""
        return self._select(vendor, source="held", table=f"{self.source} AS held,")

    @property
    def _function(self) -> str:
        return f"{self.source}_keep_values"

    def _select(self, vendor: str, *, source: str, table: str = "") -> str:
        form = _FORMS[vendor].format
        if vendor == "sqlite":
            statement, whole, item = _SQLITE_ROWS, *map(_SQLITE_TEXT.format, ("pair", "item"))
        else:
            statement, whole, item = _POSTGRESQL_ROWS, *_POSTGRESQL_TEXTS
        names = {"subject": self.subject, "column": self.column, "length": KEY_LENGTH}
        statement = statement.format(whole=form(whole), item=form(item), **names)
        return statement.format(source=source, table=table)

    def _insert(self, vendor: str, select: str) -> str:
        return (
            f"INSERT INTO {self.rows} ({_COLUMNS}, number) "
            f"SELECT given.*, {_NUMBERS[vendor]} FROM ({select}) AS given"
        )

    def _on_sqlite(self) -> list[str]:
        write = self._insert("sqlite", self._select("sqlite", source="new"))
        forget = f"DELETE FROM {self.rows} WHERE record_id = old.id"
        inserted, updated, deleted = self.triggers
        column = self.column
        return [
            f"CREATE TRIGGER {inserted} AFTER INSERT ON {self.source} "
            f"WHEN new.{column} <> '{{}}' BEGIN {write}; END",
            f"CREATE TRIGGER {updated} AFTER UPDATE OF {column} ON {self.source} "
            f"WHEN old.{column} <> new.{column} BEGIN {forget}; {write}; END",
            f"CREATE TRIGGER {deleted} AFTER DELETE ON {self.source} "
            f"WHEN old.{column} <> '{{}}' BEGIN {forget}; END",
        ]

    def _on_postgresql(self) -> list[str]:
        write = self._insert("postgresql", self._select("postgresql", source="new"))
        inserted, updated, deleted = self.triggers
        column, call = self.column, f"FOR EACH ROW WHEN (%s) EXECUTE FUNCTION {self._function}()"
        return [
            f"CREATE FUNCTION {self._function}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
            f"IF TG_OP <> 'INSERT' THEN DELETE FROM {self.rows} WHERE record_id = old.id; END IF; "
            f"IF TG_OP <> 'DELETE' THEN {write}; END IF; RETURN NULL; END $body$",
            f"CREATE TRIGGER {inserted} AFTER INSERT ON {self.source} "
            + call % f"new.{column} <> '{{}}'::jsonb",
            f"CREATE TRIGGER {updated} AFTER UPDATE OF {column} ON {self.source} "
            + call % f"old.{column} <> new.{column}",
            f"CREATE TRIGGER {deleted} AFTER DELETE ON {self.source} "
            + call % f"old.{column} <> '{{}}'::jsonb",
        ]


def missing_triggers(connection: BaseDatabaseWrapper, kept: Sequence[JsonValues]) -> list[str]:
    """The names of the triggers that are not there, or switched off."""
    if connection.vendor == "sqlite":
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        present = {name for (name,) in cursor.fetchall()}
    return [name for values in kept for name in values.triggers if name not in present]


def restore_values(connection: BaseDatabaseWrapper, kept: Sequence[JsonValues]) -> None:
    """Set the triggers that a rebuilt table has lost, and write its rows anew."""
    tables = set(connection.introspection.table_names())
    for values in kept:
        if values.rows in tables and missing_triggers(connection, [values]):
            rebuild_values(connection, values)


def rebuild_values(connection: BaseDatabaseWrapper, values: JsonValues) -> None:
    """Set the triggers and write all rows anew, whatever is there; whoever writes waits."""
    vendor = connection.vendor
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for statement in (*values.set_triggers(vendor), *values.fill(vendor)):
            cursor.execute(statement)


def count_wrong(connection: BaseDatabaseWrapper, values: JsonValues) -> int:
    """How many rows are there that should not be, or the other way round."""
    expected = f"SELECT * FROM ({values.expected(connection.vendor)}) AS expected"
    present = f"SELECT {_COLUMNS} FROM {values.rows} WHERE subject = '{values.subject}'"
    with connection.cursor() as cursor:
        return sum(
            _first(cursor, f"SELECT count(*) FROM ({one} EXCEPT {other}) AS differing")
            for one, other in ((expected, present), (present, expected))
        )


def _first(cursor: Any, statement: str) -> int:
    cursor.execute(statement)
    number: int = cursor.fetchone()[0]
    return number


class KeepValues(Operation):
    """The migration step that begins to keep the values of a column, those that are there too."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, values: JsonValues) -> None:
        self.values = values

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django's own picture of the tables stays the same."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Set the triggers and write the rows."""
        vendor = schema_editor.connection.vendor
        self._execute(schema_editor, [*self.values.set_triggers(vendor), *self.values.fill(vendor)])

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Take the triggers away."""
        self._execute(schema_editor, self.values.drop_triggers(schema_editor.connection.vendor))

    def describe(self) -> str:
        """What `migrate --plan` shows."""
        return f"Keep the values of {self.values.source}.{self.values.column} as rows"

    @staticmethod
    def _execute(schema_editor: Any, statements: list[str]) -> None:
        for statement in statements:
            schema_editor.execute(statement, params=None)
