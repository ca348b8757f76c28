"""Starts the real server on the seeded database and times what people and programs ask of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench.asking import (
    Figure,
    addresses_of,
    calmest,
    import_figure,
    rates_of,
    reading,
    write_figures,
)
from tests.bench.browser import Browser
from tests.bench.seeding import SIZES

# The pages that the yardstick has too (tests/bench/plain.py).
PLAIN = ("people, page 1", "open a person")


@contextmanager
def serving_plain(environment: dict[str, str], workspace_id: str) -> Iterator[int]:
    """Run the yardstick on the same database, by the same web server; gives its port."""
    folder = Path(environment["PORTICO_DATA_DIR"])
    database = environment.get("PORTICO_DATABASE_URL", f"sqlite:///{folder}/portico.sqlite3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "2", "--blocking-threads", "2", "--no-log"]
    plain = {"PLAIN_DATABASE": database, "PLAIN_WORKSPACE": workspace_id}
    with subprocess.Popen(
        [*command, "tests.bench.plain:application"], env={**environment, **plain}
    ) as server:
        try:
            wait_until_answered(port, "/people/")
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[int, int, float]]:
    """Run `portico serve`; gives its port, its process id and the seconds to its first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "portico", "serve", "--port", str(port), "--workers", "2"]
    log = Path(environment["PORTICO_DATA_DIR"]) / "serve.log"
    start = time.perf_counter()
    with (
        log.open("w") as said,
        subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, start_new_session=True
        ) as server,
    ):
        try:
            wait_until_answered(port)
            yield port, server.pid, time.perf_counter() - start
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def wait_until_answered(port: int, address: str = "/accounts/login/") -> None:
    """Ask for a page that needs nobody signed in until it is there."""
    deadline = time.monotonic() + 60
    while True:
        try:
            browser = Browser(port, next(iter(SIZES)))
            browser.ask("GET", address)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            browser.connection.close()
            return


def memory_of(root: int, part: str) -> float:
    """The proportional share (`Pss` or `Pss_Anon`) of a process and all below it, in MiB."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    return sum(share_of(pid, part) for pid in family) / 1024


def share_of(pid: int, part: str) -> int:
    """The share of one process in KiB; 0 when it has ended meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{part}:"))


def said_by(module: str, environment: dict[str, str], question: str = "") -> Any:
    """What another process of ours answers in JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        env=environment,
        input=question,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout)


def environment_of(folder: Path, database_url: str = "") -> dict[str, str]:
    """What every process of the product under measurement runs with."""
    return {
        **os.environ,
        **({"PORTICO_DATABASE_URL": database_url} if database_url else {}),
        "PORTICO_DATA_DIR": str(folder),
        "PORTICO_SECRET_KEY": "only-for-measuring-" + "k" * 40,
        "DJANGO_SETTINGS_MODULE": "portico.config.settings",
    }


def signed_in(port: int, slug: str) -> Browser:
    """A browser in which the owner of this workspace is signed in."""
    browser = Browser(port, slug)
    browser.sign_in(f"owner@{slug}.test")
    return browser


def reading_figures(
    environment: dict[str, str], browsers: dict[str, Browser], asked: dict[str, Any]
) -> tuple[dict[str, dict[str, Figure]], dict[str, Any]]:
    """What each page takes in each workspace, and the yardstick, all in the same rounds."""
    largest = list(SIZES)[-1]
    workspace = asked[largest]["known"]["workspace"]
    with serving_plain(environment, workspace) as port:
        plain = {name: asked[largest]["addresses"][name] for name in PLAIN}
        yardstick = Browser(port, largest)
        acts = {("", name): act for name, act in reading(yardstick, plain).items()}
        for slug, browser in browsers.items():
            pages = reading(browser, asked[slug]["addresses"], key=asked[slug]["known"]["key"])
            acts |= {(slug, name): act for name, act in pages.items()}
        taken = calmest(acts)
        yardstick.connection.close()
    read: dict[str, dict[str, Figure]] = {slug: {} for slug in ("", *browsers)}
    for (slug, name), one in taken.items():
        read[slug][name] = one
    return read, {name: vars(one) for name, one in read.pop("").items()}


def measure(environment: dict[str, str], known: dict[str, Any]) -> dict[str, Any]:
    """Everything on a filled database; `known` is what seeding said of each workspace."""
    result: dict[str, Any] = {"sizes": {}, "people": SIZES, "load": os.getloadavg()[0]}
    with serving(environment) as (port, pid, started):
        result["start"] = started
        browsers = {slug: signed_in(port, slug) for slug in SIZES}
        asked = {
            slug: {"known": known[slug], "addresses": addresses_of(browser, known[slug])}
            for slug, browser in browsers.items()
        }
        read, result["plain"] = reading_figures(environment, browsers, asked)
        largest = list(SIZES)[-1]
        rates = rates_of(
            port,
            largest,
            asked[largest]["addresses"],
            like=browsers[largest],
            key=known[largest]["key"],
        )
        read[largest] = {
            name: replace(one, rate=rates[name]) for name, one in read[largest].items()
        }
        for slug, browser in browsers.items():
            figures = read[slug] | write_figures(browser, known[slug])
            browser.connection.close()
            result["sizes"][slug] = {name: vars(each) for name, each in figures.items()}
        result["memory"] = memory_of(pid, "Pss")
        result["own_memory"] = memory_of(pid, "Pss_Anon")
    floor = said_by("tests.bench.bare", environment, json.dumps(asked))
    for slug in SIZES:
        acts = {name: {"p50": taken, "p95": taken} for name, taken in floor[slug]["acts"].items()}
        imported = vars(import_figure(environment, slug))
        result["sizes"][slug] |= {**acts, "import 10,000": imported}
    result["floor"] = floor
    return result
