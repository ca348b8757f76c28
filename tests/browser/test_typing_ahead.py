"""Who types faster than the server answers loses no letter, and no letter presses anything."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from portico.clients.actions.organizations import update_organization
from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


@contextmanager
def delayed(page: Page, address: str) -> Iterator[None]:
    """Whoever asks for this address inside gets no answer before the end."""
    pattern = re.compile(address)
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    page.route(pattern, keep)
    with page.expect_request(pattern):
        yield
    for route in waiting:
        route.continue_()
    page.unroute(pattern)


def test_what_is_typed_before_the_editor_of_a_cell_is_there_stands_in_it(
    open_page: OpenPage, owner: Agent
) -> None:
    acme = make_organization("Acme")
    page = open_page(owner, "/organizations/")
    page.get_by_role("link", name="Acme").focus()
    with delayed(page, "cell=1"):
        page.keyboard.press("F2")
        page.keyboard.type("Zebra x e")
    field = page.get_by_role("dialog").get_by_label("Name")
    expect(field).to_have_value("Zebra x e")
    expect(page.get_by_label("Select Acme")).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Name of Zebra x e saved.")).to_be_visible()
    acme.refresh_from_db()
    assert acme.name == "Zebra x e"


def test_what_is_typed_after_going_on_belongs_to_the_next_cell(
    open_page: OpenPage, owner: Agent
) -> None:
    acme = make_organization("Acme")
    page = open_page(owner, "/organizations/?columns=name,reference,website")
    page.get_by_role("link", name="Acme").focus()
    page.keyboard.press("F2")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Acme Windows")
    with delayed(page, "fields/name/$"):
        page.keyboard.press("Tab")
        page.keyboard.type("A-1")
    expect(page.get_by_role("dialog").get_by_label("Reference")).to_have_value("A-1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Reference of Acme Windows saved.")).to_be_visible()
    acme.refresh_from_db()
    assert (acme.name, acme.reference) == ("Acme Windows", "A-1")


def test_what_is_typed_before_a_dialog_is_there_stands_in_its_first_field(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Acme")
    page = open_page(owner, "/organizations/")
    with delayed(page, "/organizations/new/"):
        page.keyboard.press("c")
        page.keyboard.type("Zebra")
    expect(page.get_by_role("dialog").get_by_label("Name").first).to_have_value("Zebra")
    assert Organization.objects.count() == 1


def test_who_goes_on_while_a_cell_is_saved_is_left_where_they_are(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Acme")
    make_organization("Birch")
    page = open_page(owner, "/organizations/")
    page.get_by_role("link", name="Acme").focus()
    page.keyboard.press("F2")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Acme Windows")
    with delayed(page, "/organizations/$"):
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        search = page.get_by_role("searchbox", name=re.compile("Search"))
        search.focus()
    expect(page.get_by_text("Name of Acme Windows saved.")).to_be_visible()
    expect(search).to_be_focused()


def test_who_went_down_into_the_list_stays_there_when_the_search_answers(
    open_page: OpenPage, owner: Agent
) -> None:
    for name in ("Acme", "Acme Doors", "Birch"):
        make_organization(name)
    page = open_page(owner, "/organizations/")
    page.keyboard.press("/")
    with delayed(page, "q=acme"):
        page.keyboard.type("acme")
    # Two rows beneath the search, of which one goes with the answer.
    with delayed(page, "q=acme\\+doors"):
        page.keyboard.type(" doors")
        page.keyboard.press("ArrowDown")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.get_by_role("link", name="Acme Doors")).to_be_focused()


def test_a_word_typed_before_the_first_frame_stays_whole(
    open_page: OpenPage, owner: Agent, owner_actor: Actor
) -> None:
    acme = make_organization("Acme")
    update_organization(owner_actor, acme.pk, {"tags": ["Prospect"]})
    page = open_page(owner, "/people/")
    page.add_init_script("window.requestAnimationFrame = (draw) => setTimeout(draw, 400);")
    page.goto("/organizations/?columns=name,tags")
    row = page.get_by_role("row", name="Acme")
    row.hover()
    row.get_by_role("button", name="Edit Tags of Acme").click()
    expect(page.get_by_role("dialog", name="Tags of Acme").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Retainer", delay=100)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_contain_text("Retainer")
    acme.refresh_from_db()
    assert sorted(acme.tag_text.split()) == ["Prospect", "Retainer"]
