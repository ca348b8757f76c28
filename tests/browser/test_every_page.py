"""Every page of the product: without barriers, without errors, no wider than the window."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from portico.setup.links import first_run_link
from portico.workspaces.models import Agent, Workspace
from tests.browser.looks import Look
from tests.browser.pages import EMPTY, FIRST_RUN, NO_PAGES, PAGES, views_with_pages
from tests.browser.preset_pages import DIFFERING, OTHER_PRESETS, change_preset, pages_under
from tests.browser.stage import Stage, build_stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOON = 30_000
# Each width and each theme once; the other two pairs are walked by `make drill`.
LOOKS = pytest.mark.parametrize(
    ("width", "theme"),
    (
        ("wide", "light"),
        ("phone", "dark"),
        pytest.param("wide", "dark", marks=pytest.mark.drill),
        pytest.param("phone", "light", marks=pytest.mark.drill),
    ),
)
# The shells cut what sticks out, so their parts are asked too; a table scrolls in its own region.
IS_TOO_WIDE = """() => {
  const parts = "body, .p-sheet, .p-main, .p-columns, .p-region, .p-portal-page, .p-gate-main";
  return [document.documentElement, ...document.querySelectorAll(parts)]
    .filter((part) => !part.querySelector(".p-table-wide"))
    .some((part) => part.scrollWidth > part.clientWidth + 1);
}"""

OpenPage = Callable[..., Page]
Violations = Callable[[Page], list[str]]


def test_every_view_that_answers_get_has_its_pages_here() -> None:
    shown = {look.view for look in [*PAGES, *FIRST_RUN, *EMPTY]}
    assert shown & set(NO_PAGES) == set()
    assert views_with_pages() - shown - set(NO_PAGES) == set()
    assert (shown | set(NO_PAGES)) - views_with_pages() == set()


@LOOKS
def test_every_page_is_without_barriers(
    open_page: OpenPage,
    violations: Violations,
    settings: Any,
    owner: Agent,
    width: str,
    theme: str,
) -> None:
    stage = build_stage(owner)
    with walking(open_page, stage, settings, width=width, theme=theme) as show:
        assert faults_of(PAGES, show, violations) == {}


def test_the_pages_that_differ_by_preset_are_without_barriers_under_each(
    open_page: OpenPage, violations: Violations, settings: Any, owner: Agent
) -> None:
    stage = build_stage(owner)
    found = {}
    with walking(open_page, stage, settings, width="wide", theme="light") as show:
        for preset in OTHER_PRESETS:
            change_preset(owner, preset)
            found[preset] = faults_of(DIFFERING, show, violations)
    assert found == {preset: {} for preset in OTHER_PRESETS}


@pytest.mark.drill
@pytest.mark.parametrize("preset", OTHER_PRESETS)
@pytest.mark.parametrize(("width", "theme"), (("wide", "light"), ("phone", "dark")))
def test_every_page_is_without_barriers_under_every_preset(
    open_page: OpenPage,
    violations: Violations,
    settings: Any,
    owner: Agent,
    width: str,
    theme: str,
    preset: str,
) -> None:
    stage = build_stage(owner)
    change_preset(owner, preset, has_every_module=True)
    with walking(open_page, stage, settings, width=width, theme=theme) as show:
        assert faults_of(pages_under(preset), show, violations) == {}


@pytest.mark.drill
def test_no_page_scrolls_sideways_at_four_hundred_percent(
    open_page: OpenPage, settings: Any, owner: Agent
) -> None:
    """WCAG 1.4.10: a window of 1280 by 1024, enlarged four times, shows 320 by 256."""
    stage = build_stage(owner)
    with walking(open_page, stage, settings, width="zoomed", theme="light") as show:
        assert faults_of(PAGES, show, lambda _page: []) == {}


@LOOKS
def test_the_pages_of_an_empty_workspace_are_without_barriers(
    open_page: OpenPage,
    violations: Violations,
    settings: Any,
    owner: Agent,
    width: str,
    theme: str,
) -> None:
    stage = Stage({"owner": owner, "nobody": None}, {"first_run": "/setup/over/"})
    with walking(open_page, stage, settings, width=width, theme=theme) as show:
        assert faults_of(EMPTY, show, violations) == {}


@LOOKS
def test_the_pages_of_first_run_are_without_barriers(
    open_page: OpenPage, violations: Violations, settings: Any, width: str, theme: str
) -> None:
    assert Workspace.objects.count() == 0
    stage = Stage({"nobody": None}, {"first_run": urlsplit(first_run_link()).path})
    with walking(open_page, stage, settings, width=width, theme=theme) as show:
        assert faults_of(FIRST_RUN, show, violations) == {}


def test_a_barrier_and_a_page_too_wide_would_be_found(
    open_page: OpenPage, violations: Violations, settings: Any, owner: Agent
) -> None:
    stage = Stage({"owner": owner})
    with walking(open_page, stage, settings, width="phone", theme="light") as show:

        def spoiled(look: Look) -> tuple[Page, int]:
            page, status = show(look)
            page.evaluate(
                "document.querySelector('.p-region').insertAdjacentHTML('beforeend',"
                "'<img src=\"/static/ui/favicon.svg\" width=2000>')"
            )
            return page, status

        (faults,) = faults_of([Look(view="help", path="/help/")], spoiled, violations).values()
    assert [fault.partition(":")[0] for fault in faults] == ["image-alt", "too wide"]


Shower = Callable[[Look], tuple[Page, int]]


@contextmanager
def walking(
    open_page: OpenPage, stage: Stage, settings: Any, *, width: str, theme: str
) -> Iterator[Shower]:
    """One browser window for each user, opened when the first page of theirs is due."""
    windows: dict[str, Page] = {}

    def show(look: Look) -> tuple[Page, int]:
        settings.PORTICO_EMAIL_URL = "smtp://127.0.0.1:2525" if look.has_mail else ""
        if look.who not in windows:
            user = stage.users[look.who]
            windows[look.who] = open_page(user, "/static/ui/favicon.svg", width=width, theme=theme)
        page = windows[look.who]
        answer = page.goto(look.path.format(**stage.names))
        assert answer is not None
        for step in look.press:
            press(page, step)
        expect(page.locator(look.see).first).to_be_visible()
        # A form sent by a press is answered with a page whose parts may still be under way.
        page.wait_for_load_state()
        return page, answer.status

    yield show


def press(page: Page, step: str) -> None:
    """One step of `Look.press`."""
    kind, _colon, rest = step.partition(":")
    if kind == "key":
        page.keyboard.press(rest)
    elif kind == "empty":
        page.locator(rest).fill("")
    else:
        page.locator(step).first.click(timeout=SOON)


def faults_of(looks: Sequence[Look], show: Shower, violations: Violations) -> dict[str, list[str]]:
    """What is wrong with each of these pages; those in order are left out."""
    found: dict[str, list[str]] = {}
    for look in looks:
        try:
            page, status = show(look)
        except Exception as error:
            found[look.title] = [f"not shown: {error}"[:600]]
            continue
        faults = violations(page)
        if page.evaluate(IS_TOO_WIDE):
            faults.append("too wide: " + str(page.evaluate("document.documentElement.scrollWidth")))
        if status != look.status:
            faults.append(f"answered {status}")
        if faults:
            found[look.title] = faults
    return found
