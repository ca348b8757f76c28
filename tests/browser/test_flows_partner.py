"""The flows of ui.md 2.4 about lists within their budgets, by mouse and by keyboard alone."""

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from portico.clients.models import Organization
from portico.invitations.models import Invitation
from portico.kit.days import months_later
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Workspace
from tests.browser.interactions import (
    BOTH_WAYS,
    BY_MOUSE,
    Interactions,
    OpenPage,
    budget,
    tick_invitation,
)
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_workspace

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

END = datetime.date(2030, 12, 15)


@pytest.fixture
def workspace(db: Any) -> Workspace:
    cache.clear()
    return make_workspace(preset=Preset.PARTNER)


def ends() -> dict[str, datetime.date | None]:
    return dict(Organization.objects.values_list("name", "membership_end_date"))


@BOTH_WAYS
def test_new_account_with_its_first_user(open_page: OpenPage, owner: Agent, way: str) -> None:
    make_organization("Birch", membership_end_date=END)
    page = open_page(owner, "/organizations/")
    with budget(page, way, 5) as hands:
        hands.use(page.get_by_role("banner").get_by_role("link", name="New Client"), key="c")
        dialog = page.get_by_role("dialog")
        hands.type("Acme")
        hands.fill(dialog.get_by_label("Membership end date"), "end of 2031")
        hands.fill(dialog.get_by_label("E-mail of the first user"), "maria@acme.test")
        hands.use(dialog.get_by_role("button", name="Create", exact=True), key="Control+Enter")
        said = page.get_by_text(
            "Acme created. No mail server is set, so nothing was sent. Copy the link."
        )
        expect(said).to_be_visible()
    assert ends() == {"Acme": datetime.date(2031, 12, 31), "Birch": END}
    expect(page.locator("tr[data-row]").first).to_contain_text("Acme")
    sent = Invitation.objects.get()
    assert (sent.organization.name, sent.address) == ("Acme", "maria@acme.test")


@BOTH_WAYS
def test_ordinary_users_from_the_row(open_page: OpenPage, owner: Agent, way: str) -> None:
    acme = make_organization("Acme", membership_end_date=END)
    make_organization("Birch", membership_end_date=END)
    make_person("maria@acme.test", name="Maria Rossi", organization=acme)
    page = open_page(owner, "/organizations/")
    dialog = page.get_by_role("dialog", name="Invite users to Acme")
    with budget(page, way, 3) as hands:
        hands.go_to_row("Acme")
        hands.use(page.get_by_role("link", name="Invite to Acme"))
        expect(dialog).to_be_visible()
        hands.type("jan@acme.test, lea@acme.test, maria@acme.test")
        checked = dialog.get_by_role("list", name="What was read")
        expect(checked.get_by_role("listitem")).to_have_text(
            ["jan@acme.testNew", "lea@acme.testNew", "maria@acme.testAlready a member"]
        )
        hands.use(dialog.get_by_role("button", name="Send invitations"), key="Control+Enter")
        said = "2 invited, 1 is already in Acme. They start as Guest."
        expect(page.get_by_text(said)).to_be_visible()
    sent = Invitation.objects.order_by("address")
    assert list(sent.values_list("address", flat=True)) == ["jan@acme.test", "lea@acme.test"]
    assert page.url.endswith("/organizations/")


@BOTH_WAYS
def test_ordinary_users(open_page: OpenPage, owner: Agent, way: str) -> None:
    acme = make_organization("Acme", membership_end_date=END)
    make_person("maria@acme.test", name="Maria Rossi", organization=acme)
    page = open_page(owner, "/people/")
    tick_invitation(page, acme)
    dialog = page.get_by_role("dialog")
    with budget(page, way, 3) as hands:
        hands.use(page.get_by_role("banner").get_by_role("link", name="Invite User"), key="c")
        hands.paste("jan@acme.test\nlea@acme.test\nmaria@acme.test")
        expect(dialog.get_by_text("2 new · 1 already exists")).to_be_visible()
        expect(dialog.get_by_role("combobox")).to_have_value("Acme")
        hands.use(dialog.get_by_role("button", name="Add and invite 2"), key="Control+Enter")
        expect(page.get_by_text("1 already exists: ")).to_be_visible()
    sent = Invitation.objects.filter(address__endswith="@acme.test").order_by("address")
    assert list(sent.values_list("address", flat=True)) == ["jan@acme.test", "lea@acme.test"]


