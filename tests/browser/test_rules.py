"""Settings > Rules says before it is saved what a chosen value means for those who are there."""

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portico.workspaces.models import Agent
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_whom_not_used_lets_in_again_is_said_as_soon_as_it_is_chosen(
    open_page: Callable[..., Page], owner: Agent
) -> None:
    make_organization("Acme", membership_end_date=datetime.date(2020, 2, 29))
    page = open_page(owner, "/settings/rules/")
    told = page.get_by_text("The membership of 1 organization has ended")
    choice = page.get_by_label("Membership end date")
    expect(told).to_have_count(0)
    choice.select_option(label="Not used")
    expect(told).to_be_visible()
    choice.select_option(label="Optional")
    expect(told).to_have_count(0)
