"""Search in texts: part of a word for three letters and more, the beginning of one for less.

What reads like a telephone number is looked for by its digits too, however either is written.

A model takes part with a column `search_text` (folded by `kit.names.search_fold`), the migration
operation `CreateSearchIndex` and `searched()`. PostgreSQL has a trigram index on the column.
SQLite has a trigram table beside the model's, kept by triggers; `kit.apps` sets them anew after
each migration, because Django rebuilds tables on SQLite and loses triggers with the old one.
"""

# ruff: noqa: S608 - the statements are put together from names of our own tables only

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from portico.kit.names import search_fold
from portico.kit.phones import dialled_digits
from portico.kit.tenancy.scope import current_workspace_id

SEARCHED_COLUMN = "search_text"
# Up to this many hits are fetched and sorted; more are so common that walking the list in its
# order meets a page of them at once (measured at a million rows on both databases).
FEW = 1000
INDEXED_LENGTH = 3

Rows = TypeVar("Rows", bound=models.QuerySet[Any])

_SQLITE_PROBE = """
SELECT numbered.record_id
FROM {table}_trigrams AS hits
JOIN {table}_numbers AS numbered ON numbered.number = hits.rowid
WHERE hits.{table}_trigrams MATCH %s
LIMIT {limit}
"""
# A look at twenty pages of the table tells which words are everywhere: of those all hits would be
# read for nothing (114 ms of 160,000 among a million). The sample says so with a row without id.
# Materialized, so that the planner weighs reading all hits: misjudging a rare word as a common one
# it would scan the whole table for the first thousand.
_POSTGRESQL_PROBE = """
WITH sample AS MATERIALIZED (
    SELECT count(*) >= {sampled}
        AND count(*) FILTER (WHERE {conditions}) * 20 >= count(*) AS is_common
    FROM {table} TABLESAMPLE SYSTEM ((
        SELECT least(100, 2000.0 / greatest(relpages, 1)) FROM pg_class
        WHERE oid = '{table}'::regclass
    )) REPEATABLE (1)
    WHERE workspace_id = %s
), hits AS MATERIALIZED (
    SELECT id FROM {table}
    WHERE workspace_id = %s AND {conditions} AND NOT (SELECT is_common FROM sample)
)
SELECT NULL AS id FROM sample WHERE is_common
UNION ALL
SELECT id FROM hits LIMIT {limit}
"""
# Fewer rows of a workspace in the sample say nothing.
SAMPLED = 200


def searched(rows: Rows, text: str, *, is_common: bool = False) -> Rows:
    """Those rows whose search text holds every word of the text, or its digits (see `_readings`).

    Takes any queryset of a model with a search index; one query is made here, inside the scope,
    to learn whether the words are rare, unless they are known to be common. Filters, orders and
    pages may follow. Text without a word finds everything.
    """
    readings = _readings(text.replace("\x00", ""))
    if not readings:
        return rows
    ids = None if is_common else _few_ids(rows.model, readings, connection=connections[rows.db])
    if ids is None:
        rows = rows.alias(read_text=_ReadText(SEARCHED_COLUMN))
        rows = rows.filter(_holds_one(readings, "read_text"))
        rows.query.is_walked = True  # type: ignore[attr-defined] # clones keep it
        return rows
    if connections[rows.db].vendor == "sqlite":
        return rows.filter(_holds_one(readings, SEARCHED_COLUMN), pk__in=ids)
    return rows.filter(pk__in=ids)


def _readings(text: str) -> list[list[str]]:
    """The words of a text; and of one that reads like a telephone number, its digits as a word."""
    words = list(dict.fromkeys(search_fold(text).split()))
    digits = dialled_digits(text)
    if not digits or words == [digits]:
        return [words] if words else []
    return [words, [digits]]


def is_walked(rows: models.QuerySet[Any]) -> bool:
    """Whether the rows were searched for common words: counting them all would read them all."""
    return getattr(rows.query, "is_walked", False)


