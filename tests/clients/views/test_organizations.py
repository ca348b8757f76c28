"""The list of organizations and the pages of one."""

import datetime
import html
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.clients.actions.organizations import update_organization
from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.pages import row_names, text_of

LIST_QUERIES = 7


def queries_of(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def test_somebody_not_signed_in_is_sent_to_the_sign_in_page_and_back(workspace: Workspace) -> None:
    answer = Client().get("/organizations/?q=acme")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/accounts/login/?next=/organizations/%3Fq%3Dacme",
    )


def test_a_person_finds_no_agent_page(guest: Any, acme: Organization) -> None:
    browser = sign_in(guest)
    for path in ("/organizations/", f"/organizations/{acme.pk}/", "/people/", "/people/new/"):
        assert browser.get(path).status_code == 404


def test_an_agent_without_the_right_to_see_clients_is_refused(owner: Agent) -> None:
    from tests.factories.workspaces import make_agent

    browser = sign_in(make_agent("none@northstar.test", permissions=[]))
    assert browser.get("/organizations/").status_code == 403


def test_the_list_shows_active_ones_and_the_archived_ones_when_asked(
    owner_browser: Client, acme: Organization
) -> None:
    make_organization("Birch & Sons", archived_at=timezone.now())
    assert row_names(owner_browser.get("/organizations/")) == ["Acme Windows"]
    assert row_names(owner_browser.get("/organizations/?state=archived")) == ["Birch & Sons"]


@pytest.mark.parametrize(
    ("query", "expected"),
    (
        ("q=fenster", ["Łódź Fenster"]),
        ("q=lodz", ["Łódź Fenster"]),
        ("q=%00", ["Acme", "Birch", "Łódź Fenster"]),
        ("status=inactive", ["Birch"]),
        ("status=ended", ["Łódź Fenster"]),
        ("status=ending", ["Acme"]),
        ("sort=-name", ["Łódź Fenster", "Birch", "Acme"]),
        ("sort=-people_count", ["Birch", "Łódź Fenster", "Acme"]),
        ("sort=membership_end_date", ["Łódź Fenster", "Acme", "Birch"]),
        ("sort=nonsense&status=nonsense&colour=blue", ["Acme", "Birch", "Łódź Fenster"]),
    ),
)
def test_search_filters_and_sorting_find_exactly_what_fits(
    owner_browser: Client, query: str, expected: list[str]
) -> None:
    today = timezone.now().date()
    make_organization("Acme", membership_end_date=today + datetime.timedelta(days=9))
    make_organization("Birch", is_active=False, people_count=2)
    make_organization("Łódź Fenster", membership_end_date=today - datetime.timedelta(days=2))
    Organization.objects.filter(name="Łódź Fenster").update(people_count=1)
    assert row_names(owner_browser.get(f"/organizations/?{query}")) == expected


def test_an_outdated_page_link_shows_the_first_page_and_says_so(
    owner_browser: Client, acme: Organization
) -> None:
    for cursor in ("abc", "%F0%9F%8E%88", "WyJhZnRlciIsIngiLFtdXQ"):
        answer = owner_browser.get(f"/organizations/?cursor={cursor}")
        assert (answer.status_code, row_names(answer)) == (200, ["Acme Windows"])
        assert "This page link is no longer valid." in text_of(answer)


def test_paging_reaches_each_row_once_forwards_and_backwards(owner_browser: Client) -> None:
    for number in range(120):
        make_organization(f"Organization {number:03}")
    seen: list[str] = []
    path: str | None = "/organizations/"
    last = ""
    while path:
        answer = owner_browser.get(path)
        seen += row_names(answer)
        last, found = path, re.search(r'href="(\?[^"]*)" rel="next"', answer.content.decode())
        path = f"/organizations/{html.unescape(found[1])}" if found else None
    assert seen == [f"Organization {number:03}" for number in range(120)]
    back = re.search(r'href="(\?[^"]*)" rel="prev"', owner_browser.get(last).content.decode())
    assert back
    previous = owner_browser.get(f"/organizations/{html.unescape(back[1])}")
    assert row_names(previous) == [f"Organization {number:03}" for number in range(50, 100)]


def test_nothing_found_offers_to_clear_the_filters_and_to_search_archived_ones(
    owner_browser: Client, acme: Organization
) -> None:
    page = text_of(owner_browser.get("/organizations/?q=zzz"))
    assert "Clear filters" in page
    assert "Search archived too" in page


def test_an_empty_workspace_is_told_how_to_begin(owner_browser: Client) -> None:
    answer = owner_browser.get("/organizations/")
    assert row_names(answer) == []
    assert 'class="p-empty-title"' in text_of(answer)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    owner_browser: Client, acme: Organization
) -> None:
    with_one = queries_of(owner_browser, "/organizations/")
    make_organization("Birch")
    make_organization("Cedar")
    assert (with_one, queries_of(owner_browser, "/organizations/")) == (LIST_QUERIES, LIST_QUERIES)


