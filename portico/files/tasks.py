"""Let go of files that nothing uses any more: a part of the worker's hourly sweep."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from portico.files.actions.storing import UNFINISHED
from portico.files.guards import used_files
from portico.files.models import StoredFile
from portico.files.reports import folder_of_workspace, path_of

KEPT = datetime.timedelta(hours=24)
SLICE = 500
_HASH = re.compile(r"[0-9a-f]{64}")


def sweep_files() -> int:
    """Remove what nothing has used for 24 hours: rows with their bytes, and bytes without a row.

    Nothing that anybody could see changes, so nothing is recorded. Returns how many went.
    """
    before = timezone.now() - KEPT
    old = StoredFile.objects.filter(created_at__lt=before).order_by("pk")
    keys = list(old.values_list("pk", flat=True))
    gone = 0
    for start in range(0, len(keys), SLICE):
        part = set(keys[start : start + SLICE])
        unused = part - used_files(part)
        gone += _remove(unused, before) if unused else 0
    return gone + sum(_remove_stray(path) for path in _old_paths(before))


@transaction.atomic
def _remove(keys: set[UUID], before: datetime.datetime) -> int:
    """Remove these, unless somebody took one up again: the lock decides who was first."""
    rows = StoredFile.objects.filter(pk__in=keys, created_at__lt=before).select_for_update()
    locked = {row.pk: row for row in rows}
    unused = [locked[key] for key in locked.keys() - used_files(locked.keys())]
    for row in unused:
        path_of(row.sha256).unlink(missing_ok=True)
    StoredFile.objects.filter(pk__in=[row.pk for row in unused]).delete()
    return len(unused)


@transaction.atomic
def _remove_stray(path: Path) -> int:
    """Remove bytes without a row, left by a change that was taken back or a process that died.

    A row of the same hash is put in for the moment: whoever stores the same bytes waits for it.
    """
    if _HASH.fullmatch(path.name):
        try:
            with transaction.atomic():
                row = StoredFile.objects.create(sha256=path.name, size=0, media_type="")
        except IntegrityError:
            return 0
        path.unlink(missing_ok=True)
        row.delete()
    elif path.name.startswith(UNFINISHED):
        path.unlink(missing_ok=True)
    else:
        return 0
    return 1


def _old_paths(before: datetime.datetime) -> Iterator[Path]:
    """The files of the folder that are older than this and have no row."""
    for folder in sorted(folder_of_workspace().glob("??")):
        old = [path for path in folder.iterdir() if _written(path) < before.timestamp()]
        names = [path.name for path in old]
        rows = StoredFile.objects.filter(sha256__in=names)
        known = set(rows.values_list("sha256", flat=True)) if names else set()
        yield from (path for path in old if path.name not in known)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
