"""The cells of the two lists, edited where they stand: by keys, by mouse, by finger."""

import datetime
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from portico.clients.actions.organizations import delete_organization, update_organization
from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
WITH_DATES = "/organizations/?columns=name,membership_end_date,active,tags,managers"


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row", name=name)


def editor_of(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


def test_f2_renames_a_row_in_three_interactions(open_page: OpenPage, owner: Agent) -> None:
    acme = make_organization("Acme")
    make_organization("Birch")
    page = open_page(owner, "/organizations/")
    page.get_by_role("link", name="Acme").focus()

    page.keyboard.press("F2")
    field = editor_of(page, "Name of Acme").get_by_label("Name")
    expect(field).to_be_focused()
    page.keyboard.type("Acme Windows")
    page.keyboard.press("Enter")

    expect(row_of(page, "Acme Windows").locator(".p-cell-tick")).to_be_visible()
    expect(page.get_by_text("Name of Acme Windows saved.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("button", name="Edit Name of Acme Windows")).to_be_focused()
    acme.refresh_from_db()
    assert acme.name == "Acme Windows"


def test_a_date_is_extended_in_three_interactions(open_page: OpenPage, owner: Agent) -> None:
    acme = make_organization("Acme", membership_end_date=datetime.date(2030, 12, 15))
    page = open_page(owner, WITH_DATES)

    row_of(page, "Acme").locator("time").first.dblclick()
    editor = editor_of(page, "Ends on of Acme")
    expect(editor.get_by_label("Ends on")).to_be_focused()
    page.keyboard.type("+1y")
    expect(editor.get_by_role("status")).to_have_text("Read as 12/15/2031")
    page.keyboard.press("Enter")

    expect(row_of(page, "Acme").locator("time").first).to_have_text("12/15/2031")
    acme.refresh_from_db()
    assert acme.membership_end_date == datetime.date(2031, 12, 15)


def test_quick_edits_one_after_another_are_told_by_one_toast_that_counts_them(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Acme")
    page = open_page(owner, "/organizations/?columns=name,reference,website")
    page.get_by_role("link", name="Acme").focus()
    toasts = page.locator("[data-toast]")

    page.keyboard.press("F2")
    for label, typed in (
        ("Name", "Acme Windows"),
        ("Reference", "A-1"),
        ("Website", "acme.example"),
    ):
        expect(page.get_by_role("dialog").get_by_label(label)).to_be_focused()
        page.keyboard.type(typed)
        page.keyboard.press("Tab" if label != "Website" else "Enter")
        expect(toasts.first).to_contain_text(f"{label} of Acme Windows saved.")
        expect(toasts).to_have_count(1)

    expect(toasts.get_by_role("button", name="Undo")).to_be_visible()
    toasts.get_by_role("link", name="2 earlier changes").click()
    expect(page).to_have_title(re.compile("Recent changes"))
    expect(page.get_by_role("button", name=re.compile("^Undo: "))).to_have_count(3)


def test_a_cell_beside_the_window_comes_into_view_with_its_editor(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Acme", website="https://acme.example")
    wide = "name,status,tags,managers,membership_end_date,active,created,website"
    page = open_page(owner, f"/organizations/?columns={wide}")
    page.set_viewport_size({"width": 1000, "height": 700})
    cell = row_of(page, "Acme").get_by_text("acme.example")
    expect(cell).not_to_be_in_viewport(ratio=0.5)
    page.get_by_role("link", name="Acme").focus()
    page.keyboard.press("F2")
    for label in ("Name", "Account managers", "Ends on"):
        editor = page.get_by_role("dialog", name=f"{label} of Acme")
        expect(editor.locator(":focus")).to_have_count(1)
        page.keyboard.press("F2")
    expect(page.get_by_role("dialog", name="Website of Acme")).to_be_visible()
    expect(cell).to_be_in_viewport(ratio=0.9)


def test_a_refused_value_stays_with_its_reason(open_page: OpenPage, owner: Agent) -> None:
    make_organization("Acme")
    page = open_page(owner, WITH_DATES)
    row = row_of(page, "Acme")
    row.hover()
    row.get_by_role("button", name="Edit Membership end date of Acme").click()
    field = editor_of(page, "Ends on of Acme").get_by_label("Ends on")
    field.fill("soon")
    page.keyboard.press("Enter")

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("soon")
    expect(field).to_be_focused()
    told = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(told).to_contain_text("Enter a date such as 12/31/2027, +1y or end of 2027.")


def test_escape_gives_back_what_was_there_and_says_so(open_page: OpenPage, owner: Agent) -> None:
    acme = make_organization("Acme")
    page = open_page(owner, "/organizations/")
    page.get_by_role("link", name="Acme").focus()
    page.keyboard.press("F2")
    expect(editor_of(page, "Name of Acme").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Zebra")
    page.keyboard.press("Escape")

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#p-cell-said")).to_have_text("Nothing was changed.")
    expect(page.get_by_role("button", name="Edit Name of Acme")).to_be_focused()
    acme.refresh_from_db()
    assert acme.name == "Acme"


def test_edge_case_56_a_stale_value_shows_both(
    open_page: OpenPage, owner: Agent, owner_actor: Actor
) -> None:
    acme = make_organization("Acme")
    page = open_page(owner, "/organizations/")
    page.get_by_role("rowheader", name="Acme").dblclick(position={"x": 240, "y": 20})
    editor = editor_of(page, "Name of Acme")
    expect(editor.get_by_label("Name")).to_be_focused()
    update_organization(owner_actor, acme.pk, {"name": "Acme Doors"})
    page.keyboard.type("Acme Windows")
    page.keyboard.press("Enter")
    again = editor_of(page, "Name of Acme Doors")
    expect(again).to_contain_text("saved meanwhile: Acme Doors. Saving keeps yours.")
    expect(again.get_by_label("Name")).to_have_value("Acme Windows")
    page.keyboard.press("Enter")
    expect(row_of(page, "Acme Windows")).to_be_visible()


def test_f2_goes_on_to_the_next_cell_and_saves_on_the_way(
    open_page: OpenPage, owner: Agent
) -> None:
    person = make_person("lena@acme.test", name="Lena", organization=make_organization("Acme"))
    page = open_page(owner, "/people/?columns=name,position,phone")
    page.get_by_role("link", name="Lena").focus()
    page.keyboard.press("F2")
    expect(editor_of(page, "Name of Lena").get_by_label("Name")).to_be_focused()
    page.keyboard.press("F2")
    expect(editor_of(page, "Position of Lena").get_by_label("Position")).to_be_focused()
    page.keyboard.type("Lead")
    page.keyboard.press("F2")
    phone = editor_of(page, "Phone of Lena").get_by_label("Phone")
    expect(phone).to_be_focused()
    page.keyboard.type("+49 30 1234")
    page.keyboard.press("Enter")
    expect(row_of(page, "Lena")).to_contain_text("+49 30 1234")
    person.refresh_from_db()
    assert (person.position, person.phone) == ("Lead", "+49 30 1234")


def test_tags_and_managers_are_edited_in_their_cells(open_page: OpenPage, owner: Agent) -> None:
    make_organization("Acme")
    page = open_page(owner, WITH_DATES)
    row = row_of(page, "Acme")
    row.hover()
    row.get_by_role("button", name="Edit Tags of Acme").click()
    editor = editor_of(page, "Tags of Acme")
    expect(editor.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("VIP")
    page.keyboard.press("Enter")
    expect(editor.get_by_role("button", name="Remove VIP")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("VIP")

    row.hover()
    row.get_by_role("button", name="Edit Account managers of Acme").click()
    expect(editor_of(page, "Account managers of Acme").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Olga")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Olga Owner")


def test_enter_behind_a_typed_name_takes_the_only_one_that_fits_and_never_drops_it(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Acme")
    page = open_page(owner, WITH_DATES)
    row = row_of(page, "Acme")
    row.hover()
    row.get_by_role("button", name="Edit Account managers of Acme").click()
    editor = editor_of(page, "Account managers of Acme")
    expect(editor.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("nobody of this name")
    page.keyboard.press("Enter")
    expect(editor.get_by_role("combobox")).to_have_value("nobody of this name")
    page.keyboard.press("Control+a")
    page.keyboard.type("olga")
    page.keyboard.press("Enter")
    expect(editor.get_by_role("button", name="Remove Olga Owner")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Olga Owner")


def test_an_arrow_opens_the_choices_at_the_first_one(open_page: OpenPage, owner: Agent) -> None:
    make_person("lena@acme.test", name="Lena", organization=make_organization("Acme"))
    page = open_page(owner, "/people/?columns=name,roles")
    row = row_of(page, "Lena")
    row.hover()
    row.get_by_role("button", name="Edit Roles of Lena").click()
    field = page.get_by_role("combobox", name="Roles at Acme")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Admin")


def test_a_typed_tag_joins_those_that_stand_there(
    open_page: OpenPage, owner: Agent, owner_actor: Actor
) -> None:
    acme = make_organization("Acme")
    update_organization(owner_actor, acme.pk, {"tags": ["Prospect", "VIP"]})
    page = open_page(owner, WITH_DATES)
    row = row_of(page, "Acme")
    row.hover()
    row.get_by_role("button", name="Edit Tags of Acme").click()
    expect(editor_of(page, "Tags of Acme").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Retainer")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_contain_text("Retainer")
    acme.refresh_from_db()
    assert sorted(acme.tag_text.split()) == ["Prospect", "Retainer", "VIP"]

    page.get_by_role("link", name="Acme").click()
    page.get_by_role("button", name="Edit Tags").or_(
        page.get_by_role("link", name="Edit Tags")
    ).click()
    expect(page.get_by_role("combobox", name="Tags")).to_be_focused()


def test_a_row_that_no_longer_fits_goes_and_the_message_says_so(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Acme")
    make_organization("Acme Two")
    page = open_page(owner, "/organizations/?q=acme")
    page.get_by_role("link", name="Acme Two").focus()
    page.keyboard.press("F2")
    expect(editor_of(page, "Name of Acme Two").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Birch")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Birch is no longer on this page of the list.")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.get_by_text("1 organization", exact=True)).to_be_visible()

    page.get_by_role("link", name="Acme", exact=True).focus()
    page.keyboard.press("F2")
    expect(editor_of(page, "Name of Acme").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Cedar")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cedar is no longer on this page of the list.")).to_be_visible()
    expect(page.get_by_role("heading", name="No organization fits these filters")).to_be_visible()


def test_a_row_that_no_longer_fits_stays_until_its_last_cell_is_left(
    open_page: OpenPage, owner: Agent
) -> None:
    organization = make_organization("Acme")
    lena = make_person("lena@acme.test", name="Lena", organization=organization)
    make_person("mia@acme.test", name="Lena Two", organization=organization)
    page = open_page(owner, "/people/?name.has=lena&columns=name,position")
    page.get_by_role("link", name="Lena", exact=True).focus()
    page.keyboard.press("F2")
    expect(editor_of(page, "Name of Lena").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Zoe")
    page.keyboard.press("F2")
    expect(page.get_by_text("Zoe is no longer on this page of the list.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Position")).to_be_focused()
    page.keyboard.type("Lead")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Position of Zoe saved.")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    lena.refresh_from_db()
    assert (lena.name, lena.position) == ("Zoe", "Lead")


def test_active_is_turned_round_by_one_press(open_page: OpenPage, owner: Agent) -> None:
    acme = make_organization("Acme")
    page = open_page(owner, WITH_DATES)
    page.get_by_role("button", name="Active: Acme. Make inactive").click()
    expect(page.get_by_role("button", name="Inactive: Acme. Make active")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_text("Acme deactivated.")).to_be_visible()
    acme.refresh_from_db()
    assert acme.is_active is False


def test_what_does_not_reach_the_server_is_taken_back_and_told(
    open_page: OpenPage, owner: Agent
) -> None:
    acme: Organization = make_organization("Acme")
    page = open_page(owner, WITH_DATES)
    page.route("**/fields/**", lambda route: route.fulfill(status=500, body="broken"))
    page.get_by_role("button", name="Active: Acme. Make inactive").click()
    failed = page.get_by_role("alert").filter(has_text="This did not work. Try again in a moment.")
    expect(failed).to_be_visible()
    expect(page.get_by_role("button", name="Active: Acme. Make inactive")).to_be_visible()
    acme.refresh_from_db()
    assert acme.is_active is True


def test_on_the_phone_the_menu_of_the_row_edits(
    open_page: OpenPage, owner: Agent, violations: Callable[[Page], list[str]]
) -> None:
    make_organization("Acme")
    page = open_page(owner, WITH_DATES, width="phone")
    row = row_of(page, "Acme")
    row.get_by_label("More actions").click()
    row.get_by_role("button", name="Edit Membership end date of Acme").click()
    editor = editor_of(page, "Ends on of Acme")
    expect(editor.get_by_label("Ends on")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type("end of 2031")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Acme runs until 12/31/2031.")).to_be_visible()


def test_who_may_only_look_gets_no_pencils(open_page: OpenPage, viewer: Agent) -> None:
    make_organization("Acme")
    page = open_page(viewer, WITH_DATES)
    link = page.get_by_role("link", name="Acme")
    link.focus()
    page.keyboard.press("F2")
    expect(page.locator("[data-cell-edit], [data-flag]")).to_have_count(0)
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_edge_case_58_a_cell_of_a_record_deleted_meanwhile_says_so_and_keeps_what_was_typed(
    open_page: OpenPage, owner: Agent, owner_actor: Actor
) -> None:
    acme = make_organization("Acme")
    page = open_page(owner, "/organizations/")
    page.get_by_role("link", name="Acme").focus()
    page.keyboard.press("F2")
    expect(editor_of(page, "Name of Acme").get_by_label("Name")).to_be_focused()
    delete_organization(owner_actor, acme.pk, confirmation="DELETE")
    page.keyboard.type("Acme Windows")
    page.keyboard.press("Enter")

    told = editor_of(page, "Name")
    expect(told).to_contain_text("Nothing was saved. What you typed can be copied from here.")
    expect(told.get_by_label("Name")).to_have_value("Acme Windows")
    expect(told.get_by_label("Name")).to_be_focused()
    page.get_by_role("heading", level=1).click()
    expect(told).to_be_visible()
    told.get_by_role("button", name="Close").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
