"""`portico backup`: one file that holds everything, made while the server is in use."""

import argparse
from pathlib import Path

from portico.config.backups.making import make_backup

HELP = "Write a backup of database, files and key into one new file"
EXAMPLE = "portico backup portico-2026-11-22.backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the argument."""
    parser.add_argument("file", type=Path, metavar="FILE", help="must not be there yet")


def run(arguments: argparse.Namespace) -> int:
    """Make it, and say what it holds."""
    manifest = make_backup(arguments.file)
    mebibytes = arguments.file.stat().st_size / 1024**2
    files = sum(name.startswith("files/") for name in manifest.members)
    print(
        f"{arguments.file}: {mebibytes:.1f} MiB, {sum(manifest.rows.values())} rows of"
        f" {len(manifest.rows)} tables, {files} files."
    )
    print("It holds every secret of this installation: keep it as you keep passwords.")
    print(f"Check it with: portico restore {arguments.file} --check")
    return 0