class _ReadText(models.Func):
    """The search text of a row that was come upon, not looked for.

    PostgreSQL would collect all hits of a common word in the trigram index to show fifty of them
    (56 ms against 1 ms at a million rows); of an expression it has no index.
    """

    template = "%(expressions)s"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The column with nothing added to it."""
        return super().as_sql(compiler, connection, template="(%(expressions)s || '')", **extra)


def _holds_one(readings: Sequence[Sequence[str]], text: str) -> Q:
    return reduce(or_, (Q(*(_holds(word, text) for word in words)) for words in readings))


def _holds(word: str, text: str) -> Q:
    if len(word) >= INDEXED_LENGTH:
        return Q(**{f"{text}__contains": word})
    return Q(**{f"{text}__startswith": word}) | Q(**{f"{text}__contains": f" {word}"})


def _few_ids(
    model: type[models.Model],
    readings: Sequence[Sequence[str]],
    *,
    connection: BaseDatabaseWrapper,
) -> list[UUID] | None:
    """The ids of the hits in the present workspace; None when there are too many of them.

    On SQLite they may be more than the hits: single letters stay out of the question.
    """
    table = model._meta.db_table
    workspace_id = current_workspace_id()
    # One letter has no trigram: alone it is a common word to either database.
    asked = [[word for word in words if len(word) > 1] for words in readings]
    if not all(asked):
        return None
    if connection.vendor == "sqlite":
        statement = _SQLITE_PROBE.format(table=table, limit=FEW + 1)
        parameters = [_match_expression(workspace_id, asked)]
    else:
        conditions, parameters = _like_conditions(readings)
        statement = _POSTGRESQL_PROBE.format(
            table=table, conditions=conditions, sampled=SAMPLED, limit=FEW + 1
        )
        workspace = str(workspace_id)
        parameters = [*parameters, workspace, workspace, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found = cursor.fetchall()
    is_common = len(found) > FEW or found[:1] == [(None,)]
    return None if is_common else [UUID(str(key)) for (key,) in found]


def _match_expression(workspace_id: UUID, readings: Sequence[Sequence[str]]) -> str:
    """The words as FTS5 phrases, quoted so that none of them is an operator."""
    phrases = (" AND ".join(map(_phrase, words)) for words in readings)
    return f'workspace : "{_token(workspace_id)}" AND (({") OR (".join(phrases)}))'


def _phrase(word: str) -> str:
    # The indexed text begins with a space, so that a space begins every word.
    part = word if len(word) >= INDEXED_LENGTH else f" {word}"
    return 'words : "{}"'.format(part.replace('"', '""'))


def _like_conditions(readings: Sequence[Sequence[str]]) -> tuple[str, list[str]]:
    asked = [[_like_condition(word) for word in words] for words in readings]
    conditions = (" AND ".join(condition for condition, _values in each) for each in asked)
    parameters = [value for each in asked for _condition, values in each for value in values]
    return f"(({') OR ('.join(conditions)}))", parameters


def _like_condition(word: str) -> tuple[str, list[str]]:
    plain = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    if len(word) >= INDEXED_LENGTH:
        return f"{SEARCHED_COLUMN} LIKE %s", [f"%{plain}%"]
    either = f"({SEARCHED_COLUMN} LIKE %s OR {SEARCHED_COLUMN} LIKE %s)"
    return either, [f"{plain}%", f"% {plain}%"]


def _token(workspace_id: UUID) -> str:
    """Three characters (one trigram) for a workspace, out of an area that no text uses.

    Two workspaces in 10^10 share one; that costs time only, the fence still parts them.
    """
    digits = workspace_id.hex[-9:]
    return "".join(chr(0xE000 + int(digits[start : start + 3], 16)) for start in (0, 3, 6))


def _token_expression(column: str) -> str:
    """`_token` in SQLite's words."""

    def digit(position: int) -> str:
        return f"(instr('0123456789abcdef', substr({column}, {position}, 1)) - 1)"

    groups = (
        f"{0xE000} + 256 * {digit(first)} + 16 * {digit(first + 1)} + {digit(first + 2)}"
        for first in (24, 27, 30)
    )
    return f"char({', '.join(groups)})"


