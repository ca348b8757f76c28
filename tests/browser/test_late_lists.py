"""A list that is late says so (ui.md 1, rule 3): its rows give way to bars of their height."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from portico.clients.models import Organization
from portico.workspaces.models import Agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_rows_give_way_to_bars_until_a_late_answer_is_there(
    open_page: Callable[..., Page], owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, "/organizations/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/organizations/?**", hold)
    table = page.get_by_role("main").get_by_role("table")
    height = table.bounding_box()
    page.get_by_role("main").get_by_role("searchbox").fill("acme")
    expect(table).to_have_attribute("aria-busy", "true")
    expect(table.get_by_role("rowheader").locator("> *").first).to_have_css("opacity", "0")
    assert table.bounding_box() == height
    held.pop().continue_()
    expect(table).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("main").get_by_role("link", name="Acme Windows")).to_be_visible()


def test_so_do_those_of_another_page_or_order_until_one_gives_up(
    open_page: Callable[..., Page], owner: Agent, acme: Organization
) -> None:
    page = open_page(owner, "/organizations/")
    # An answer without a page: the browser stays where it is, as while it waits.
    page.route("**/organizations/?**", lambda route: route.fulfill(status=204))
    table = page.get_by_role("main").get_by_role("table")
    page.get_by_role("link", name="Name").click()
    expect(table).to_have_attribute("aria-busy", "true")
    page.keyboard.press("Escape")
    expect(table).not_to_have_attribute("aria-busy", "true")
