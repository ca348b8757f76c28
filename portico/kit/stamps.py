"""The two stamps that a GET may write: session last seen, key last used.

One statement, at most every five minutes, and skipped when the database is locked: reading a page
never waits for a writer.
"""

import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Model
from django.utils import timezone

STAMP_EVERY = datetime.timedelta(minutes=5)


def stamp(row: Model, field: str) -> None:
    """Set `field` of the row to now unless it was set within the last five minutes."""
    now = timezone.now()
    last = getattr(row, field)
    if last is not None and now - last < STAMP_EVERY:
        return
    if connection.vendor == "postgresql":
        _stamp_unless_locked(row, field, now=now)
    else:
        _stamp_without_waiting(row, field, now=now)
    setattr(row, field, now)


def _stamp_unless_locked(row: Model, field: str, *, now: datetime.datetime) -> None:
    rows = type(row)._default_manager
    with transaction.atomic():
        free = rows.filter(pk=row.pk).select_for_update(skip_locked=True).values("pk")
        rows.filter(pk__in=free).update(**{field: now})


def _stamp_without_waiting(row: Model, field: str, *, now: datetime.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            type(row)._default_manager.filter(pk=row.pk).update(**{field: now})
        except OperationalError:
            pass  # a writer is at work; the next request stamps
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
