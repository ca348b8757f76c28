"""Where memberships do not end: stored dates stay, keep nobody out, and nothing speaks of them."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization
from portico.clients.reports import standings_of
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.tenancy.scope import open_scope
from portico.transfers.actions.preparing import prepare_import
from portico.transfers.reports import field_choices
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.pages import text_of

SPEAKING = re.compile(r"membership end|\bend(?:s|ed|ing)\b|end date|\bextend\b", re.IGNORECASE)
DAYS = {"Birch": 5, "Cedar": -40, "Dune": 300}
HEADER = b"name,membership_end_date\nElm,2031-05-01\n"


@pytest.fixture
def preset() -> str:
    return "agency"


@pytest.fixture
def clients(scope: Any) -> dict[str, Organization]:
    today = today_in("UTC")
    return {
        name: make_organization(name, membership_end_date=today + datetime.timedelta(days=days))
        for name, days in DAYS.items()
    }


@contextmanager
def not_used(workspace: Workspace) -> Iterator[None]:
    """The workspace from the moment on at which it stops to use the dates."""
    Workspace.objects.filter(pk=workspace.pk).update(settings={"membership_end": "hidden"})
    workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        yield


@pytest.fixture
def unused(workspace: Workspace, clients: dict[str, Organization]) -> Iterator[None]:
    with not_used(workspace):
        yield


def spoken(browser: Client, path: str) -> list[str]:
    """The words about ends on a page, below its menus and within its dialogs."""
    answer = browser.get(path)
    assert answer.status_code == 200
    return SPEAKING.findall(re.sub(r"<[^>]+>", " ", text_of(answer)))


def without_noscript(page: str) -> str:
    """What a browser with scripts shows of it."""
    return re.sub(r"<noscript>.*?</noscript>", "", page)


def pages(clients: dict[str, Organization]) -> list[str]:
    birch, cedar = clients["Birch"].pk, clients["Cedar"].pk
    return [
        "/",
        "/organizations/",
        "/organizations/?columns=name,membership_end_date,status",
        "/organizations/?status=ended",
        "/organizations/?membership_end_date.lt=2099-01-01",
        "/organizations/filter/",
        "/organizations/columns/",
        f"/organizations/{cedar}/",
        f"/organizations/{birch}/edit/",
        "/organizations/new/",
        f"/organizations/{birch}/merge/?source={cedar}",
    ]


def test_where_memberships_end_the_pages_speak_of_it(
    owner: Agent, clients: dict[str, Organization]
) -> None:
    browser = sign_in(owner)
    assert [path for path in pages(clients) if not spoken(browser, path)] == []


def test_where_they_do_not_no_page_speaks_of_it(
    owner: Agent, clients: dict[str, Organization], unused: None
) -> None:
    browser = sign_in(owner)
    assert {path: spoken(browser, path) for path in pages(clients)} == {
        path: [] for path in pages(clients)
    }


def test_old_links_to_those_that_ended_open_the_whole_list(
    owner: Agent, clients: dict[str, Organization], unused: None
) -> None:
    browser = sign_in(owner)
    for query in ("status=ended", "status=ending", "membership_end_date.lt=2000-01-01"):
        page = text_of(browser.get(f"/organizations/?{query}"))
        assert [name in page for name in DAYS] == [True] * 3
    assert browser.get("/organizations/extend/").status_code == 404


def test_a_stored_date_keeps_nobody_out_and_stays(
    owner: Agent, clients: dict[str, Organization], workspace: Workspace
) -> None:
    lena = make_person("lena@cedar.test", organization=clients["Cedar"])
    [shut] = standings_of(lena)
    with not_used(workspace):
        [standing] = standings_of(type(lena).objects.get(pk=lena.pk))
    assert (shut.is_open, standing.is_open) == (False, True)
    assert spoken(sign_in(lena), "/portal/") == []
    found = api_client(owner).get(f"/api/v1/organizations/{clients['Cedar'].pk}").json()
    stored = clients["Cedar"].membership_end_date
    assert (found["membership_end_date"], found["membership_status"]) == (str(stored), "open")


def test_a_file_is_offered_no_field_for_it(
    owner_actor: Actor, clients: dict[str, Organization], workspace: Workspace
) -> None:
    offered = dict(field_choices("organizations"))
    with not_used(workspace):
        left = dict(field_choices("organizations"))
        asked = prepare_import(owner_actor, "organizations", content=HEADER, name="c.csv").options
    assert offered.keys() - left.keys() == {"membership_end_date"}
    assert asked["asked"]["mapping"] == {"name": "name"}


def test_merging_asks_for_no_choice_between_two_dates(
    owner: Agent, clients: dict[str, Organization], unused: None
) -> None:
    birch, cedar = clients["Birch"], clients["Cedar"]
    sent = {"source": str(cedar.pk), "survivor_version": "1", "source_version": "1"}
    answer = sign_in(owner).post(f"/organizations/{birch.pk}/merge/", sent)
    assert answer.headers.get("Location") == f"/organizations/{birch.pk}/"
    kept = Organization.objects.get(pk=birch.pk).membership_end_date
    assert kept == birch.membership_end_date


def test_the_settings_say_who_would_have_access_again(
    owner: Agent, clients: dict[str, Organization]
) -> None:
    page = text_of(sign_in(owner).get("/settings/words/?preset=field_service"))
    told = "The membership of 1 client has ended; its contacts would have access again."
    assert told in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_rules_say_it_too_before_they_are_saved(
    owner: Agent, clients: dict[str, Organization], headers: dict[str, str]
) -> None:
    make_organization("Elm", membership_end_date=datetime.date(2020, 2, 29))
    browser = sign_in(owner)
    told = "The memberships of 2 organizations have ended; their clients would have access again."

    def is_told(chosen: str) -> bool:
        page = browser.get(f"/settings/rules/?membership_end={chosen}", headers=headers)
        return told in without_noscript(text_of(page))

    assert [is_told(chosen) for chosen in ("hidden", "optional", "nonsense")] == [
        True,
        False,
        False,
    ]
    page = text_of(browser.get("/settings/rules/"))
    assert re.findall(rf"<noscript>.*?Not used: {told}.*?</noscript>", page) != []
    assert told not in without_noscript(page)


def test_the_rules_say_nothing_once_it_is_so(
    owner: Agent, clients: dict[str, Organization], unused: None
) -> None:
    page = text_of(sign_in(owner).get("/settings/rules/"))
    assert "would have access again" not in page


def test_what_another_preset_would_change_is_told_in_its_words(
    owner: Agent, clients: dict[str, Organization]
) -> None:
    page = text_of(sign_in(owner).get("/settings/words/?preset=field_service"))
    changes = page.partition("What would change")[2]
    assert "Membership end date of a client" in changes
    assert "Every contact has an e-mail address" in changes
    told = re.sub(r"<[^>]+>", " ", changes.partition("Save words")[0])
    assert "organization" not in told
