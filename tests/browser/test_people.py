"""People in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Membership, Organization, Person
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
Violations = Callable[[Page], list[str]]


def test_a_person_is_created_with_an_organization_made_on_the_spot(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    make_organization("Cedar")
    page = open_page(owner, "/people/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Create Client")
    dialog.get_by_label("Name", exact=True).fill("Lena Fischer")
    dialog.get_by_label("E-mail", exact=True).fill("lena@birch.test")
    dialog.locator("summary", has_text="Create Organization").click()
    dialog.locator("#id_organization_name").fill("Birch")
    dialog.locator("button[name=step]").click()
    expect(dialog.get_by_role("combobox", name="Organization")).to_have_value("Birch")
    expect(dialog.get_by_label("E-mail", exact=True)).to_have_value("lena@birch.test")
    dialog.locator("footer button[type=submit]").click()
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    assert Membership.objects.get().organization.name == "Birch"


def test_an_organization_is_found_by_typing(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    for number in range(70):
        make_organization(f"Filler {number:02}")
    make_organization("Zürich Glas")
    page = open_page(owner, "/people/new/")
    page.get_by_label("Name", exact=True).fill("Lena Fischer")
    page.get_by_label("E-mail", exact=True).fill("lena@zurich.test")
    page.get_by_role("combobox", name="Organization").press_sequentially("zurich")
    page.get_by_role("option", name="Zürich Glas").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    assert Membership.objects.get().organization.name == "Zürich Glas"


def test_a_double_press_creates_one_person(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, "/people/new/")
    page.get_by_label("Name", exact=True).fill("Lena Fischer")
    page.get_by_label("E-mail", exact=True).fill("lena@acme.test")
    page.locator(".p-submit-row button[type=submit]").dblclick()
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    assert Person.objects.count() == 1


def test_delete_offers_archive_and_the_archived_page_the_way_back(
    owner: Agent, guest: Any, open_page: OpenPage
) -> None:
    page = open_page(owner, f"/people/{guest.pk}/")
    page.get_by_role("main").get_by_label("More actions").click()
    page.get_by_role("link", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete Gina Guest?")
    dialog.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Gina Guest archived.")).to_be_visible()
    page.get_by_role("button", name="Unarchive").last.click()
    expect(page.get_by_text("Gina Guest unarchived.")).to_be_visible()
    assert Person.objects.active().count() == 1


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
    make_person("long@acme.test", name="Maximilian von Hohenberg " * 6, is_disabled=True)
    record = f"/people/{guest.pk}/"
    for path in (
        *("/people/", "/people/?q=zzz", "/people/new/", record),
        *(f"{record}history/", f"{record}edit/", f"{record}delete/"),
        f"/people/disable/?ids={guest.pk}",
    ):
        page = open_page(owner, path, width=width, theme=theme)
        assert (path, violations(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.context.close()
