"""The flows of ui.md 2.1 within their budgets of interactions, by mouse and by keyboard alone."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from portico.clients.models import Organization
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Workspace
from tests.browser.interactions import BOTH_WAYS, BY_KEYS, BY_MOUSE, OpenPage, budget
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_workspace

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = pytest.mark.parametrize("is_asked", (True, False), ids=("asked", "not asked"))


@pytest.fixture
def workspace(db: Any) -> Workspace:
    cache.clear()
    return make_workspace(preset=Preset.FIELD_SERVICE)


def make_clients(names: Sequence[str], **fields: Any) -> None:
    for name in names:
        make_organization(name, **fields)


def active() -> list[str]:
    rows = Organization.objects.filter(archived_at__isnull=True).order_by("name")
    return list(rows.values_list("name", flat=True))


def set_question(owner: Agent, *, is_asked: bool) -> int:
    """Whether archiving asks; returns what the question costs."""
    Agent.objects.filter(pk=owner.pk).update(asks_before_archiving=is_asked)
    return int(is_asked)


def bulk(page: Page, name: str) -> Locator:
    return page.get_by_role("form", name="Chosen rows").get_by_role("button", name=name)


def answer(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog").get_by_role("button", name=name)


@BOTH_WAYS
def test_add_a_client(open_page: OpenPage, owner: Agent, way: str) -> None:
    make_clients(["Birch & Sons"])
    page = open_page(owner, "/organizations/")
    with budget(page, way, 3) as hands:
        hands.use(page.get_by_role("banner").get_by_role("link", name="Add Client"), key="c")
        expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_be_focused()
        hands.type("Acme Windows")
        hands.use(answer(page, "Add Client"), key="Enter")
        expect(page.get_by_text("Acme Windows added.")).to_be_visible()
    expect(page.get_by_role("link", name="Add contact")).to_be_visible()
    expect(page.locator("tr[data-row]").first).to_contain_text("Acme Windows")
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_text("Undone: ")).to_be_visible()
    assert active() == ["Birch & Sons"]


def test_add_a_client_from_any_page(open_page: OpenPage, owner: Agent) -> None:
    page = open_page(owner, "/settings/")
    with budget(page, BY_KEYS, 3) as hands:
        hands.press("c")
        hands.type("Acme Windows")
        hands.press("Enter")
        expect(page.get_by_text("Acme Windows added.")).to_be_visible()
    assert active() == ["Acme Windows"]


def test_add_20_clients(open_page: OpenPage, owner: Agent) -> None:
    make_clients(["Birch & Sons", "Isar"])
    page = open_page(owner, "/organizations/")
    with budget(page, BY_KEYS, 3) as hands:
        hands.press("c")
        hands.paste("\n".join([*(f"Firm {n}" for n in range(18)), "isar", "BIRCH & sons"]))
        expect(answer(page, "Add 18 clients")).to_be_visible()
        hands.press("Enter")
        said = "18 clients added. 2 already exist: isar, BIRCH & sons."
        expect(page.get_by_text(said)).to_be_visible()
    assert len(active()) == 20
    with budget(page, BY_KEYS, 1) as hands:
        hands.press("z")
        expect(page.get_by_text("Undone: ")).to_be_visible()
    assert active() == ["Birch & Sons", "Isar"]


@BOTH_WAYS
def test_rename(open_page: OpenPage, owner: Agent, way: str) -> None:
    make_clients(["Acme", "Birch"])
    page = open_page(owner, "/organizations/")
    with budget(page, way, 3) as hands:
        hands.go_to_row("Acme")
        if way == BY_MOUSE:
            hands.count += 1
            row = page.get_by_role("rowheader", name="Acme")
            row.dblclick(position={"x": 240, "y": 20})
        else:
            hands.press("F2")
        editor = page.get_by_role("dialog", name="Name of Acme")
        expect(editor.get_by_label("Name")).to_be_focused()
        hands.type("Acme Windows")
        hands.press("Enter")
        expect(page.get_by_role("row", name="Acme Windows")).to_be_visible()
    assert active() == ["Acme Windows", "Birch"]
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_text("Undone: ")).to_be_visible()
    assert active() == ["Acme", "Birch"]


@QUESTION
@BOTH_WAYS
def test_archive_one(open_page: OpenPage, owner: Agent, way: str, *, is_asked: bool) -> None:
    make_clients(["Acme", "Birch"])
    question = set_question(owner, is_asked=is_asked)
    page = open_page(owner, "/organizations/")
    with budget(page, way, 2 + question) as hands:
        hands.go_to_row("Birch")
        hands.tick(page.get_by_label("Select Birch"), key="x")
        hands.use(bulk(page, "Archive"), key="e")
        if is_asked:
            expect(page.get_by_role("dialog", name="Archive 1 client?")).to_be_visible()
            expect(page.get_by_text("they can be brought back at any time")).to_be_visible()
            hands.use(answer(page, "Archive"), key="Enter")
        expect(page.get_by_text("Birch archived.")).to_be_visible()
    assert active() == ["Acme"]
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_label("Select Birch")).to_be_visible()
    assert active() == ["Acme", "Birch"]


def test_archive_one_from_its_page_and_undo_it_where_no_message_stands(
    open_page: OpenPage, owner: Agent
) -> None:
    make_clients(["Acme", "Birch"])
    set_question(owner, is_asked=False)
    birch = Organization.objects.get(name="Birch")
    page = open_page(owner, f"/organizations/{birch.pk}/")
    with budget(page, BY_KEYS, 1) as hands:
        hands.press("e")
        expect(page.get_by_text("Birch archived.")).to_be_visible()
    assert active() == ["Acme"]
    page.goto("/people/")
    with budget(page, BY_KEYS, 1) as hands:
        hands.press("z")
        expect(page.get_by_text("Undone: ")).to_be_visible()
    assert active() == ["Acme", "Birch"]


@BOTH_WAYS
def test_archive_30_in_a_row(open_page: OpenPage, owner: Agent, way: str) -> None:
    make_clients([f"Client {number:02}" for number in range(32)])
    page = open_page(owner, "/organizations/")
    last = page.get_by_label("Select Client 30")
    with budget(page, way, 4) as hands:
        hands.go_to_row("Client 01")
        hands.tick(page.get_by_label("Select Client 01"), key="x")
        if way == BY_MOUSE:
            hands.count += 1
            last.click(modifiers=["Shift"])
        else:
            hands.go_to_row("Client 30")
            hands.press("Shift+X")
        expect(page.get_by_text("30 selected")).to_be_visible()
        hands.use(bulk(page, "Archive"), key="e")
        hands.use(answer(page, "Archive"), key="Enter")
        expect(page.get_by_text("30 clients archived.")).to_be_visible()
    assert active() == ["Client 00", "Client 31"]
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(last).to_be_visible()
    assert len(active()) == 32


@QUESTION
@BOTH_WAYS
def test_archive_all_that_match(
    open_page: OpenPage, owner: Agent, way: str, *, is_asked: bool
) -> None:
    names = [f"Firm {number:02}" for number in range(60)]
    make_clients([*names, "Other"])
    question = set_question(owner, is_asked=is_asked)
    page = open_page(owner, "/organizations/?q=firm")
    with budget(page, way, 3 + question) as hands:
        hands.tick(page.get_by_label("Select all rows of this page"), key="Control+a")
        hands.use(page.get_by_role("button", name="Select all 60"), key="Control+a")
        expect(page.get_by_text("All 60 matching selected")).to_be_visible()
        hands.use(bulk(page, "Archive"), key="e")
        if is_asked:
            hands.use(answer(page, "Archive"), key="Enter")
        expect(page.get_by_text("60 clients archived.")).to_be_visible()
    assert active() == ["Other"]


@QUESTION
@BOTH_WAYS
def test_bring_back(open_page: OpenPage, owner: Agent, way: str, *, is_asked: bool) -> None:
    make_clients(["Cedar"])
    make_clients(["Acme", "Birch"], archived_at=timezone.now())
    question = set_question(owner, is_asked=is_asked)
    page = open_page(owner, "/organizations/")
    with budget(page, way, 3 + question) as hands:
        hands.open_view("Archived Clients")
        hands.tick(page.get_by_label("Select all rows of this page"), key="Control+a")
        hands.use(bulk(page, "Unarchive"), key="e")
        if is_asked:
            hands.use(answer(page, "Unarchive"), key="Enter")
        expect(page.get_by_text("2 clients unarchived.")).to_be_visible()
    assert active() == ["Acme", "Birch", "Cedar"]


@BOTH_WAYS
def test_delete_for_good(open_page: OpenPage, owner: Agent, way: str) -> None:
    make_clients(["Acme", "Birch"])
    make_person(organization=Organization.objects.get(name="Birch"))
    page = open_page(owner, "/organizations/")
    with budget(page, way, 5) as hands:
        hands.go_to_row("Birch")
        hands.use(page.get_by_role("link", name="Birch", exact=True), key="Enter")
        hands.use(page.get_by_role("main").get_by_label("More actions"))
        hands.use(page.get_by_role("link", name="Delete Client"))
        dialog = page.get_by_role("dialog", name="Delete Birch permanently?")
        hands.fill(dialog.get_by_label("Type DELETE to confirm"), "DELETE")
        expect(dialog.get_by_text("Type it in capital letters")).to_be_hidden()
        hands.use(dialog.get_by_role("button", name="Delete", exact=True), key="Enter")
        expect(page.get_by_text("Birch deleted permanently.")).to_be_visible()
    assert list(Organization.objects.values_list("name", flat=True)) == ["Acme"]


def test_the_word_in_small_letters_is_told_to_be_typed_in_capitals(
    open_page: OpenPage, owner: Agent
) -> None:
    acme = make_organization("Acme")
    page = open_page(owner, f"/organizations/{acme.pk}/delete/")
    field = page.get_by_label("Type DELETE to confirm")
    field.fill("delet")
    told = page.get_by_text("Type it in capital letters: DELETE")
    expect(told).to_be_hidden()
    field.fill("delete")
    expect(told).to_be_visible()
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_disabled()
    field.fill("DELETE")
    expect(told).to_be_hidden()
