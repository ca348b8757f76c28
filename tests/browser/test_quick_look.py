"""Space looks at a record without leaving its list (ui.md 6)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Organization
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_space_looks_at_the_row_enter_opens_it_and_escape_goes_back_to_it(
    open_page: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    owner: Agent,
    acme: Organization,
) -> None:
    make_organization("Birch", reference="B-17")
    page = open_page(owner, "/organizations/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    look = page.get_by_role("dialog", name="Birch")
    expect(look.get_by_text("B-17", exact=True)).to_be_visible()
    expect(look.get_by_text("Empty")).to_have_count(0)
    expect(look.get_by_role("link", name="Open")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(look).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("link", name="Birch")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press(" ")
    expect(page.get_by_role("dialog", name="Acme Windows")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Acme Windows")).to_be_visible()
