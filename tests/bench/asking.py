"""What people and programs ask of the server, and how long it takes to answer."""

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from tests.bench.browser import Browser
from tests.bench.seeding import family_name

Name = TypeVar("Name")

REPEATS = 20
ROUNDS = 4
CONNECTIONS = 8
LOAD_SECONDS = 1.0
IMPORTED = 10_000
JSON = {"Content-Type": "application/json"}
PAGES = {
    "organizations, page 1": "/organizations/",
    "organizations, page 200": "/organizations/",
    "organizations, by people": "/organizations/?sort=-people_count",
    "organizations, by locations": "/organizations/?sort=-location_count",
    "organizations, by end date": "/organizations/?sort=membership_end_date",
    "organizations, newest first": "/organizations/?sort=-created_at",
    "organizations, by last activity": "/organizations/?sort=-last_activity_at",
    "organizations, by status": "/organizations/?sort=status",
    "organizations, by tags": "/organizations/?sort=tags",
    "organizations, by manager": "/organizations/?sort=managers",
    "organizations, archived": "/organizations/?state=archived",
    "organizations, view Ending": "/organizations/?view=ending",
    "organizations, view My": "/organizations/?view=own",
    "organizations, view No manager": "/organizations/?view=no-manager",
    "organizations, of a manager": "/organizations/?manager={manager}",
    "organizations, common tag": "/organizations/?tag=Key+account",
    "organizations, rare tag": "/organizations/?tag=Rare",
    "organizations, end before a day": "/organizations/?membership_end_date.lt=2030-02-01",
    "several filters of organizations": "/organizations/?tag=Key+account&manager={manager}"
    "&membership_end_date.lt=2030-06-01",
    "custom property of organizations": "/organizations/?property.segment=Large",
    "custom property of organizations, rare": "/organizations/?property.seats=417",
    "organizations, by a number": "/organizations/?sort=property.seats",
    "people, page 1": "/people/",
    "people, page 200": "/people/",
    "people, by e-mail": "/people/?sort=email",
    "people, newest first": "/people/?sort=-created_at",
    "people, by last activity": "/people/?sort=-last_active_at",
    "people, by family name": "/people/?sort=family_name",
    "people, by position": "/people/?sort=position",
    "people, by organization": "/people/?sort=organization",
    "people, by status": "/people/?sort=status",
    "people, by manager": "/people/?sort=managers",
    "people, by role": "/people/?sort=roles",
    "people, by property": "/people/?sort=property.department",
    "people, active and archived": "/people/?state=all",
    "people, archived": "/people/?state=archived",
    "people, view Invited": "/people/?view=invited",
    "people, view Quiet": "/people/?view=quiet",
    "people, without organization": "/people/?organization=none",
    "people of an organization": "/people/?organization={organization}",
    "people of a manager": "/people/?manager={manager}",
    "people, a tag": "/people/?tag=Newsletter",
    "several filters of people": "/people/?tag=Newsletter&last_active_at.lt=2026-01-02"
    "&invitation=expired",
    "custom property of people": "/people/?property.department=Sales",
    "search, rare word": "/people/?q=.000417@",
    "search, common word": "/people/?q=anna",
    "counts of the views of organizations": "/views/counts/organizations/",
    "counts of the views of people": "/views/counts/people/",
    "open a person": "/people/{person}/",
    "open an organization": "/organizations/{organization}/",
    "JSON list of 50": "/api/v1/people",
}
DEEP = {"people, page 200": 199, "organizations, page 200": 199}


@dataclass(frozen=True)
class Figure:
    """What one operation took: milliseconds at the median and at 95 %, and requests a second."""

    p50: float
    p95: float
    rate: float | None = None


def figure(
    act: Callable[[], float], *, repeats: int = REPEATS, rate: float | None = None
) -> Figure:
    """Do it once to warm up, then `repeats` times."""
    act()
    times = sorted(act() for _ in range(repeats))
    return Figure(statistics.median(times), times[int(len(times) * 0.95) - 1], rate)


def calmest(acts: Mapping[Name, Callable[[], float]]) -> dict[Name, Figure]:
    """Do all of them in turn, round after round, and keep each one's calmest round.

    What else the machine does meanwhile only adds, and comes and goes within minutes.
    """
    figures: dict[Name, Figure] = {}
    for _round in range(ROUNDS):
        for name, act in acts.items():
            taken = figure(act)
            figures[name] = min(taken, figures.get(name, taken), key=lambda one: one.p50)
    return figures


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


def reading(
    browser: Browser, addresses: Mapping[str, str], *, key: str = ""
) -> dict[str, Callable[[], float]]:
    """Asking for each of these addresses once."""
    return {
        name: partial(browser.timed, "GET", address, headers=_headers(address, key))
        for name, address in addresses.items()
    }


def rates_of(
    port: int, slug: str, addresses: Mapping[str, str], *, like: Browser, key: str
) -> dict[str, float]:
    """Answers a second of each of these addresses, over eight connections at once."""
    return {
        name: rate_of(port, slug, address, like=like, headers=_headers(address, key))
        for name, address in addresses.items()
    }


def _headers(address: str, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if address.startswith("/api/") else {}


def write_figures(browser: Browser, known: dict[str, Any]) -> dict[str, Figure]:
    """Creating, changing, inviting, and an export."""
    headers = {**JSON, "Authorization": f"Bearer {known['key']}"}
    version = json.loads(browser.ask("GET", f"/api/v1/people/{known['person']}", headers=headers))
    versions = iter(range(version["version"], version["version"] + 1000))

    def post(path: str, **fields: Any) -> float:
        return browser.timed("POST", path, body=json.dumps(fields), headers=headers)

    def newcomer() -> dict[str, Any]:
        return {
            "name": "Nina Neu",
            "email": f"{uuid4().hex}@example.com",
            "organization_id": known["organization"],
        }

    def change() -> float:
        return browser.timed(
            "PATCH",
            f"/api/v1/people/{known['person']}",
            body=json.dumps({"position": uuid4().hex}),
            headers={**headers, "If-Match": f'"{next(versions)}"'},
        )

    def invite() -> float:
        body = json.dumps(newcomer())
        made = json.loads(browser.ask("POST", "/api/v1/people", body=body, headers=headers))
        organization = known["organization"]
        return post("/api/v1/invitations", person_id=made["id"], organization_id=organization)

    written = calmest(
        {
            "create a person": lambda: post("/api/v1/people", **newcomer()),
            "change a person": change,
            "create an invitation": invite,
        }
    )
    return {**written, "export 10,000": figure(lambda: exported(browser, headers), repeats=3)}


def exported(browser: Browser, headers: dict[str, str]) -> float:
    """From the press to the file: those who carry one tag, with the time the worker takes."""
    body = json.dumps({"filter": {"tag": "Newsletter"}, "format": "csv"})
    start = time.perf_counter()
    answer = browser.ask("POST", "/api/v1/people/export", body=body, headers=headers)
    operation = json.loads(answer)
    while operation["state"] != "done":
        assert operation["state"] in {"waiting", "running"}, operation
        time.sleep(0.02)
        address = f"/api/v1/operations/{operation['id']}"
        operation = json.loads(browser.ask("GET", address, headers=headers))
    return (time.perf_counter() - start) * 1000


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
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        taken = (time.perf_counter() - start) * 1000
    return Figure(taken, taken, IMPORTED / taken * 1000)