def _triggers(table: str) -> dict[str, str]:
    """The statements that keep the trigram table; only a changed text touches it."""
    columns = f"{table}_trigrams(rowid, workspace, words)"
    new = f"{_token_expression('new.workspace_id')}, ' ' || new.{SEARCHED_COLUMN}"
    number = f"(SELECT number FROM {table}_numbers WHERE record_id = old.id)"
    # The table keeps no texts: what is taken out has to be said once more.
    forget = (
        f"INSERT INTO {table}_trigrams({table}_trigrams, rowid, workspace, words) "
        f"VALUES ('delete', {number}, {_token_expression('old.workspace_id')}, "
        f"' ' || old.{SEARCHED_COLUMN});"
    )
    return {
        f"{table}_search_insert": f"AFTER INSERT ON {table} BEGIN "
        f"INSERT INTO {table}_numbers(record_id) VALUES (new.id); "
        f"INSERT INTO {columns} VALUES (last_insert_rowid(), {new}); END",
        f"{table}_search_update": f"AFTER UPDATE OF {SEARCHED_COLUMN} ON {table} "
        f"WHEN old.{SEARCHED_COLUMN} IS NOT new.{SEARCHED_COLUMN} BEGIN {forget} "
        f"INSERT INTO {columns} VALUES ({number}, {new}); END",
        f"{table}_search_delete": f"AFTER DELETE ON {table} BEGIN {forget} "
        f"DELETE FROM {table}_numbers WHERE record_id = old.id; END",
    }


def _make_tables(table: str) -> list[str]:
    """A number for each record that lasts (SQLite's own change with VACUUM), and the trigrams."""
    return [
        f"CREATE TABLE {table}_numbers "
        "(number integer PRIMARY KEY, record_id char(32) NOT NULL UNIQUE)",
        f"CREATE VIRTUAL TABLE {table}_trigrams USING fts5"
        "(workspace, words, tokenize='trigram', content='', columnsize=0)",
    ]


def _fill_tables(table: str) -> list[str]:
    return [
        f"INSERT INTO {table}_trigrams({table}_trigrams) VALUES ('delete-all')",
        f"DELETE FROM {table}_numbers",
        f"INSERT INTO {table}_numbers(record_id) SELECT id FROM {table}",
        f"INSERT INTO {table}_trigrams(rowid, workspace, words) "
        f"SELECT number, {_token_expression('workspace_id')}, ' ' || {SEARCHED_COLUMN} "
        f"FROM {table}_numbers JOIN {table} ON id = record_id",
    ]


def restore_triggers(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers that a rebuilt table has lost, and index its rows anew."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'trigger')")
        present = set(cursor.fetchall())
        for table in sorted(_searched_tables()):
            if ("table", f"{table}_numbers") not in present:
                continue
            triggers = _triggers(table)
            if all(("trigger", name) in present for name in triggers):
                continue
            for name, body in triggers.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {body}")
            for statement in _fill_tables(table):
                cursor.execute(statement)


def _searched_tables() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.name == SEARCHED_COLUMN for field in model._meta.get_fields())
    }


class CreateSearchIndex(Operation):
    """The migration step that makes the search index of a model of the same app."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django's own picture of the tables stays the same."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Make the index over the rows that are there."""
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in self._forwards(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Take the index away."""
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in self._backwards(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """What `migrate --plan` shows."""
        return f"Create the search index of {self.model_name}"

    @staticmethod
    def _forwards(table: str, vendor: str) -> list[str]:
        if vendor != "sqlite":
            return [
                "CREATE EXTENSION IF NOT EXISTS pg_trgm",
                f"CREATE INDEX {table}_trigrams ON {table} "
                f"USING gin ({SEARCHED_COLUMN} gin_trgm_ops)",
            ]
        triggers = [f"CREATE TRIGGER {name} {body}" for name, body in _triggers(table).items()]
        return [*_make_tables(table), *triggers, *_fill_tables(table)]

    @staticmethod
    def _backwards(table: str, vendor: str) -> list[str]:
        if vendor != "sqlite":
            return [f"DROP INDEX {table}_trigrams"]
        triggers = [f"DROP TRIGGER {name}" for name in _triggers(table)]
        return [*triggers, f"DROP TABLE {table}_trigrams", f"DROP TABLE {table}_numbers"]
