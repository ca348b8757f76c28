"""`portico serve` as a process: starts, answers, replaces its worker, ends gracefully."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crash.conftest import ROOT, Installation, wait_until
from tests.smtp import free_port


@contextmanager
def serving(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Serve from a data folder; the process and the file it prints to."""
    printed = folder.parent / "printed.txt"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with printed.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "portico", "serve", "--port", str(port), "--workers", "1"],
            env={**environment, "PORTICO_DATA_DIR": str(folder)},
            stdout=output,
            stderr=output,
            cwd=ROOT,
        )
    try:
        yield server, printed
    finally:
        server.terminate()
        assert server.wait(35) == 0, printed.read_text()


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


def test_it_prints_one_first_run_link_is_ready_and_replaces_a_worker_that_died(
    tmp_path: Path,
) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with serving(tmp_path / "var", port) as (_server, printed):
        wait_until(lambda: get(f"{base}/readyz")[0] == 200)
        [link] = re.findall(rf"{base}/setup/\S+", printed.read_text())
        assert get(link)[0] == 200
        assert (tmp_path / "var" / "base_url").read_text() == f"{base}\n"
        workers = worker_processes(_server.pid)
        os.kill(workers[0], signal.SIGKILL)
        wait_until(lambda: set(worker_processes(_server.pid)) - set(workers))
        assert json.loads(get(f"{base}/healthz")[1]) == {"status": "ok"}
        token = link.rstrip("/").rpartition("/")[2]
        assert printed.read_text().count(token) == 1


def test_a_database_of_a_newer_portico_is_not_touched(installation: Installation) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(installation.folder / "portico.sqlite3")) as database:
        row = ("history", "0999_later")
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')", row
        )
        database.commit()
    done = subprocess.run(
        [sys.executable, "-m", "portico", "serve", "--port", str(free_port())],
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 1
    assert "newer Portico (history.0999_later)" in done.stderr


def worker_processes(parent: int) -> list[int]:
    """The children of `serve` that are workers."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            name = (folder / "comm").read_text()
            owner = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if owner == parent and name == "portico-worker\n":
            found.append(int(folder.name))
    return found
