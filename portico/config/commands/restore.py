"""`portico restore`: check a backup, or put it back."""

import argparse
import os
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from portico.config.backups.manifest import Manifest
from portico.config.backups.restoring import check_backup, restore_backup
from portico.config.schema import migrate_schema, unapplied
from portico.kit.errors import Refused

HELP = "Check a backup, or put it back into an empty data folder and an empty database"
EXAMPLE = "portico restore portico-2026-11-22.backup --check"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare argument and option."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--check", action="store_true", help="only read it through; nothing is changed"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check or restore; a damaged backup is refused with status 1."""
    if arguments.check:
        _describe(check_backup(arguments.file), what="The backup is whole")
        return 0
    _describe(restore_backup(arguments.file), what="Restored")
    _bring_up_to_date()
    print(f"Start with: portico serve  (data folder {settings.PORTICO_DATA_DIR})")
    if os.environ.get("PORTICO_SECRET_KEY"):
        print(
            "PORTICO_SECRET_KEY is set and wins over the restored key: unless it is the old one,"
            " everybody signs in again and links sent by mail are void."
        )
    return 0


def _bring_up_to_date() -> None:
    """Apply what came after the backup; it is restored already, and `serve` would do the same."""
    later = unapplied()
    if not later:
        return
    try:
        migrate_schema()
    except (OSError, DatabaseError) as error:
        text = _(
            "It is restored, but was not brought up to date: %(reason)s"
            " `portico serve` goes on where it stopped."
        )
        raise Refused("restore_failed", text % {"reason": error}) from error
    print(f"Brought up to date: {', '.join(later)}.")


def _describe(manifest: Manifest, *, what: str) -> None:
    files = sum(name.startswith("files/") for name in manifest.members)
    print(
        f"{what}: {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables, {files} files,"
        f" made by Portico {manifest.version} on {manifest.created_at:%Y-%m-%d %H:%M} UTC"
        f" ({manifest.engine})."
    )
