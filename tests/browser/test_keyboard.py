"""The keyboard alone: every control is reached and seen, dialogs and menus keep their manners."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Organization
from portico.workspaces.models import Agent
from tests.browser.stage import build_stage
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = pytest.mark.parametrize("width", ("wide", "phone"))
MOST_STOPS = 400
FIRST = "1"
# Marks every control that can be seen and used now; of a group of radio buttons Tab reaches one.
MARK = """() => {
  const closed = (one) => one.matches("summary") ? null : one.closest("details:not([open])");
  const shown = (one) => one.checkVisibility() && one.getClientRects().length > 0;
  const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  let number = 0;
  for (const one of document.querySelectorAll(all)) {
    if (one.disabled || one.tabIndex < 0 || !shown(one) || closed(one)) continue;
    one.dataset.stop = one.type === "radio" ? `radio ${one.name}` : String(++number);
  }
  return [...new Set([...document.querySelectorAll("[data-stop]")].map((one) => one.dataset.stop))];
}"""
# The control that has the focus: which, whether its focus can be seen, and what lies over it.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ring = (part) => {
    const style = getComputedStyle(part);
    const outline = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
    return outline || style.boxShadow !== "none";
  };
  const near = [one, one.parentElement, one.closest("label")].filter(Boolean);
  const box = one.getBoundingClientRect();
  const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max((box.top + box.bottom) / 2, 1), innerHeight - 1);
  const over = document.elementFromPoint(x, y);
  const own = over && (one.contains(over) || over.contains(one) && over.matches("label, summary"));
  return {
    stop: one.dataset.stop ?? null,
    name: one.outerHTML.slice(0, 120),
    is_seen: near.some(ring),
    covered_by: own ? null : (over?.outerHTML ?? "nothing").slice(0, 120),
  };
}"""

OpenPage = Callable[..., Page]


def walk(page: Page) -> list[str]:
    """Press Tab through the page from its top; what went wrong on the way."""
    wanted = set(page.evaluate(MARK))
    reached: set[str] = set()
    faults = []
    page.locator(".p-skip").focus()
    for _press in range(MOST_STOPS):
        here = page.evaluate(STOP)
        if here is None or (here["stop"] == FIRST and FIRST in reached):
            break
        page.keyboard.press("Tab")
        reached.add(here["stop"])
        if not here["is_seen"]:
            faults.append(f"focus not seen: {here['name']}")
        if here["covered_by"]:
            faults.append(f"{here['name']} is covered by {here['covered_by']}")
    for stop in sorted(wanted - reached):
        html = page.locator(f"[data-stop='{stop}']").first.evaluate("one => one.outerHTML")
        faults.append(f"not reached: {html[:120]}")
    return faults


@SIZES
def test_tab_reaches_every_control_of_a_list_and_the_bar_covers_none(
    open_page: OpenPage, owner: Agent, width: str
) -> None:
    for number in range(40):
        make_organization(f"Organization {number:02}")
    page = open_page(owner, "/organizations/", width=width)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    page.get_by_label("Select Organization 00").check()
    expect(page.get_by_role("form", name="Chosen rows")).to_be_visible()
    assert walk(page) == []


@SIZES
def test_tab_reaches_every_control_of_other_pages(
    open_page: OpenPage, owner: Agent, width: str
) -> None:
    stage = build_stage(owner)
    found = {}
    for who, path in (
        *(("owner", one) for one in ("/", "/settings/", "/account/", "/team/invite/")),
        *(("owner", one) for one in ("/organizations/{acme}/", "/organizations/{acme}/edit/")),
        *(("owner", one) for one in ("/people/", "/people/{guest}/", "/people/new/")),
        *(("owner", one) for one in ("/imports/{drafted}/mapping/", "/imports/{checked}/check/")),
        *(("guest", one) for one in ("/portal/", "/account/")),
        *(("nobody", one) for one in ("/accounts/login/", "{link}")),
    ):
        page = open_page(stage.users[who], path.format(**stage.names), width=width)
        if faults := walk(page):
            found[f"{who} {path}"] = faults
        page.context.close()
    assert found == {}


