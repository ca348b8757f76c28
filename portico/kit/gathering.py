"""Rows that belong to a record, read in the statement that reads the record.

A page that shows one record with a few rows of each of several tables asks once instead of once
per table. Both databases put the rows together as JSON.
"""

import json
from typing import Any

from django.db import models
from django.db.models import JSONField, Subquery
from django.db.models.functions import JSONObject

_SQLITE = "(SELECT JSON_GROUP_ARRAY(JSON(gathered.one)) FROM (%(subquery)s) gathered)"
_POSTGRESQL = "(SELECT COALESCE(JSONB_AGG(gathered.one), '[]'::jsonb) FROM (%(subquery)s) gathered)"


class Gathered(Subquery):
    """An annotation: the rows of a queryset as a list of mappings, in no particular order.

    `columns` name what each mapping holds, as expressions of the rows' own fields. Read it with
    `gathered()`, which knows how the databases differ; days and moments arrive as ISO text, ids
    as text, yes and no as a truth value of either kind.
    """

    def __init__(self, rows: models.QuerySet[Any], **columns: Any) -> None:
        super().__init__(
            rows.order_by().values(one=JSONObject(**columns)), output_field=JSONField()
        )

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """With SQLite's functions."""
        return self.as_sql(compiler, connection, template=_SQLITE, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """With PostgreSQL's functions."""
        return self.as_sql(compiler, connection, template=_POSTGRESQL, **extra)


def gathered(value: Any) -> list[dict[str, Any]]:
    """The rows of an annotation, or of one inside another, which SQLite gives as text."""
    found: list[dict[str, Any]] = json.loads(value) if isinstance(value, str) else value or []
    return found
