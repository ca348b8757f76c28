"""Installations in folders and databases of their own, worked on by processes of their own."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """A data folder and a database; `database_url` is empty for SQLite in the folder."""

    folder: Path
    database_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the test's own database or settings."""
        found = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "portico.config.settings",
            "PORTICO_DATA_DIR": str(self.folder),
        }
        return found | ({"PORTICO_DATABASE_URL": self.database_url} if self.database_url else {})

    def portico(self, *words: object, **limits: Any) -> subprocess.CompletedProcess[str]:
        """Run one command line to its end."""
        return subprocess.run(
            [sys.executable, "-m", "portico", *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            **limits,
        )

    def done(self, *words: object) -> str:
        """Run one command line that has to go well; what it printed."""
        ran = self.portico(*words)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def refused(self, *words: object, **limits: Any) -> str:
        """Run one command line that has to be refused in one sentence; what it said."""
        ran = self.portico(*words, **limits)
        assert (ran.returncode, ran.stdout) == (1, ""), ran.stdout + ran.stderr
        assert ran.stderr.startswith("portico: "), ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.stderr

    def fill(self, people: int) -> None:
        """Bring in the workspace that speed is measured on, with so many people."""
        subprocess.run(
            [sys.executable, "-m", "tests.bench.seeding"],
            env=self.environment | {"PORTICO_BENCH_SIZES": str(people)},
            stdout=subprocess.DEVNULL,
            check=True,
            cwd=ROOT,
        )

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process of Python beside the test, killed at the end."""
        process = subprocess.Popen(
            [sys.executable, *words],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def killed(self, *words: object, after: float) -> bool:
        """Start one command line and kill it after some time; whether it was still at work."""
        with self.running("-m", "portico", *map(str, words)) as process:
            time.sleep(after)
            was_at_work = process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
        return was_at_work

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Rows out of the database, read past the product."""
        if not self.database_url:
            address = f"file:{self.folder / 'portico.sqlite3'}?mode=rw"
            with closing(sqlite3.connect(address, timeout=20, uri=True)) as database:
                return database.execute(question).fetchall()
        with closing(psycopg.connect(self.database_url)) as database:
            return database.execute(question.encode()).fetchall()

    def change(self, statement: str) -> None:
        """Write to the database, past the product."""
        if not self.database_url:
            with closing(sqlite3.connect(self.folder / "portico.sqlite3", timeout=20)) as database:
                database.execute(statement)
                database.commit()
            return
        with closing(psycopg.connect(self.database_url)) as database:
            database.execute(statement.encode())
            database.commit()

    def is_whole(self) -> bool:
        """Whether there is a database with anything in it."""
        try:
            return bool(self.rows("SELECT count(*) FROM workspaces_workspace")[0][0])
        except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
            return False

    def damage(self) -> list[str]:
        """What the doctor finds wrong, but for the worker that nobody started."""
        found = json.loads(self.portico("doctor", "--json").stdout)
        return [finding["text"] for finding in found if finding["check"] != "worker"]


NewPlace = Callable[[], Place]


@contextmanager
def new_places(folder: Path) -> Iterator[NewPlace]:
    """Makes empty places on the engine of this run; their databases are dropped at the end."""
    made: list[str] = []

    def make() -> Place:
        name = f"place_{uuid.uuid4().hex}"
        if connection.vendor == "sqlite":
            return Place(folder / name)
        _run(sql.SQL("CREATE DATABASE {}"), name)
        made.append(name)
        return Place(folder / name, _url(name))

    try:
        yield make
    finally:
        for name in made:
            _run(sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)


def random_moments(count: int, *, most: float) -> list[float]:
    """Moments to kill at, the same in every run."""
    chance = random.Random(7)
    return [chance.uniform(0.2, most) for _ in range(count)]


def _run(statement: sql.SQL, name: str) -> None:
    with closing(psycopg.connect(_url("postgres"), autocommit=True)) as database:
        database.execute(statement.format(sql.Identifier(name)))


def _url(name: str) -> str:
    found = settings.DATABASES["default"]
    login = f"{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
    return f"postgresql://{login}/{name}"
