"""Start-up checks: Portico refuses to run on weaker ground than it promises."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connection

FULL = 2


@register(Tags.database)
def sqlite_keeps_what_it_acknowledged(databases: Any = None, **_: Any) -> list[Error]:
    """WAL, synchronous=FULL, foreign keys and IMMEDIATE transactions, or no start."""
    if not databases or connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    found["journal_mode"] = str(found["journal_mode"]).lower()
    wanted = {"journal_mode": "wal", "synchronous": FULL, "foreign_keys": 1}
    errors = [
        Error(f"SQLite runs with {name}={found[name]}; it must be {value}.", id="portico.E001")
        for name, value in wanted.items()
        if found[name] != value
    ]
    mode = connection.settings_dict["OPTIONS"].get("transaction_mode")
    if mode != "IMMEDIATE":
        errors.append(Error("SQLite transactions must begin IMMEDIATE.", id="portico.E002"))
    return errors
