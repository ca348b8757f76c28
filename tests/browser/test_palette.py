"""The palette and the keys of the agents' pages (ui.md 6)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from portico.clients.models import Organization
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Violations = Callable[[Page], list[str]]


@pytest.fixture
def records(owner: Agent, acme: Organization) -> dict[str, Any]:
    """Names that share a part, of both kinds, one of them archived."""
    lena = make_person("lena@acme.test", name="Lena Fischer", organization=acme)
    make_person("aoife@acme.test", name="Aoife Fischer-O’Neill", organization=acme)
    make_organization("Fiskeriselskapet Nordlys")
    make_organization("Gebrüder Fischbach", archived_at=timezone.now())
    return {"lena": lena}


def options(page: Page) -> Any:
    return page.locator("#p-palette [role=option]")


@pytest.mark.parametrize("path", ("/", "/people/", "/settings/", "/account/"))
def test_ctrl_k_opens_the_palette_from_any_page_and_enter_opens_the_first_hit(
    open_page: OpenPage, owner: Agent, records: dict[str, Any], path: str
) -> None:
    page = open_page(owner, path)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search or jump to")
    expect(field).to_be_focused()
    page.keyboard.type("lena fis")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()


def test_hits_stand_by_kind_the_archived_behind_and_the_part_met_is_underlined(
    open_page: OpenPage, owner: Agent, records: dict[str, Any], violations: Violations
) -> None:
    page = open_page(owner, "/organizations/")
    page.get_by_role("link", name="Search or jump to").click()
    page.keyboard.type("fis")
    groups = page.locator("#p-palette [role=group] > .p-palette-head")
    expect(groups).to_have_text(["Clients", "Organizations", "Archived", "Actions"])
    expect(options(page)).to_contain_text(
        [
            *("Aoife Fischer-O’Neill", "Lena Fischer", "Fiskeriselskapet Nordlys"),
            *("Gebrüder Fischbach", "Add “fis” as a client", "Add “fis” as an organization"),
            "Filter this list by “fis”",
        ]
    )
    hits = page.locator("#p-palette mark")
    expect(hits).to_have_text(["Fis", "Fis", "Fis", "Fis"])
    active = page.locator("#p-palette [aria-selected=true]")
    field = page.get_by_role("combobox", name="Search or jump to")
    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        page.keyboard.press(key)
        expect(active).to_have_text(re.compile(options(page).nth(place).inner_text()[:8]))
        expect(field).to_have_attribute("aria-activedescendant", f"p-palette-option-{place}")
    assert violations(page) == []
    options(page).last.click()
    page.wait_for_url(re.compile(r"/organizations/\?q=fis"))


def test_the_kind_that_fits_by_its_names_stands_first(open_page: OpenPage, owner: Agent) -> None:
    nordlys = make_organization("Nordlys")
    make_person("anna@nordlys.test", name="Anna Berg", organization=nordlys)
    page = open_page(owner, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("nordlys")
    expect(options(page).first).to_have_text(re.compile("Nordlys"))
    expect(options(page).nth(1)).to_have_text(re.compile("Anna Berg"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Nordlys")).to_be_visible()


def test_nothing_found_says_so_and_offers_to_add_and_to_search_the_archived(
    open_page: OpenPage, owner: Agent, records: dict[str, Any]
) -> None:
    page = open_page(owner, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("zzyzx")
    expect(page.locator("#p-palette [data-none]")).to_have_text("No match for ‘zzyzx’.")
    expect(options(page)).to_have_text(
        [
            "Add “zzyzx” as a clientC",
            "Add “zzyzx” as an organization",
            "Search archived: Clients",
            "Search archived: Organizations",
        ]
    )
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_slow_answer_to_an_older_question_is_dropped(
    open_page: OpenPage, owner: Agent, records: dict[str, Any]
) -> None:
    page = open_page(owner, "/")
    page.route("**/search/?q=nord", lambda route: None)
    page.keyboard.press("Control+k")
    with page.expect_request("**/search/?q=nord"):
        page.keyboard.type("nord")
    page.keyboard.press("Control+a")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("q=nord")):
        page.keyboard.type("lena")
    expect(options(page).first).to_contain_text("Lena Fischer")


def test_enter_waits_for_the_newest_hits_and_never_takes_overtaken_ones(
    open_page: OpenPage, owner: Agent, records: dict[str, Any]
) -> None:
    page = open_page(owner, "/")
    questions: list[Route] = []

    def keep_waiting_once(route: Route) -> None:
        questions.append(route)
        if len(questions) > 1:
            route.continue_()

    page.route("**/search/?q=fiskeri", keep_waiting_once)
    page.keyboard.press("Control+k")
    page.keyboard.type("lena")
    expect(options(page).first).to_contain_text("Lena Fischer")
    page.keyboard.press("Control+a")
    with page.expect_request("**/search/?q=fiskeri"):
        page.keyboard.type("fiskeri")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Fiskeriselskapet Nordlys")


def test_enter_whose_question_is_overtaken_by_a_letter_opens_nothing(
    open_page: OpenPage, owner: Agent, records: dict[str, Any]
) -> None:
    page = open_page(owner, "/")
    page.route("**/search/?q=lena", lambda route: None)
    page.keyboard.press("Control+k")
    page.keyboard.type("aoife")
    expect(options(page).first).to_contain_text("Aoife Fischer")
    page.keyboard.press("Control+a")
    with page.expect_request("**/search/?q=lena"):
        page.keyboard.type("lena")
    with page.expect_request("**/search/?q=lena"):
        page.keyboard.press("Enter")
    page.keyboard.type(" fis")
    expect(options(page).first).to_contain_text("Lena Fischer")
    expect(page.locator("#p-palette")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lena Fischer")


def test_records_opened_last_are_kept_in_this_browser_until_sign_out(
    open_page: OpenPage, owner: Agent, records: dict[str, Any], acme: Organization
) -> None:
    page = open_page(owner, f"/people/{records['lena'].pk}/")
    page.goto(f"/organizations/{acme.pk}/people/")
    page.keyboard.press("Control+k")
    recent = page.locator("#p-palette [data-group=recent] [role=option]")
    expect(recent).to_have_text(["Acme Windows", "Lena Fischer"])
    page.keyboard.press("Escape")
    page.get_by_label("My account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/accounts/"))
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('recent:'))") == []
    )


def test_who_may_not_see_clients_finds_none(
    open_page: OpenPage, owner: Agent, records: dict[str, Any]
) -> None:
    blind = make_agent("b@northstar.test", permissions=["manage_team"])
    page = open_page(blind, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("fis")
    expect(page.locator("#p-palette [data-none]")).to_have_text("No match for ‘fis’.")
    expect(options(page)).to_have_count(0)


def test_the_letters_go_create_and_undo_on_any_page(
    open_page: OpenPage, owner: Agent, records: dict[str, Any]
) -> None:
    page = open_page(owner, "/settings/")
    for second, path in (
        ("o", "/organizations/"),
        ("p", "/people/"),
        ("h", "/"),
        ("s", "/settings/"),
    ):
        page.keyboard.type(f"g{second}")
        page.wait_for_url(re.compile(f"^http://[^/]+{path}$"))
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Create Client")).to_be_visible()


def test_brackets_walk_the_list_one_came_from(open_page: OpenPage, owner: Agent) -> None:
    for name in ("Acme", "Birch", "Cedar"):
        make_organization(name)
    page = open_page(owner, "/organizations/")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Birch")).to_be_visible()
    expect(page.locator(".p-crumbs-position")).to_have_text("2 of 3")
    page.keyboard.press("]")
    expect(page.get_by_role("heading", level=1, name="Cedar")).to_be_visible()
    expect(page.get_by_role("link", name="Next record")).to_have_count(0)
    page.keyboard.press("[")
    expect(page.get_by_role("heading", level=1, name="Birch")).to_be_visible()
    page.keyboard.press("h")
    page.wait_for_url(re.compile("/history/$"))
    expect(page.locator(".p-crumbs-position")).to_have_text("2 of 3")


def test_range_page_and_escape_choose_rows(open_page: OpenPage, owner: Agent) -> None:
    for name in ("Acme", "Birch", "Cedar", "Dune"):
        make_organization(name)
    page = open_page(owner, "/organizations/")
    chosen = page.locator("tr[data-row] input[name=ids]:checked")
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(chosen).to_have_count(3)
    page.keyboard.press("Control+a")
    expect(chosen).to_have_count(4)
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)


def test_the_keys_listed_are_those_that_work_here(open_page: OpenPage, owner: Agent) -> None:
    make_organization("Acme")
    page = open_page(owner, "/organizations/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys that work here")
    expect(keys.get_by_text("Search this list")).to_be_visible()
    expect(keys.get_by_text("Previous record")).to_be_hidden()
    page.goto("/help/")
    page.keyboard.press("?")
    expect(keys.get_by_text("Search this list")).to_be_hidden()
    expect(keys.get_by_text("Search or jump to anything")).to_be_visible()


def test_ctrl_enter_saves_and_ctrl_s_saves_and_stays(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/edit/")
    page.get_by_label("Name").fill("Acme Doors")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Acme Doors saved.")).to_be_visible()
    assert page.url.endswith("/edit/")
    page.get_by_label("Name").fill("Acme Roofs")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Acme Roofs")).to_be_visible()


def test_the_search_page_works_without_the_palette(
    open_page: OpenPage, owner: Agent, records: dict[str, Any], violations: Violations
) -> None:
    page = open_page(owner, "/search/?q=fis")
    expect(page.get_by_role("link", name="Lena Fischer")).to_be_visible()
    expect(page.get_by_role("link", name="Gebrüder Fischbach")).to_be_visible()
    assert violations(page) == []


def test_a_key_behind_the_closed_palette_belongs_to_the_page_before_the_next_frame(
    open_page: OpenPage, owner: Agent, records: dict[str, Any]
) -> None:
    page = open_page(owner, "/people/")
    page.evaluate(
        """() => {
            const palette = document.getElementById("p-palette");
            const field = palette.querySelector("input");
            palette.showModal();
            field.focus();
            palette.close();
            field.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
        }"""
    )
    expect(page.locator("tr.p-row-current")).to_have_count(1)


def test_with_rows_ticked_the_palette_begins_with_what_can_be_done_with_them(
    open_page: OpenPage, owner: Agent, records: dict[str, Any], violations: Violations
) -> None:
    page = open_page(owner, "/people/")
    page.keyboard.press("Control+k")
    groups = page.locator("#p-palette [role=group] > .p-palette-head")
    expect(groups.first).to_be_visible()
    expect(groups.first).not_to_have_text("1 selected")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator("tr.p-row-current")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1 selected")
    page.keyboard.press("Control+k")
    expect(groups.first).to_have_text("1 selected")
    assert violations(page) == []
    page.keyboard.type("tag")
    expect(options(page).first).to_have_text("Tag")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Tag 1 client")).to_be_visible()
    expect(page.get_by_role("combobox", name="Put on")).to_be_focused()
