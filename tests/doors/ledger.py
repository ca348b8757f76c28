"""Did the database change? A digest of every row, by workspace, and a watch over statements."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

# The two stamps that a read may write (architecture.md, Tests).
STAMPS = {("Session", "last_seen_at"), ("ApiKey", "last_used_at")}

# A stamp alone changes no row that the digest looks at, and every request leaves one here.
STAMPING = re.compile(
    r'UPDATE "(accounts_session|workspaces_apikey)" SET "(last_seen_at|last_used_at)" = \S+ WHERE'
)
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE", "CREATE", "DROP", "ALTER")

Digest = dict[tuple[str, str], str]


def digest() -> Digest:
    """A hash for each table and workspace over all of its rows but the stamps."""
    hashes: dict[tuple[str, str], Any] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:
            continue
        for workspace, row in _rows(model):
            place = (model._meta.label, workspace)
            hashes.setdefault(place, hashlib.sha256()).update(row)
    return {place: sums.hexdigest() for place, sums in hashes.items()}


def changed(before: Digest, after: Digest) -> set[tuple[str, str]]:
    """The tables and workspaces that differ."""
    return {
        place for place in before.keys() | after.keys() if before.get(place) != after.get(place)
    }


@contextmanager
def watched() -> Iterator[list[str]]:
    """The statements run inside the block that write to any table but the cache's."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        cache = settings.CACHES["default"]["LOCATION"]
        is_written = sql.lstrip().upper().startswith(WRITING) and str(cache) not in sql
        if is_written and not STAMPING.match(sql):
            seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen


def _rows(model: type[models.Model]) -> Iterator[tuple[str, bytes]]:
    fields = [
        field.attname
        for field in model._meta.concrete_fields
        if (model.__name__, field.name) not in STAMPS
    ]
    rows: Any = models.QuerySet(model).order_by("pk").values_list(*fields)
    own = fields.index("workspace_id") if "workspace_id" in fields else None
    for row in rows:
        yield "" if own is None else str(row[own]), repr(row).encode()