@pytest.mark.parametrize("place", ("the users", "the account"))
@BOTH_WAYS
def test_promote(open_page: OpenPage, owner: Agent, way: str, place: str) -> None:
    acme = make_organization("Acme", membership_end_date=END)
    maria = make_person("maria@acme.test", name="Maria", organization=acme, roles=["Guest"])
    make_person("jan@acme.test", name="Jan", organization=acme, roles=["Guest"])
    maria_browser = sign_in(maria)
    assert "Locations" not in maria_browser.get("/portal/").content.decode()
    address = "/people/" if place == "the users" else f"/organizations/{acme.pk}/people/"
    page = open_page(owner, address)
    row = page.get_by_role("row", name="Maria")
    with budget(page, way, 2) as hands:
        if way == BY_MOUSE:
            row.hover()
            hands.use(row.get_by_role("button", name="Edit Roles of Maria"))
        else:
            hands.go_to_row("Maria")
            open_by_keys(hands, "Roles of Maria")
        editor = page.get_by_role("dialog", name="Roles of Maria")
        hands.use(editor.get_by_role("button", name="Admin"))
        said = "Maria is now Admin in Acme."
        expect(page.locator("[data-toast]")).to_contain_text(said)
    expect(row).to_contain_text("Admin")
    assert "Locations" in maria_browser.get("/portal/").content.decode()
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_text("Undone: ")).to_be_visible()
    expect(row).to_contain_text("Guest")
    assert "Locations" not in maria_browser.get("/portal/").content.decode()


def open_by_keys(hands: Interactions, name: str) -> None:
    """F2, again until the cell meant is open: one sequence of keys."""
    hands.press("F2")
    editor = hands.page.locator("dialog[open]")
    for _press in range(9):
        expect(editor).to_be_visible()
        label = editor.get_attribute("aria-label")
        if label == name:
            return
        hands.page.keyboard.press("F2")
        expect(editor).not_to_have_attribute("aria-label", label or "")
    raise AssertionError(f"F2 does not come to {name}")


@BOTH_WAYS
def test_extend_a_membership(open_page: OpenPage, owner: Agent, way: str) -> None:
    make_organization("Acme", membership_end_date=END)
    make_organization("Birch", membership_end_date=END)
    page = open_page(owner, "/organizations/")
    with budget(page, way, 3) as hands:
        hands.go_to_row("Acme")
        if way == BY_MOUSE:
            hands.count += 1
            page.get_by_role("row", name="Acme").locator("time").first.dblclick()
        else:
            # F2 once more goes on to the next cell: one sequence of keys.
            hands.press("F2")
            expect(page.get_by_role("dialog", name="Name of Acme")).to_be_visible()
            page.keyboard.press("F2")
        editor = page.get_by_role("dialog", name="Ends on of Acme")
        expect(editor.get_by_role("textbox")).to_be_focused()
        hands.type("+1y")
        expect(editor.get_by_role("status")).to_contain_text("2031")
        hands.press("Enter")
        expect(page.get_by_role("row", name="Acme").locator("time").first).to_contain_text("2031")
    assert ends() == {"Acme": datetime.date(2031, 12, 15), "Birch": END}
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_text("Undone: ")).to_be_visible()
    assert ends() == {"Acme": END, "Birch": END}


@BOTH_WAYS
def test_extend_9_that_end_soon(open_page: OpenPage, owner: Agent, way: str) -> None:
    soon = timezone.localdate() + datetime.timedelta(days=9)
    for number in range(9):
        make_organization(f"Soon {number}", membership_end_date=soon)
    make_organization("Later", membership_end_date=END)
    page = open_page(owner, "/organizations/")
    with budget(page, way, 5) as hands:
        hands.open_view("Ending in 30 days")
        hands.tick(page.get_by_label("Select all rows of this page"), key="Control+a")
        bar = page.get_by_role("form", name="Chosen rows")
        hands.use(bar.get_by_role("button", name="Extend"))
        dialog = page.get_by_role("dialog")
        table = dialog.get_by_role("table", name="Preview")
        expect(table.locator("tbody tr")).to_have_count(9)
        hands.choose(dialog.get_by_label("Extend by"), "2 years")
        until = months_later(soon, 24)
        shown = table.locator(f"tbody time[datetime='{until.isoformat()}']")
        expect(shown).to_have_count(9)
        hands.use(dialog.get_by_role("button", name="Extend 9"), key="Control+Enter")
        expect(page.get_by_text("9 memberships extended.")).to_be_visible()
    assert [day for name, day in ends().items() if name != "Later"] == [until] * 9
    assert ends()["Later"] == END
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_text("Undone: ")).to_be_visible()
    assert {day for name, day in ends().items() if name != "Later"} == {soon}
