"""The question before memberships are extended shows old and new ends anew for each choice."""

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portico.workspaces.models import Agent
from tests.browser.conftest import OVERTAKEN
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("is_dialog", [True, False])
def test_the_preview_follows_the_choice_and_logs_nothing(
    open_page: Callable[..., Page], owner: Agent, *, is_dialog: bool
) -> None:
    acme = make_organization("Acme", membership_end_date=datetime.date(2030, 12, 15))
    path = "/organizations/" if is_dialog else f"/organizations/extend/?ids={acme.pk}"
    page = open_page(owner, path)
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))

    def logged() -> list[str]:
        """A preview that a newer choice overtook is given up, which htmx logs as an error."""
        return [text for text in said if not any(known in text for known in OVERTAKEN)]

    if is_dialog:
        page.get_by_role("checkbox", name="Select Acme").check()
        page.get_by_role("button", name="Extend").click()
    preview = page.locator("#p-bulk-preview")
    expect(preview).to_contain_text("12/15/2031")
    page.get_by_label("Extend by").select_option(label="2 years")
    expect(preview).to_contain_text("12/15/2032")
    page.get_by_label("Extend by").select_option(label="To a day")
    page.get_by_label("Day").fill("12/31/2035")
    page.get_by_label("Day").press("Tab")
    expect(preview).to_contain_text("12/31/2035")
    assert logged() == []
