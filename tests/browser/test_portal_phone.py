"""The portal on a phone: its bar at the bottom hides nothing of a form."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

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
# The last thing of the page stands as low as it ever does while its end is in view.
TO_THE_END_OF_MAIN = """() => {
  document.documentElement.style.scrollPaddingBlockEnd = "0";
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
