"""Make a backup."""

import errno
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

import portico
from portico.config.backups import postgres, sqlite
from portico.config.backups.archive import ArchiveWriter
from portico.config.backups.manifest import FILES, FORMAT, SECRET_KEY, Manifest
from portico.kit.errors import Refused

ATTEMPTS = 5
OWNER_ONLY = 0o600
REMEMBERED = "last_backup"
_CREATED = os.O_RDWR | os.O_CREAT


class FileVanished(Exception):
    """A file that was there before the database was copied is no longer there."""


@dataclass(frozen=True, kw_only=True)
class LastBackup:
    """When the last backup was made, and where to."""

    at: datetime
    path: str


def make_backup(target: Path) -> Manifest:
    """Write a backup of this installation to a new file, while it is in use.

    The file gets its name when it is complete and on the disk; until then it is `NAME.part`, which
    the next backup of that name overwrites. Raises Refused where the file is there already, can't
    be written (disk full too), or where there is nothing to back up.
    """
    if (Path(settings.PORTICO_DATA_DIR) / FILES).resolve() in target.resolve().parents:
        text = _("%(path)s is among the files that are backed up; choose a place outside.")
        raise Refused("backup_failed", text % {"path": target})
    if target.exists():
        text = _("%(path)s is there already; backups are never overwritten.") % {"path": target}
        raise Refused("file_exists", text)
    part = target.with_name(f"{target.name}.part")
    try:
        with _own(part) as file:
            manifest = _write(file, scratch=target.with_name(f"{target.name}.part.sqlite3"))
            os.fsync(file.fileno())
            part.rename(target)
            sync_folder(target.parent)
    except (OSError, sqlite3.Error, DatabaseError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        text = _("The backup could not be written to %(path)s: %(reason)s")
        detail = text % {"path": target, "reason": reason}
        raise Refused("backup_failed", detail) from error
    _remember(manifest.created_at, target)
    return manifest


def last_backup() -> LastBackup | None:
    """The last backup that was made of this data folder, if any."""
    try:
        kept = json.loads((Path(settings.PORTICO_DATA_DIR) / REMEMBERED).read_text())
        return LastBackup(at=datetime.fromisoformat(kept["at"]), path=kept["path"])
    except (OSError, ValueError, KeyError):
        return None


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _own(part: Path) -> Iterator[IO[bytes]]:
    """The unfinished file, locked; it is gone afterwards unless it got its name."""
    with os.fdopen(os.open(part, _CREATED, OWNER_ONLY), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            text = _("Another backup is being written to %(path)s.") % {"path": part}
            raise Refused("backup_running", text) from error
        os.fchmod(file.fileno(), OWNER_ONLY)
        try:
            yield file
        finally:
            with suppress(FileNotFoundError):
                if os.path.samestat(part.stat(), os.fstat(file.fileno())):
                    part.unlink()


def _write(file: IO[bytes], *, scratch: Path) -> Manifest:
    """Files stand beside the database: one that vanishes while both are copied begins it anew."""
    for _attempt in range(ATTEMPTS):
        file.seek(0)
        file.truncate()
        with suppress(FileVanished):
            return _write_once(file, scratch=scratch)
    raise OSError(errno.EBUSY, _("files of the data folder vanish again and again"))


def _write_once(file: IO[bytes], *, scratch: Path) -> Manifest:
    writer = ArchiveWriter(file)
    try:
        manifest = _add_parts(writer, scratch)
    except BaseException:
        writer.abandon()
        raise
    writer.finish(manifest)
    return manifest


def _add_parts(writer: ArchiveWriter, scratch: Path) -> Manifest:
    created_at = timezone.now()
    before = set(_stored_files())
    columns: dict[str, list[str]] = {}
    if connection.vendor == "sqlite":
        rows, migrations = sqlite.write_database(writer, scratch)
    else:
        rows, migrations, columns = postgres.write_database(writer)
    _add_files(writer, before)
    writer.add(SECRET_KEY, [settings.SECRET_KEY.encode()])
    return Manifest(
        format=FORMAT,
        version=portico.__version__,
        created_at=created_at,
        engine="sqlite" if connection.vendor == "sqlite" else "postgresql",
        migrations=migrations,
        rows=rows,
        columns=columns,
        members=writer.members,
    )


def _add_files(writer: ArchiveWriter, before: set[Path]) -> None:
    folder = Path(settings.PORTICO_DATA_DIR)
    for path in sorted(before.union(_stored_files())):
        try:
            writer.add_file(FILES + path.relative_to(folder / FILES).as_posix(), path)
        except FileNotFoundError as error:
            if path in before:
                raise FileVanished from error


def _stored_files() -> Iterator[Path]:
    """The files that records point to: uploads, and what operations keep."""
    for folder, _folders, names in os.walk(Path(settings.PORTICO_DATA_DIR) / FILES):
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _remember(at: datetime, target: Path) -> None:
    """For `portico doctor`; a data folder that takes nothing more does not spoil the backup."""
    path = Path(settings.PORTICO_DATA_DIR) / REMEMBERED
    fresh = path.with_name(f"{REMEMBERED}.{os.getpid()}")
    with suppress(OSError):
        fresh.write_text(json.dumps({"at": at.isoformat(), "path": str(target.resolve())}))
        fresh.replace(path)
