"""Adding fast, in a real browser; budgets of interactions of ui.md 2.1 and 2.2."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Membership, Organization, Person
from portico.invitations.models import Invitation
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Violations = Callable[[Page], list[str]]
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const field = document.activeElement;
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""


class Hands:
    """Presses and pastes, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def paste(self, text: str) -> None:
        self.count += 1
        expect(self.page.locator("input:focus, textarea:focus")).to_have_count(1)
        self.page.evaluate(PASTE, text)


def test_s2_12_a_pasted_address_adds_a_client_to_the_proposed_organization_in_3(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Other")
    acme = make_organization("Acme Windows")
    for number in range(4):
        make_person(f"p{number}@acme.test", name=f"Person {number}", organization=acme)
    page = open_page(owner, "/people/")
    hands = Hands(page)
    hands.press("c")
    dialog = page.get_by_role("dialog", name="Create Client")
    expect(dialog.get_by_label("Name, e-mail or a whole signature")).to_be_focused()
    hands.paste("Lena Fischer <lena@acme.test>")
    expect(dialog.get_by_role("combobox", name="Organization")).to_have_value("Acme Windows")
    expect(dialog.get_by_text("4 clients use this domain")).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Lena Fischer")
    hands.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    assert hands.count == 3
    lena = Person.objects.get(email="lena@acme.test")
    assert Membership.objects.get(person_id=lena.pk).organization_id == acme.pk


def test_sending_at_once_needs_no_answer_to_the_paste(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, "/people/new/")
    page.route("**/people/read/", lambda route: None)
    hands = Hands(page)
    hands.paste("Lena Fischer\nHead of Sales\nlena@acme.test\nT +49 40 555 023")
    hands.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    lena = Person.objects.get()
    assert (lena.position, lena.phone) == ("Head of Sales", "+49 40 555 023")


def test_the_button_says_that_it_invites_and_the_tick_stays_for_the_next(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, "/people/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Create Client")
    dialog.get_by_label("Send Invitation").check()
    page.get_by_label("Name, e-mail or a whole signature").focus()
    page.evaluate(PASTE, "Lena Fischer <lena@acme.test>")
    expect(dialog.get_by_role("button", name="Add and invite")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    assert Invitation.objects.count() == 1
    page.goto("/people/")
    page.keyboard.press("c")
    expect(dialog.get_by_label("Send Invitation")).to_be_checked()
    expect(dialog.get_by_role("button", name="Add and invite")).to_be_visible()


def test_what_was_typed_below_is_not_overwritten(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, "/people/new/")
    page.get_by_label("Name", exact=True).fill("Dr. Lena Fischer")
    page.get_by_label("Name, e-mail or a whole signature").focus()
    page.evaluate(PASTE, "Lena <lena@acme.test>")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("lena@acme.test")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Dr. Lena Fischer")


def test_twenty_lines_make_twenty_clients_in_3(
    open_page: OpenPage, owner: Agent, acme: Organization, violations: Violations
) -> None:
    make_person("p3@acme.test", name="Known Person", organization=acme)
    page = open_page(owner, "/people/")
    hands = Hands(page)
    hands.press("c")
    lines = [f"Person Number{letter} <p{n}@acme.test>" for n, letter in enumerate("abcdefghij" * 2)]
    hands.paste("\n".join([*lines[:19], "Nobody at all <a@b@c>"]))
    dialog = page.get_by_role("dialog", name="Create Client")
    expect(dialog.get_by_text("18 new · 1 already exists · 1 can't be read")).to_be_visible()
    expect(dialog.get_by_role("button", name="Add 18 clients")).to_be_visible()
    expect(dialog.get_by_text("a@b@c is no e-mail address.")).to_be_visible()
    assert violations(page) == []
    hands.press("Control+Enter")
    # First of all, because they are marked for three seconds only.
    expect(page.locator("tr.p-row-new")).to_have_count(18)
    expect(page.get_by_text("18 clients added. 1 already exists: ")).to_be_visible()
    assert hands.count == 3
    assert Person.objects.count() == 19
    expect(page.locator("tr.p-row-new")).to_have_count(0)
    page.keyboard.press("z")
    page.wait_for_load_state()
    expect(page.get_by_text("undone").first).to_be_visible()


def test_twenty_names_make_twenty_organizations_in_3(open_page: OpenPage, owner: Agent) -> None:
    for name in ("Birch & Sons", "Isar"):
        make_organization(name)
    page = open_page(owner, "/organizations/")
    hands = Hands(page)
    hands.press("c")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_be_focused()
    hands.paste("\n".join([*(f"Firm {n}" for n in range(18)), "isar", "BIRCH & sons"]))
    expect(page.get_by_role("button", name="Add 18 organizations")).to_be_visible()
    hands.press("Enter")
    said = "18 organizations added. 2 already exist: isar, BIRCH & sons."
    expect(page.get_by_text(said)).to_be_visible()
    assert hands.count == 3
    assert Organization.objects.count() == 20


def test_one_name_is_an_organization_in_3_and_its_row_is_marked(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, "/organizations/")
    hands = Hands(page)
    hands.press("c")
    hands.paste("Birch")
    hands.press("Enter")
    expect(page.locator("tr.p-row-new")).to_have_count(1)
    expect(page.get_by_text("Birch created.")).to_be_visible()
    assert hands.count == 3
    expect(page.locator("tr[data-row]").first).to_contain_text("Birch")
    assert "new=" not in page.url


def test_shift_enter_adds_and_stays(open_page: OpenPage, owner: Agent, acme: Organization) -> None:
    page = open_page(owner, "/people/")
    page.keyboard.press("c")
    smart = page.get_by_label("Name, e-mail or a whole signature")
    for name in ("Lena Fischer", "Tom Okafor"):
        expect(smart).to_be_focused()
        expect(smart).to_have_value("")
        page.evaluate(PASTE, f"{name} <{name.split()[0].lower()}@acme.test>")
        page.keyboard.press("Shift+Enter")
        expect(page.get_by_text(f"{name} created.")).to_be_visible()
    assert Person.objects.count() == 2
    page.keyboard.press("Escape")
    expect(page.locator("tr[data-row]")).to_have_count(2)


def test_look_alikes_are_shown_before_sending(
    open_page: OpenPage, owner: Agent, acme: Organization, guest: Any
) -> None:
    make_person("lena@acme.test", name="Lena Fischer", organization=acme)
    page = open_page(owner, "/people/new/")
    smart = page.get_by_label("Name, e-mail or a whole signature")
    smart.fill("Lena Fisher")
    notice = page.locator("[data-smart-answer]")
    expect(notice).to_contain_text("Lena Fischer")
    expect(notice).to_contain_text("a similar name")
    smart.fill("Somebody <guest@acme.test>")
    expect(notice).to_contain_text("Gina Guest")
    expect(notice).to_contain_text("This address is in use")
    expect(notice.get_by_role("link", name="Open")).to_have_attribute(
        "href", re.compile(str(guest.pk))
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("is in use: it belongs to Gina Guest").first).to_be_visible()


def test_the_palette_hands_the_text_over(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, "/settings/")
    page.keyboard.press("Control+k")
    page.keyboard.type("Lena Fischer")
    page.get_by_role("option", name="Add “Lena Fischer” as a client").click()
    dialog = page.get_by_role("dialog", name="Create Client")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Lena Fischer")