def test_a_control_out_of_reach_and_a_covered_one_would_be_found(
    open_page: OpenPage, owner: Agent
) -> None:
    page = open_page(owner, "/help/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<button id=trap>Trap</button>"
        "<button id=lost>Lost</button><div id=lid></div>');"
        "document.getElementById('trap').addEventListener('keydown', (e) => e.preventDefault());"
        "Object.assign(document.getElementById('lid').style,"
        " {position: 'fixed', inset: '0', zIndex: '9999'})"
    )
    faults = walk(page)
    assert [fault for fault in faults if "not reached" in fault and "Lost" in fault] != []
    assert [fault for fault in faults if "is covered by" in fault and "lid" in fault] != []


@SIZES
def test_a_dialog_keeps_the_focus_and_gives_it_back(
    open_page: OpenPage, owner: Agent, acme: Organization, width: str
) -> None:
    page = open_page(owner, "/organizations/", width=width)
    opener = page.get_by_role("banner").get_by_role("link", name="Create Organization")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Create Organization")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    outside = "!document.querySelector('dialog[open]').contains(document.activeElement)"
    for _press in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.activeElement !== document.body && {outside}") is False
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_dialog_of_a_menu_gives_the_focus_back_to_the_menu(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    button = page.get_by_role("main").get_by_label("More actions")
    button.focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Delete Organization")).to_be_focused()
    page.keyboard.press("Enter")
    keep = page.get_by_role("dialog").get_by_role("button", name="Keep it")
    expect(keep).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_menu_is_walked_by_arrows_and_closed_by_escape(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    button = page.get_by_role("main").get_by_label("More actions")
    entries = page.locator("main .p-menu[open] .p-menu-entry")
    button.focus()
    page.keyboard.press("ArrowDown")
    expect(entries).to_have_text(
        [
            re.compile(text, re.IGNORECASE)
            for text in ("clients", "edit", "archive", "merge", "delete")
        ]
    )
    for key, place in (
        *(("ArrowDown", place) for place in (1, 2, 3, 4, 0)),
        ("End", 4),
        ("Home", 0),
        ("a", 2),
        ("ArrowUp", 1),
    ):
        page.keyboard.press(key)
        expect(entries.nth(place)).to_be_focused()
    page.keyboard.press("Escape")
    expect(entries).to_have_count(0)
    expect(button).to_be_focused()


def test_single_keys_search_walk_select_archive_and_explain(
    open_page: OpenPage, owner: Agent
) -> None:
    for name in ("Acme", "Birch", "Cedar"):
        make_organization(name)
    page = open_page(owner, "/organizations/")
    page.keyboard.press("/")
    search = page.get_by_label("Search organizations")
    expect(search).to_be_focused()
    page.keyboard.type("c?jx")
    expect(search).to_have_value("c?jx")
    expect(page.locator("dialog[open], .p-row-current")).to_have_count(0)
    search.fill("")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    search.blur()

    now = page.locator(".p-row-current .p-name-link")
    for key, name in (("j", "Acme"), ("j", "Birch"), ("j", "Cedar"), ("k", "Birch")):
        page.keyboard.press(key)
        expect(now).to_have_text(name)
    page.keyboard.press("x")
    expect(page.get_by_label("Select Birch")).to_be_checked()
    page.keyboard.press("e")
    expect(page.get_by_role("dialog", name="Archive 1 organization?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Select Birch")).not_to_be_checked()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys that work here")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Create Organization")).to_be_visible()


def test_the_arrow_leads_from_the_search_to_what_it_found(
    owner: Agent, open_page: OpenPage
) -> None:
    make_organization("Acme")
    make_organization("Birch")
    page = open_page(owner, "/organizations/")
    page.keyboard.press("/")
    page.keyboard.type("birch")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Birch")).to_be_visible()


def test_single_keys_are_switched_off_in_the_own_account(
    open_page: OpenPage, owner: Agent, acme: Any
) -> None:
    page = open_page(owner, "/account/")
    switch = page.get_by_role("switch", name="Keyboard shortcuts")
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    page.locator("#display").get_by_role("button", name="Save").press("Enter")
    page.wait_for_url(re.compile("saved=display"))

    page.goto("/organizations/")
    for key in ("j", "?", "/", "c"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body") is True
    expect(page.locator("dialog[open], .p-row-current")).to_have_count(0)
