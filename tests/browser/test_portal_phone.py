"""The portal on a phone: its bar at the bottom hides nothing of a form."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Organization
from tests.factories.clients import make_person

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
ROOM = 24
# How far each field, button and link reaches below the upper edge of the bar, once scrolled to.
HIDDEN = """() => {
  const bar = document.querySelector(".p-bottom");
  const kinds = "main input:not([type=hidden]), main select, main button, main a, footer a";
  const parts = document.querySelectorAll(kinds);
  return [...parts].filter((part) => {
    part.scrollIntoView({ block: "end" });
    return part.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 0.5;
  }).map((part) => part.textContent || part.name);
}"""
# What of the page lies beneath the bar, wherever one has scrolled to.
BENEATH = """() => {
  const bar = document.querySelector(".p-bottom").getBoundingClientRect();
  const column = (at) => document.elementsFromPoint(at, bar.top + bar.height / 2);
  const found = [40, 120, 200, 280, 360].flatMap(column);
  return found.filter((part) => part.closest("main, footer, header")).map((part) => part.tagName);
}"""
# The last thing of the page stands as low as it ever does while its end is in view.
TO_THE_END_OF_MAIN = """() => {
  document.querySelector("main").scrollIntoView({ block: "end" });
}"""


def test_whatever_is_scrolled_to_stands_above_the_bar(
    acme: Organization, open_page: OpenPage
) -> None:
    page = open_page(make_person(organization=acme), "/account/", width="phone")
    assert page.evaluate(HIDDEN) == []
    page.evaluate(TO_THE_END_OF_MAIN)
    last = page.locator("main form, main button").last.bounding_box()
    bar = page.locator(".p-bottom").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] + ROOM <= bar["y"]


def test_nothing_lies_beneath_the_bar_at_rest_or_on_the_way(
    acme: Organization, open_page: OpenPage
) -> None:
    """WCAG 2.5.8: at rest at the top the bar once covered half of a control."""
    page = open_page(make_person(organization=acme), "/account/", width="phone")
    assert page.evaluate(BENEATH) == []
    page.locator("main form").nth(1).scroll_into_view_if_needed()
    assert page.evaluate(BENEATH) == []


def test_on_a_short_screen_the_page_scrolls_as_one(acme: Organization, open_page: OpenPage) -> None:
    """WCAG 1.4.10: of 256 pixels a bar that always stands would take a fifth."""
    page = open_page(make_person(organization=acme), "/account/", width="zoomed")
    assert page.evaluate("document.scrollingElement.scrollHeight > 2 * innerHeight")
    assert page.evaluate(BENEATH) == []


def test_back_leads_to_where_one_was_on_the_page(acme: Organization, open_page: OpenPage) -> None:
    page = open_page(make_person(organization=acme), "/account/", width="phone")
    region = page.locator(".p-portal-page")
    page.locator("main form").last.scroll_into_view_if_needed()
    was_at = region.evaluate("(region) => region.scrollTop")
    assert was_at > 200
    page.locator(".p-bottom-entry").first.click()
    page.wait_for_url("**/portal/")
    assert region.evaluate("(region) => region.scrollTop") == 0
    page.go_back()
    page.wait_for_url("**/account/")
    expect(page.locator("main form").last).to_be_in_viewport()
    assert region.evaluate("(region) => region.scrollTop") == was_at
