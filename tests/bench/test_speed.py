"""`make bench`: measures on the database of the environment and writes docs/benchmarks.md."""

import json
import os
import tempfile
from pathlib import Path

import pytest

from tests.bench.measuring import measure
from tests.bench.report import page
from tools.findings import ROOT

DATABASE = "PostgreSQL" if os.environ.get("PORTICO_DATABASE_URL") else "SQLite"
# Kept between runs: what was seeded on SQLite, and the last figures of both databases.
CACHE = Path(tempfile.gettempdir()) / "portico-bench"


@pytest.mark.bench
def test_speed_at_1000_and_100000_people() -> None:
    folder = CACHE / DATABASE.lower()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps(measure(folder)))
    results = {
        name: json.loads(path.read_text())
        for name in ("SQLite", "PostgreSQL")
        if (path := CACHE / name.lower() / "figures.json").exists()
    }
    text = page(results)
    (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)  # noqa: T201 - `make bench` shows it
