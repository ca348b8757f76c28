"""Organizations in a real browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Organization
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
Violations = Callable[[Page], list[str]]


def test_an_organization_is_created_in_a_dialog_by_one_key_and_stands_in_the_list(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, "/organizations/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Create Organization")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("A")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Name", exact=True).fill("Acme windows")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Create anyway").click()
    expect(page.get_by_role("row", name=re.compile("Acme windows"))).to_be_visible()
    expect(page.get_by_text("Acme windows created.")).to_be_visible()
    assert Organization.objects.count() == 2


def test_ticked_rows_are_archived_from_the_bar_and_brought_back(
    owner: Agent, open_page: OpenPage
) -> None:
    for name in ("Acme", "Birch", "Cedar"):
        make_organization(name)
    page = open_page(owner, "/organizations/")
    bar = page.get_by_role("form", name="Chosen rows")
    expect(bar).to_be_hidden()
    page.get_by_label("Select Acme").check()
    page.get_by_label("Select Cedar").check()
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Archive").click()
    dialog = page.get_by_role("dialog", name="Archive 2 organizations?")
    dialog.get_by_role("button", name="Archive 2 organizations").click()
    expect(page.get_by_text("2 organizations archived.")).to_be_visible()
    expect(page.locator("tbody [data-row]")).to_have_count(1)
    page.locator("summary", has_text="Active organizations").click()
    page.get_by_role("link", name="Archived organizations").click()
    page.get_by_label("Select all rows of this page").check()
    bar.get_by_role("button", name="Unarchive").click()
    page.get_by_role("dialog").get_by_role("button", name="Unarchive 2 organizations").click()
    expect(page.get_by_text("2 organizations unarchived.")).to_be_visible()
    assert Organization.objects.active().count() == 3


def test_all_that_match_are_archived_beyond_the_page(owner: Agent, open_page: OpenPage) -> None:
    for number in range(60):
        make_organization(f"Match {number:02}")
    make_organization("Other")
    page = open_page(owner, "/organizations/?q=match")
    page.get_by_label("Select all rows of this page").check()
    page.get_by_role("button", name="Select all 60").click()
    page.get_by_role("form", name="Chosen rows").get_by_role("button", name="Archive").click()
    page.get_by_role("dialog").get_by_role("button", name="Archive 60 organizations").click()
    expect(page.get_by_text("60 organizations archived.")).to_be_visible()
    assert list(Organization.objects.active().values_list("name", flat=True)) == ["Other"]


def test_deleting_needs_the_typed_word_and_the_safe_button_has_the_focus(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    page.get_by_role("main").get_by_label("More actions").click()
    page.get_by_role("link", name="Delete Organization").click()
    dialog = page.get_by_role("dialog", name="Delete Acme Windows permanently?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    delete = dialog.get_by_role("button", name="Delete permanently")
    dialog.get_by_label("Type DELETE to confirm").fill("delete")
    expect(delete).to_be_disabled()
    dialog.get_by_label("Type DELETE to confirm").fill("DELETE")
    delete.click()
    expect(page.get_by_text("Acme Windows deleted permanently.")).to_be_visible()
    assert Organization.objects.count() == 0


def test_edit_is_reached_from_the_three_dots_and_saves(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, "/organizations/")
    page.get_by_role("link", name="Acme Windows").click()
    page.get_by_role("main").get_by_label("More actions").click()
    page.get_by_role("link", name="Edit Organization").click()
    expect(page.get_by_label("Name")).to_have_value("Acme Windows")
    page.get_by_label("Name").fill("Acme Doors")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", level=1, name="Acme Doors")).to_be_visible()


def test_the_filter_menus_open_over_the_list_on_the_phone(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, "/organizations/", width="phone")
    page.locator("summary", has_text="Active organizations").click()
    page.get_by_role("link", name="Archived organizations").click()
    expect(page).to_have_url(re.compile("state=archived"))


@pytest.mark.parametrize("theme", ("light", "dark"))
@pytest.mark.parametrize("width", ("wide", "phone"))
def test_every_page_is_accessible_and_no_wider_than_the_window(
    owner: Agent,
    acme: Organization,
    guest: Any,
    open_page: OpenPage,
    violations: Violations,
    width: str,
    theme: str,
) -> None:
    make_organization("Bundesverband Deutscher Fensterbauer und Glasveredelungsbetriebe " * 2)
    make_person("long@acme.test", name="Maximilian von Hohenberg " * 6, organization=acme)
    record = f"/organizations/{acme.pk}/"
    for path in (
        *("/organizations/", "/organizations/?q=zzz", "/organizations/new/", record),
        *(f"{record}people/", f"{record}history/", f"{record}edit/", f"{record}delete/"),
        f"/organizations/archive/?ids={acme.pk}",
    ):
        page = open_page(owner, path, width=width, theme=theme)
        assert (path, violations(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.context.close()


def test_with_many_columns_the_names_keep_their_room(open_page: OpenPage, owner: Agent) -> None:
    make_organization("Acme Windows and Doors")
    columns = "name,people_count,status,tags,created_at,membership_end_date,managers,reference,city"
    page = open_page(owner, f"/organizations/?columns={columns}")
    name = page.get_by_role("link", name="Acme Windows and Doors")
    assert name.evaluate("(link) => link.scrollWidth <= link.clientWidth + 1")
    page.set_viewport_size({"width": 1024, "height": 800})
    assert name.evaluate("(link) => link.scrollWidth <= link.clientWidth + 1")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
