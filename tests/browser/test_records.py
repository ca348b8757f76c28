"""Records in a real browser: fields edited in place by keyboard alone."""

import datetime
import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Location, Organization
from portico.workspaces.models import Agent

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


def test_a_field_is_edited_by_keyboard_alone_and_esc_gives_it_back(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    edit = page.get_by_role("link", name="Edit Reference")
    edit.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Reference")
    expect(field).to_be_focused()
    page.keyboard.type("A-7")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Nothing was changed.")).to_be_attached()
    expect(edit).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("A-8")
    page.keyboard.press("Enter")
    expect(edit).to_be_focused()
    expect(page.locator("#detail-reference")).to_contain_text("A-8")
    expect(page.get_by_text("Reference of Acme Windows saved.")).to_be_visible()
    assert Organization.objects.get(pk=acme.pk).reference == "A-8"


def test_enter_saves_a_choice_and_the_message_names_the_act(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    page.get_by_role("link", name="Edit Active").click()
    choice = page.get_by_role("combobox", name="Active")
    expect(choice).to_be_focused()
    choice.select_option("No")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Acme Windows deactivated.")).to_be_visible()
    expect(page.locator("#detail-is_active")).to_contain_text("No")


def test_a_new_name_is_read_at_once_in_the_breadcrumb_and_the_title(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    page.get_by_role("link", name="Edit Name").click()
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.type("Acme Doors")
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Breadcrumb")).to_contain_text("Acme Doors")
    expect(page).to_have_title("Acme Doors · Northstar")


def test_a_field_of_choices_stays_within_the_right_column(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    page.get_by_role("link", name="Edit Account managers").click()
    expect(page.get_by_role("combobox", name="Account managers")).to_be_focused()
    column = page.locator("aside.p-properties, .p-properties").first
    assert column.evaluate("one => one.scrollWidth <= one.clientWidth") is True


def test_c_adds_to_the_record_what_its_tab_is_about(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(owner, f"/organizations/{acme.pk}/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Create Client")
    expect(dialog.get_by_role("combobox", name="Organization")).to_have_value("Acme Windows")
    page.goto(f"{page.url}locations/")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1, name="Add location")).to_be_visible()


def test_a_typed_end_date_is_read_before_it_is_saved(
    owner: Agent, acme: Organization, open_page: OpenPage
) -> None:
    ends = datetime.date(2030, 12, 15)
    Organization.objects.filter(pk=acme.pk).update(membership_end_date=ends)
    page = open_page(owner, f"/organizations/{acme.pk}/")
    page.get_by_role("link", name="Edit Ends on").click()
    field = page.get_by_role("textbox", name="Ends on")
    expect(field).to_be_focused()
    field.fill("+1y")
    expect(page.get_by_text("Read as 12/15/2031")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#detail-membership_end_date")).to_contain_text("12/15/2031")


def test_a_person_is_moved_in_a_dialog_and_taken_back(
    owner: Agent, acme: Organization, guest: Any, open_page: OpenPage
) -> None:
    Organization.objects.create(name="Birch Roofs")
    page = open_page(owner, f"/people/{guest.pk}/")
    page.get_by_label("Actions for Acme Windows").click()
    page.get_by_role("link", name="Move to another organization").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Organization").fill("Birch")
    page.get_by_role("option", name="Birch Roofs").click()
    dialog.get_by_role("button", name="Move").click()
    expect(page.get_by_role("row", name="Birch Roofs")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name="Acme Windows")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", ["wide", "phone"])
def test_the_pages_of_records_have_no_violations(
    owner: Agent,
    acme: Organization,
    guest: Any,
    open_page: OpenPage,
    violations: Callable[[Page], list[str]],
    width: str,
    theme: str,
) -> None:
    fields = {"address_city": "Hamburg", "area": "1250.5", "latitude": "53.55", "longitude": "9.99"}
    Location.objects.create(organization=acme, name="Plant Nord", **fields)
    for number, path in enumerate(
        (
            f"/organizations/{acme.pk}/",
            f"/organizations/{acme.pk}/locations/",
            f"/organizations/{acme.pk}/locations/new/",
            f"/people/{guest.pk}/",
            f"/people/{guest.pk}/move/",
        )
    ):
        page = open_page(owner, path, width=width, theme=theme)
        if number == 0:
            page.locator("[data-detail-edit][aria-label='Edit Ends on']").click()
            page.get_by_role("textbox", name="Ends on").fill("+1y")
            expect(page.get_by_text("Read as")).to_be_visible()
        if os.environ.get("LOOK"):
            page.screenshot(path=f"{os.environ['LOOK']}/{number}_{width}_{theme}.png")
        assert violations(page) == []


@pytest.mark.parametrize(("width", "theme"), (("wide", "light"), ("phone", "dark")))
def test_the_preview_of_a_merge_has_no_violations(
    owner: Agent, acme: Organization, open_page: OpenPage, violations: Any, width: str, theme: str
) -> None:
    other = Organization.objects.create(name="Birch Roofs", website="https://birch.test")
    path = f"/organizations/{acme.pk}/merge/?source={other.pk}"
    page = open_page(owner, path, width=width, theme=theme)
    expect(page.get_by_role("button", name="Merge", exact=False).first).to_be_visible()
    expect(page.get_by_text("Birch Roofs").first).to_be_visible()
    assert violations(page) == []
