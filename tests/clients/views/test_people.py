"""The list of people and the pages of one."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.clients.actions.people import update_person
from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.pages import row_names, text_of

LIST_QUERIES = 8


def queries_of(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("query", "expected"),
    (
        ("", ["Lena Fischer", "Tomáš Dvořák"]),
        ("q=dvorak", ["Tomáš Dvořák"]),
        ("q=ACME.test", ["Lena Fischer"]),
        ("q=fitter", ["Tomáš Dvořák"]),
        ("state=archived", ["Zoë Gone"]),
        ("status=disabled", ["Tomáš Dvořák"]),
        ("status=enabled", ["Lena Fischer"]),
        ("sort=-email", ["Tomáš Dvořák", "Lena Fischer"]),
        ("organization=nonsense", ["Lena Fischer", "Tomáš Dvořák"]),
    ),
)
def test_search_filters_and_sorting_find_exactly_who_fits(
    owner_browser: Client, acme: Organization, query: str, expected: list[str]
) -> None:
    make_person("lena@acme.test", organization=acme)
    make_person("tomas@birch.test", name="Tomáš Dvořák", position="Fitter", is_disabled=True)
    make_person("zoe@acme.test", name="Zoë Gone", organization=acme, archived_at=timezone.now())
    assert row_names(owner_browser.get(f"/people/?{query}")) == expected


def test_the_list_can_be_narrowed_to_one_organization_and_widened_again(
    owner_browser: Client, acme: Organization
) -> None:
    make_person("lena@acme.test", organization=acme)
    make_person("tomas@birch.test", name="Tomáš", organization=make_organization("Birch"))
    answer = owner_browser.get(f"/people/?organization={acme.pk}")
    assert row_names(answer) == ["Lena Fischer"]
    assert 'aria-label="Remove filter Organization Acme Windows"' in text_of(answer)


def test_the_support_desk_knows_people_by_their_address(workspace: Workspace) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(preset="support_desk")
    workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        make_person("lena@acme.test")
        browser = sign_in(Agent.objects.get(email="owner@northstar.test"))
        assert row_names(browser.get("/people/")) == ["lena@acme.test"]
        assert row_names(browser.get("/people/?q=acme.test")) == ["lena@acme.test"]


def test_the_support_desk_reads_the_name_below_the_address_on_the_phone(
    workspace: Workspace,
) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(preset="support_desk")
    workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        make_person("lena@acme.test", name="Lena", organization=make_organization("Acme"))
        browser = sign_in(Agent.objects.get(email="owner@northstar.test"))
        assert '<span class="p-name-sub p-cut">Lena · Acme</span>' in text_of(
            browser.get("/people/")
        )


def test_the_number_of_queries_does_not_grow_with_the_rows(
    owner_browser: Client, acme: Organization
) -> None:
    make_person("p0@acme.test", organization=acme)
    with_one = queries_of(owner_browser, "/people/")
    for number in (1, 2):
        make_person(f"p{number}@acme.test", organization=make_organization(f"Birch {number}"))
    assert (with_one, queries_of(owner_browser, "/people/")) == (LIST_QUERIES, LIST_QUERIES)


def test_the_page_of_a_person_shows_facts_organizations_and_roles(
    owner_browser: Client, guest: Any
) -> None:
    page = text_of(owner_browser.get(f"/people/{guest.pk}/"))
    for fact in ("Gina Guest", "guest@acme.test", "Acme Windows", "Guest", "Last changed"):
        assert fact in page


def test_a_disabled_person_has_a_banner_and_a_way_back(owner_browser: Client) -> None:
    person = make_person(is_disabled=True)
    page = text_of(owner_browser.get(f"/people/{person.pk}/"))
    assert "The sign-in is disabled." in page
    assert 'action="/people/enable/"' in page


def test_what_is_no_id_unknown_or_an_agent_is_not_there(owner: Agent) -> None:
    browser = sign_in(owner)
    for key in ("abc", str(uuid4()), str(owner.pk)):
        for tab in ("", "history/", "edit/", "delete/"):
            assert browser.get(f"/people/{key}/{tab}").status_code == 404


def test_history_tells_who_changed_what(
    owner_browser: Client, owner_actor: Actor, guest: Any
) -> None:
    update_person(owner_actor, guest.pk, {"phone": "+49 40 555"}, version=1)
    page = text_of(owner_browser.get(f"/people/{guest.pk}/history/"))
    assert "<strong>Olga Owner</strong>" in page
    assert "<ins>+49 40 555</ins>" in page
