"""Where the long drills leave their numbers: one section each in docs/drills.md."""

import datetime
import os
import re
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "drills.md"
HEAD = "# Drills\n\nWhat `make drill` counted last, written by itself.\n"


def write_section(title: str, numbers: Mapping[str, object]) -> None:
    """Replace the section of this title, or add it."""
    text = PAGE.read_text() if PAGE.exists() else HEAD
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    rows = "\n".join(f"| {name} | {value} |" for name, value in numbers.items())
    section = (
        f"## {title}\n\n{day}, {os.cpu_count()} cores.\n\n| what | count |\n|---|---|\n{rows}\n"
    )
    kept = re.sub(rf"\n## {re.escape(title)}\n.*?(?=\n## |\Z)", "", text, flags=re.DOTALL)
    PAGE.write_text(f"{kept.rstrip()}\n\n{section}")
