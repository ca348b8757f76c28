"""A worker as a process of its own, on a database in a file, that can be killed at any moment."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.smtp import SmtpServer, running_smtp_server

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Installation:
    """A data folder, the environment that leads to it, and the processes that run on it."""

    folder: Path
    email_url: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the test's own database or settings."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PORTICO_DATA_DIR": str(self.folder),
            "PORTICO_EMAIL_URL": self.email_url,
        }

    def run_script(self, name: str, *words: str) -> str:
        """Run one of the functions of tests/crash/scripts.py in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.crash.scripts", name, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def ask(self, question: str) -> Any:
        """One value out of the database, read past the product."""
        with closing(sqlite3.connect(self.folder / "portico.sqlite3", timeout=20)) as database:
            return database.execute(question).fetchone()[0]

    def end_leases(self) -> None:
        """As if the time of every lease had passed."""
        with closing(sqlite3.connect(self.folder / "portico.sqlite3", timeout=20)) as database:
            database.execute("UPDATE notifications_outgoingmail SET lease_until = NULL")
            database.execute("UPDATE operations_operation SET lease_until = NULL")
            database.commit()

    def start_worker(self) -> subprocess.Popen[bytes]:
        """A worker, with the kinds of long work that these tests use."""
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.scripts", "worker"],
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        self.running.append(worker)
        return worker

    def started(self) -> int:
        """How many workers have come so far that they listen to signals."""
        return (self.folder / "worker.log").read_text().count("worker started")

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """As a power cut would."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()


def wait_until(condition: Callable[[], object], *, seconds: float = 60) -> None:
    """Wait for something that another process brings about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def mail_server() -> Iterator[SmtpServer]:
    """The server that the worker sends to."""
    with running_smtp_server() as server:
        yield server


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a migrated database and a workspace, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    Installation(folder, "").run_script("prepare")
    return folder


@pytest.fixture
def installation(tmp_path: Path, prepared: Path, mail_server: SmtpServer) -> Iterator[Installation]:
    """A fresh installation with a workspace; what still runs at the end is killed."""
    made = Installation(Path(shutil.copytree(prepared, tmp_path / "var")), mail_server.url)
    yield made
    for worker in made.running:
        if worker.poll() is None:
            made.kill(worker)
