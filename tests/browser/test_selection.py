"""What is ticked in a list, page after page and in another order (edge case 53)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Organization
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


def said(page: Page, text: str) -> None:
    """The bar says this of what is chosen; without text there is no bar."""
    bar = page.locator("[data-bulk-bar]")
    if text:
        expect(bar.get_by_role("status")).to_have_text(text)
    else:
        expect(bar).to_be_hidden()


def test_edge_case_53_a_selection_outlives_paging_and_sorting_but_no_other_filter(
    open_page: OpenPage, owner: Agent
) -> None:
    for number in range(60):
        make_organization(f"Firm {number:02}")
    page = open_page(owner, "/organizations/")
    page.get_by_label("Select Firm 00").check()
    page.get_by_label("Select Firm 07").check()
    page.get_by_role("link", name="Next").click()
    said(page, "2 selected, 2 elsewhere")
    page.get_by_label("Select Firm 58").check()
    said(page, "3 selected, 2 elsewhere")
    page.get_by_role("link", name="Name").click()
    said(page, "3 selected, 2 elsewhere")
    expect(page.get_by_label("Select Firm 58")).to_be_checked()
    page.go_back()
    said(page, "3 selected, 2 elsewhere")
    page.get_by_role("link", name="Previous").click()
    said(page, "3 selected, 1 elsewhere")
    page.keyboard.press("e")
    page.get_by_role("button", name="Archive 3 organizations").click()
    expect(page.get_by_text("3 organizations archived.")).to_be_visible()
    names = Organization.objects.archived().order_by("name_key")
    assert [row.name for row in names] == ["Firm 00", "Firm 07", "Firm 58"]
    said(page, "")
    page.get_by_label("Select Firm 01").check()
    page.get_by_role("main").get_by_role("searchbox").fill("Firm 0")
    expect(page.get_by_label("Select Firm 59")).to_have_count(0)
    said(page, "")
    page.get_by_role("main").get_by_role("searchbox").fill("")
    expect(page.get_by_label("Select Firm 59")).to_have_count(0)
    said(page, "")
    page.get_by_label("Select Firm 01").check()
    page.goto(page.url)
    said(page, "")
