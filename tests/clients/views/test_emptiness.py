"""What the lists say without a row, and who reads what."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portico.accounts.models import User
from portico.clients.models import Organization
from portico.insight.models import View
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.factories.clients import make_organization
from tests.stories.screen import Screen


def opened(browser: Client, path: str) -> Screen:
    return Screen(browser.get(path), path)


def test_who_may_add_is_taught_and_who_may_not_learns_whom_to_ask(
    owner_browser: Client, owner: Agent, viewer: Agent
) -> None:
    empty = opened(owner_browser, "/organizations/")
    assert "Add your first organization" in empty.text
    # Both stand in the menu; only what starts a list stands in the middle of the page too.
    assert (empty.text.count("Import a file"), empty.text.count("Duplicates")) == (2, 1)
    page = opened(sign_in(viewer), "/organizations/")
    assert "No organizations yet" in page.text
    assert "Olga Owner can add the first one." in page.text
    assert page.offers("Create Organization") is False


def test_nothing_found_tells_how_many_there_are_and_how_to_see_them(
    owner_browser: Client, acme: Organization
) -> None:
    page = opened(owner_browser, "/organizations/?q=zzzz")
    assert "1 organization exists." in page.text
    assert (page.offers("Clear filters"), page.offers("Search archived too")) == (True, True)
    page = opened(owner_browser, "/organizations/?q=zzzz&state=archived")
    assert (page.offers("Clear filters"), page.offers("Search archived too")) == (True, False)


def test_nothing_archived_leads_back_to_all(owner_browser: Client, acme: Organization) -> None:
    page = opened(owner_browser, "/organizations/?state=archived")
    assert "No organization is archived" in page.text
    assert page.offers("All organizations")


def test_with_all_in_the_archive_the_way_there_stays_open(
    owner_browser: Client, acme: Organization
) -> None:
    Organization.objects.update(archived_at=timezone.now())
    page = opened(owner_browser, "/organizations/")
    assert "Everything here is archived" in page.text
    assert page.offers("Archived organizations") is True
    assert "Add your first organization" not in page.text


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/organizations/?view=ending", "Nothing ends in the next 30 days"),
        ("/people/?view=quiet", "Nobody was quiet for 90 days"),
    ],
)
def test_an_empty_view_says_what_that_means(
    owner_browser: Client, acme: Organization, path: str, title: str
) -> None:
    assert title in opened(owner_browser, path).text


def test_an_empty_view_of_ones_own_is_named_and_narrowed_further_it_has_filters(
    owner_browser: Client, owner: Any, acme: Organization
) -> None:
    make_organization("Birch", membership_end_date=datetime.date(2030, 1, 1))
    view = View.objects.create(
        subject="organizations",
        name="Zeds",
        owner=User.objects.get(pk=owner.pk),
        parameters={"q": "zzzz"},
    )
    assert (
        "Nothing is in “Zeds” now" in opened(owner_browser, f"/organizations/?view={view.pk}").text
    )
    page = opened(owner_browser, f"/organizations/?view={view.pk}&status=inactive")
    assert page.offers("Clear filters")
