"""Where the long drills leave their numbers: one section each in docs/drills.md."""

import datetime
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "drills.md"
HEAD = (
    "# Drills\n\nWhat `make drill` counted last, written by the drill itself: each section with the"
    " day and\nthe commit of its run. What has to be refused or equal is asserted: a figure that is"
    " not as it has\nto be fails the drill.\n"
)


def write_section(title: str, numbers: Mapping[str, object]) -> None:
    """Replace the section of this title, or add it."""
    text = PAGE.read_text() if PAGE.exists() else HEAD
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    rows = "\n".join(f"| {name} | {value} |" for name, value in numbers.items())
    section = (
        f"## {title}\n\n{day}, commit {_commit()}, {os.cpu_count()} cores.\n\n"
        f"| what | count |\n|---|---|\n{rows}\n"
    )
    kept = re.sub(rf"\n## {re.escape(title)}\n.*?(?=\n## |\Z)", "", text, flags=re.DOTALL)
    PAGE.write_text(f"{kept.rstrip()}\n\n{section}")


def _commit() -> str:
    """What was drilled; in an unpacked archive nobody knows."""
    asked = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
