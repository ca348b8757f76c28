"""`make bench`: measures on the database of the environment and writes docs/benchmarks.md."""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.bench.measuring import environment_of, measure, said_by
from tests.bench.report import page
from tests.bench.seeding import SIZES
from tools.findings import ROOT

DATABASE_URL = os.environ.get("PORTICO_DATABASE_URL", "")
DATABASE = "PostgreSQL" if DATABASE_URL else "SQLite"
# Kept between runs: what was filled, and the last figures of both databases.
CACHE = Path(tempfile.gettempdir()) / "portico-bench"


@pytest.mark.bench
def test_speed_at_each_size() -> None:
    folder = CACHE / DATABASE.lower()
    folder.mkdir(parents=True, exist_ok=True)
    filled = filled_on_postgresql if DATABASE_URL else filled_on_sqlite
    environment, known = filled(folder)
    measured = measure(environment, known)
    (folder / "measured.json").write_text(json.dumps(measured))
    kept = {
        name: json.loads(path.read_text())
        for name in ("SQLite", "PostgreSQL")
        if (path := CACHE / name.lower() / "measured.json").exists()
    }
    # What an earlier version measured of the other database may lack what is told today.
    results = {name: result for name, result in kept.items() if result.keys() == measured.keys()}
    text = page(results)
    (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)  # noqa: T201 - `make bench` shows it


def version() -> str:
    """Which migrations and which seeding a filled database is of."""
    files = [*ROOT.glob("portico/*/migrations/*.py"), *(ROOT / "tests/bench").glob("*ing.py")]
    seen = hashlib.sha256(json.dumps(SIZES).encode())
    for file in sorted(files):
        if file.name not in {"measuring.py", "asking.py"}:
            seen.update(file.read_bytes())
    return seen.hexdigest()[:12]


def filled_on_sqlite(folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """Measures change what they measure, so a copy of the filled database is used up."""
    kept, used = folder / f"filled-{version()}", folder / "used"
    for other in [*folder.glob("filled-*"), used]:
        if other != kept:
            shutil.rmtree(other, ignore_errors=True)
    known = known_of(kept, environment_of(kept))
    shutil.copytree(kept, used)
    return environment_of(used), known


def filled_on_postgresql(folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """See `filled_on_sqlite`; the copies are databases of the same server."""
    import psycopg

    server, name = DATABASE_URL.rpartition("/")[0], f"filled_{version()}"
    kept = folder / name
    with psycopg.connect(DATABASE_URL, autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        names = {row[0] for row in rows.fetchall()}
        for other in names - {name}:
            if other == "used" or other.startswith("filled_"):
                connection.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
        if name not in names:
            connection.execute(f'CREATE DATABASE "{name}"')
            shutil.rmtree(kept, ignore_errors=True)
        known = known_of(kept, environment_of(kept, f"{server}/{name}"))
        connection.execute(f'CREATE DATABASE used TEMPLATE "{name}" STRATEGY FILE_COPY')
    used = folder / "used"
    shutil.rmtree(used, ignore_errors=True)
    used.mkdir()
    return environment_of(used, f"{server}/used"), known


def known_of(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Fill the database unless it is filled; what has to be known of it."""
    said = folder / "known.json"
    if not said.exists():
        folder.mkdir(exist_ok=True)
        said.write_text(json.dumps(said_by("tests.bench.seeding", environment)))
    known: dict[str, Any] = json.loads(said.read_text())
    return known
