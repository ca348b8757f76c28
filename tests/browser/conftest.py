"""A real browser on a served workspace."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.connections import Connections
from tests.conftest import sign_in

# Playwright keeps an event loop in this thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# What a page comes to is waited for, and never a time; this is when it is given up.
expect.set_options(timeout=30_000)

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WIDTHS = {"wide": (1440, 900), "phone": (390, 844), "zoomed": (320, 256)}
ROOMY = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


# What htmx logs of a question that was given up for a newer one.
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest, [object")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of the machine: without its windows where there is such a build, else the whole.

    The headless shell draws the same pages at half the cost of the full browser.
    """
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def connections(live_server: LiveServer) -> Connections:
    """What the served workspace is working on."""
    return Connections(live_server.thread.httpd)


@pytest.fixture
def open_page(
    chromium: Browser, live_server: LiveServer, connections: Connections
) -> Iterator[Callable[..., Page]]:
    """Opens a page of the served workspace: `open_page(user, "/people/", width="phone")`.

    Fails the test when the page logged an error, such as a breach of the content policy.
    """
    contexts: list[Any] = []
    problems: list[str] = []

    def opened(user: Any, path: str, *, width: str = "wide", theme: str = "light") -> Page:
        wide, high = WIDTHS[width]
        context = chromium.new_context(
            viewport={"width": wide, "height": high},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            base_url=live_server.url,
        )
        contexts.append(context)
        if user is not None:
            key = sign_in(user).cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", lambda said: problems.append(said.text) if _is_bad(said) else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    # A page asks for some things late, such as counts; emptying the tables would find them locked.
    connections.wait_for_end()
    assert problems == []


def _is_bad(said: Any) -> bool:
    """Answers of 4xx and 5xx are logged too, by the browser and by htmx; tests look at those."""
    logged = ("the server responded with a status of", "Response Status Error Code")
    return said.type == "error" and not any(text in said.text for text in (*logged, *OVERTAKEN))


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds on the page as it stands now: rule and first element."""

    def found(page: Page) -> list[str]:
        answer = Axe().run(page, options=ROOMY).response
        return [f"{row['id']}: {row['nodes'][0]['html'][:200]}" for row in answer["violations"]]

    return found
