"""Starts the real server on the seeded database and times what people and programs ask of it."""

import csv
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.bench.browser import Browser
from tests.bench.seeding import SIZES, family_name

REPEATS = 30
CONNECTIONS = 8
LOAD_SECONDS = 1.0
IMPORTED = 10_000
JSON = {"Content-Type": "application/json"}
PAGES = {
    "organizations, page 1": "/organizations/",
    "organizations, last page read": "/organizations/",
    "organizations, by people": "/organizations/?sort=-people_count",
    "organizations, by end date": "/organizations/?sort=membership_end_date",
    "people, page 1": "/people/",
    "people, page 200": "/people/",
    "people, by e-mail": "/people/?sort=email",
    "people, newest first": "/people/?sort=-created_at",
    "people, by last activity": "/people/?sort=-last_active_at",
    "search, rare word": "/people/?q=.000417@",
    "search, common word": "/people/?q=anna",
    "people of an organization": "/people/?organization={organization}",
    "open a person": "/people/{person}/",
    "open an organization": "/organizations/{organization}/",
    "JSON list of 50": "/api/v1/people",
}
DEEP = {"people, page 200": 199, "organizations, last page read": 199}


@dataclass(frozen=True)
class Figure:
    """What one operation took: milliseconds at the median and at 95 %, and requests a second."""

    p50: float
    p95: float
    rate: float | None = None


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[int, int, float]]:
    """Run `portico serve`; gives its port, its process id and the seconds to its first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "portico", "serve", "--port", str(port), "--workers", "2"]
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            wait_until_answered(port)
            yield port, server.pid, time.perf_counter() - start
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def wait_until_answered(port: int) -> None:
    """Ask for the sign-in page until it is there."""
    deadline = time.monotonic() + 60
    while True:
        try:
            browser = Browser(port, "small")
            browser.page("/accounts/login/")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            browser.connection.close()
            return


def figure(
    act: Callable[[], float], *, repeats: int = REPEATS, rate: float | None = None
) -> Figure:
    """Do it once to warm up, then `repeats` times."""
    act()
    times = sorted(act() for _ in range(repeats))
    return Figure(statistics.median(times), times[int(len(times) * 0.95) - 1], rate)


def rate_of(port: int, slug: str, address: str, *, like: Browser, headers: dict[str, str]) -> float:
    """Answers a second over eight connections at once."""
    done = [0] * CONNECTIONS
    end = time.monotonic() + LOAD_SECONDS

    def ask(number: int) -> None:
        browser = Browser(port, slug)
        browser.cookies = dict(like.cookies)
        while time.monotonic() < end:
            browser.ask("GET", address, headers=headers)
            done[number] += 1
        browser.connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / LOAD_SECONDS


def addresses_of(browser: Browser, known: dict[str, Any]) -> dict[str, str]:
    """The pages' addresses, with the deep ones read from the links on the way there."""
    return {
        name: browser.deep_page(address, pages=DEEP[name])
        if name in DEEP
        else address.format_map(known)
        for name, address in PAGES.items()
    }


def read_figures(
    port: int, slug: str, *, browser: Browser, addresses: dict[str, str], key: str
) -> dict[str, Figure]:
    """Every page, one after the other and over eight connections."""
    figures = {}
    for name, address in addresses.items():
        headers = {"Authorization": f"Bearer {key}"} if address.startswith("/api/") else {}

        def ask(address: str = address, headers: dict[str, str] = headers) -> float:
            return browser.timed("GET", address, headers=headers)

        rate = rate_of(port, slug, address, like=browser, headers=headers)
        figures[name] = figure(ask, rate=rate)
    return figures


def write_figures(browser: Browser, known: dict[str, Any]) -> dict[str, Figure]:
    """Creating, changing, and archiving a thousand; the thousand are brought back each time."""
    headers = {**JSON, "Authorization": f"Bearer {known['key']}"}
    selection = json.dumps({"ids": known["ids"]})
    version = json.loads(browser.ask("GET", f"/api/v1/people/{known['person']}", headers=headers))
    versions = iter(range(version["version"], version["version"] + 1000))

    def create() -> float:
        body = json.dumps(
            {
                "name": "Nina Neu",
                "email": f"{uuid4().hex}@example.com",
                "organization_id": known["organization"],
            }
        )
        return browser.timed("POST", "/api/v1/people", body=body, headers=headers)

    def change() -> float:
        return browser.timed(
            "PATCH",
            f"/api/v1/people/{known['person']}",
            body=json.dumps({"position": uuid4().hex}),
            headers={**headers, "If-Match": f'"{next(versions)}"'},
        )

    def archive() -> float:
        taken = browser.timed("POST", "/api/v1/people/archive", body=selection, headers=headers)
        browser.ask("POST", "/api/v1/people/unarchive", body=selection, headers=headers)
        return taken

    return {
        "create a person": figure(create),
        "change a person": figure(change),
        "archive 1,000": figure(archive, repeats=3),
    }


def import_figure(environment: dict[str, str], slug: str) -> Figure:
    """A file of 10,000 new people in 500 new organizations, through the command."""
    chance = random.Random()
    mark = uuid4().hex[:8]
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["Name", "Email", "Organization", "Position"])
        for number in range(IMPORTED):
            name = f"Import {family_name(chance)}"
            organization = f"Imported {mark} {number % 500}"
            lines.writerow([name, f"{mark}.{number}@example.com", organization, "Engineer"])
        file.flush()
        command = [sys.executable, "-m", "portico", "import", "people", file.name]
        start = time.perf_counter()
        subprocess.run(
            [*command, "--workspace", slug, "--json"],
            env=environment,
            check=True,
            capture_output=True,
        )
        taken = (time.perf_counter() - start) * 1000
    return Figure(taken, taken, IMPORTED / taken * 1000)


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


def measure(folder: Path) -> dict[str, Any]:
    """Everything on the database of the environment; `folder` keeps what was seeded."""
    environment = {
        **os.environ,
        "PORTICO_DATA_DIR": str(folder),
        "PORTICO_SECRET_KEY": "only-for-measuring-" + "k" * 40,
        "DJANGO_SETTINGS_MODULE": "portico.config.settings",
    }
    known = said_by("tests.bench.seeding", environment)
    result: dict[str, Any] = {"sizes": {}, "load": os.getloadavg()[0]}
    asked = {}
    with serving(environment) as (port, pid, started):
        result["start"] = started
        for slug in SIZES:
            browser = Browser(port, slug)
            browser.sign_in(f"owner@{slug}.test")
            addresses = addresses_of(browser, known[slug])
            key = known[slug]["key"]
            figures = read_figures(port, slug, browser=browser, addresses=addresses, key=key)
            figures |= write_figures(browser, known[slug])
            asked[slug] = {"known": known[slug], "addresses": addresses}
            browser.connection.close()
            result["sizes"][slug] = {name: vars(each) for name, each in figures.items()}
        result["memory"] = memory_of(pid, "Pss")
        result["own_memory"] = memory_of(pid, "Pss_Anon")
    floor = said_by("tests.bench.bare", environment, json.dumps(asked))
    for slug in SIZES:
        result["sizes"][slug]["import 10,000"] = vars(import_figure(environment, slug))
    result["floor"] = floor
    return result