def test_who_may_only_look_gets_no_buttons_that_change_something(
    viewer: Agent, acme: Organization
) -> None:
    browser = sign_in(viewer)
    for path in ("/organizations/", f"/organizations/{acme.pk}/"):
        page = text_of(browser.get(path))
        assert "/organizations/new/" not in page
        assert "/organizations/archive/" not in page
        assert "/delete/" not in page
        assert "/people/new/" not in page


@pytest.mark.parametrize(
    ("preset", "columns"),
    (
        (
            "partner",
            ["Client Name", "Edit", "Membership End Date", "Number of Users",
             "Number of Locations", "Active Status", "Created Date"],
        ),
        ("field_service", ["Name", "Contacts", "Status", "Tags", "Created", "Last activity"]),
    ),
)  # fmt: skip
def test_the_columns_are_those_of_the_preset(
    workspace: Workspace, preset: str, columns: list[str]
) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(preset=preset)
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        make_organization("Acme Windows")
        browser = sign_in(Agent.objects.get(email="owner@northstar.test"))
        page = text_of(browser.get("/organizations/"))
    heads = re.findall(r'<th class="p-col-[^"]*" scope="col".*?</th>', page)
    plain = [re.sub(r"<[^>]+>", "", head).strip() for head in heads]
    assert [head.casefold() for head in plain[1:]] == [column.casefold() for column in columns]


def test_the_page_of_an_organization_shows_facts_people_and_the_last_change(
    owner_browser: Client, acme: Organization, guest: Any
) -> None:
    Organization.objects.filter(pk=acme.pk).update(
        reference="K-20417", website="https://acme.test/", address_city="Hamburg"
    )
    page = text_of(owner_browser.get(f"/organizations/{acme.pk}/"))
    for fact in (
        "Acme Windows",
        "K-20417",
        "acme.test",
        "Hamburg",
        "Gina Guest",
        "Ends on",
        "Last changed",
    ):
        assert fact in page


def test_all_people_of_an_organization_stand_on_its_page(
    owner_browser: Client, acme: Organization
) -> None:
    for number in range(12):
        make_person(f"p{number}@acme.test", name=f"Person {number:02}", organization=acme)
    make_person("else@birch.test", name="Elsewhere", organization=make_organization("Birch"))
    answer = owner_browser.get(f"/organizations/{acme.pk}/people/")
    assert row_names(answer) == [f"Person {number:02}" for number in range(12)]


def test_what_is_no_id_unknown_or_foreign_is_not_there(
    owner_browser: Client, other_workspace: Workspace
) -> None:
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    with open_scope(scope_of(other_workspace)):
        foreign = make_organization("Secret of Zenith")
    for key in ("abc", "1", str(uuid4()), str(foreign.pk)):
        for tab in ("", "people/", "history/", "edit/", "delete/"):
            answer = owner_browser.get(f"/organizations/{key}/{tab}")
            assert answer.status_code == 404
            assert "Zenith" not in text_of(answer)


def test_history_tells_who_changed_what(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    update_organization(owner_actor, acme.pk, {"name": "Acme Doors"}, version=1)
    page = text_of(owner_browser.get(f"/organizations/{acme.pk}/history/"))
    assert "Olga Owner" in page
    assert "<del>Acme Windows</del>" in page
    assert "<ins>Acme Doors</ins>" in page


def test_history_needs_its_own_permission(viewer: Agent, acme: Organization) -> None:
    browser = sign_in(viewer)
    assert browser.get(f"/organizations/{acme.pk}/history/").status_code == 403
    assert "/history/" not in text_of(browser.get(f"/organizations/{acme.pk}/"))


def test_the_choices_of_a_form_are_those_that_can_be_chosen(
    owner_browser: Client, acme: Organization
) -> None:
    make_organization("Acme Old", archived_at=timezone.now())
    make_organization("Acme Off", is_active=False)
    answer = owner_browser.get("/organizations/choices/?q=acme")
    assert answer.json() == [{"value": str(acme.pk), "label": "Acme Windows", "hint": ""}]


def test_an_empty_list_and_the_page_menu_lead_to_an_import(
    owner_browser: Client, viewer: Agent
) -> None:
    for path in ("/organizations/", "/people/"):
        assert text_of(owner_browser.get(path)).count('href="/imports/new/"') == 2
    assert "/imports/new/" not in text_of(sign_in(viewer).get("/people/"))


def test_an_archived_organization_shows_the_people_archived_with_it(
    owner_browser: Client, acme: Organization
) -> None:
    make_person("lena@acme.test", name="Lena Lang", organization=acme)
    make_person("gone@acme.test", name="Gerd Gone", organization=acme, archived_at=timezone.now())
    names = ("Lena Lang", "Gerd Gone")

    def shown() -> list[bool]:
        page = text_of(owner_browser.get(f"/organizations/{acme.pk}/"))
        return [name in page for name in names]

    assert shown() == [True, False]
    Organization.objects.filter(pk=acme.pk).update(archived_at=timezone.now())
    assert shown() == [True, True]
