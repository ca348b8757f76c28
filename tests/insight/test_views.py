"""Saved views: private or shared, as tabs, by the API, with counts that cost no scan."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from portico.clients.choices import PropertySubject
from portico.history.models import Event
from portico.insight.actions import ViewDraft, create_view, delete_view, update_view
from portico.insight.choices import ViewSubject
from portico.insight.models import View
from portico.insight.reports import counts_of, saved_views
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization
from tests.factories.keys import api_client
from tests.factories.workspaces import actor_of, make_agent
from tests.pages import row_names, text_of


@pytest.fixture
def api(owner: Agent) -> Client:
    """The owner's key at work."""
    return api_client(owner)


ENDING = ViewDraft(name="Big ones", parameters={"people_count.gte": "3", "sort": "-people_count"})


def tab_names(page: str) -> list[str]:
    """The words of the tabs above a list."""
    nav = page[page.index('class="p-tabs p-view-tabs"') :]
    return re.findall(r'class="p-tab"[^>]*>([^<]+)<', nav[: nav.index("</nav>")])


def test_one_click_saves_the_present_list_and_its_tab_opens_it(
    owner_browser: Client, scope: Any
) -> None:
    make_organization("Acme", people_count=5)
    make_organization("Birch", people_count=1)
    query = "people_count.gte=3&sort=-people_count&columns=name,website&list=organizations"
    asked = text_of(owner_browser.get(f"/views/new/?{query}"))
    assert "Save as view" in asked
    done = owner_browser.post(f"/views/new/?{query}", {"name": "Big ones"}, follow=True)
    view = View.objects.get()
    assert (view.parameters, view.columns, view.is_shared) == (
        {"people_count.gte": "3", "sort": "-people_count"},
        ["name", "website"],
        False,
    )
    assert done.redirect_chain == [(f"/organizations/?view={view.pk}", 302)]
    assert row_names(done) == ["Acme"]
    page = text_of(done)
    assert tab_names(page)[-1] == "Big ones"
    assert "Website" in page
    assert "Number of people at least" not in page


def test_a_view_is_narrowed_further_and_its_own_filter_can_be_taken_away(
    owner_browser: Client, owner_actor: Actor
) -> None:
    make_organization("Acme", people_count=5)
    make_organization("Birch", people_count=1)
    view = create_view(owner_actor, ViewSubject.ORGANIZATIONS, ENDING)
    address = f"/organizations/?view={view.pk}"
    assert row_names(owner_browser.get(f"{address}&people_count.lt=3")) == []
    assert row_names(owner_browser.get(f"{address}&people_count.gte=")) == ["Acme", "Birch"]
    assert "Save as view" in text_of(owner_browser.get(f"{address}&people_count.gte="))
    assert "Save as view" not in text_of(owner_browser.get(address))


def test_private_views_are_seen_by_their_owner_only_and_shared_ones_by_all_agents(
    owner_actor: Actor, viewer: Agent
) -> None:
    own = create_view(owner_actor, ViewSubject.ORGANIZATIONS, ENDING)
    shared = ViewDraft(name="For all", parameters={"status": "inactive"}, is_shared=True)
    seen = create_view(owner_actor, ViewSubject.ORGANIZATIONS, shared)
    other = actor_of(viewer)
    ids = [view.id for view in saved_views(other, PropertySubject.ORGANIZATION)]
    assert str(seen.pk) in ids
    assert str(own.pk) not in ids
    with pytest.raises(NotThere):
        update_view(other, own.pk, {"name": "Mine now"})
    with pytest.raises(Denied):
        update_view(other, seen.pk, {"name": "Mine now"})
    with pytest.raises(Denied):
        delete_view(other, seen.pk)


def test_a_read_only_licence_keeps_views_of_its_own_and_shares_none(scope: Any) -> None:
    reader = make_agent("reader@northstar.test", permissions=["view_clients"], licence="read_only")
    actor = actor_of(reader)
    create_view(actor, ViewSubject.PEOPLE, ViewDraft(name="Quiet", parameters={}))
    shared = ViewDraft(name="All", parameters={}, is_shared=True)
    with pytest.raises(Denied):
        create_view(actor, ViewSubject.PEOPLE, shared)


@pytest.mark.parametrize(
    ("draft", "code"),
    (
        (ViewDraft(name="", parameters={}), "blank"),
        (ViewDraft(name="x", parameters={"colour": "red"}), "unknown_parameter"),
        (ViewDraft(name="x", parameters={"people_count.gte": "many"}), "unknown_value"),
    ),
)
def test_a_view_that_means_nothing_is_refused(
    owner_actor: Actor, draft: ViewDraft, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        create_view(owner_actor, ViewSubject.ORGANIZATIONS, draft)
    assert (refused.value.code, View.objects.count()) == (code, 0)


def test_the_same_name_twice_is_refused_at_the_name(
    owner_browser: Client, owner_actor: Actor
) -> None:
    create_view(owner_actor, ViewSubject.ORGANIZATIONS, ENDING)
    answer = owner_browser.post("/views/new/?list=organizations&q=a", {"name": "Big ones"})
    assert "There is a view of this name already." in text_of(answer)
    assert View.objects.count() == 1


def test_a_view_is_renamed_shared_given_the_present_filters_and_deleted(
    owner_browser: Client, owner_actor: Actor
) -> None:
    view = create_view(owner_actor, ViewSubject.ORGANIZATIONS, ENDING)
    address = f"/views/{view.pk}/edit/?list=organizations&status=inactive"
    sent = {"name": "Asleep", "is_shared": "1", "replace": "1"}
    owner_browser.post(address, sent)
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.parameters) == ("Asleep", True, {"status": "inactive"})
    owner_browser.post(f"/views/{view.pk}/delete/")
    kinds = Event.objects.filter(subject_type="view").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["view.created", "view.updated", "view.deleted"]
    assert View.objects.count() == 0


def test_s4_15_shipped_views_count_what_they_show_and_no_further_than_a_thousand(
    owner_browser: Client, owner_actor: Actor, workspace: Workspace
) -> None:
    make_organization("Acme")
    assert counts_of(owner_actor, PropertySubject.ORGANIZATION) == {
        "ending": "0",
        "own": "0",
        "no-manager": "1",
    }
    page = text_of(owner_browser.get("/views/counts/organizations/"))
    assert '<span class="p-tab-count" id="p-count-no-manager" hx-swap-oob="true">1</span>' in page
    assert owner_browser.get("/views/counts/jobs/").status_code == 404


def test_what_only_a_scan_could_count_stays_uncounted(owner_actor: Actor) -> None:
    slow = ViewDraft(name="By site", parameters={"website.has": "acme"})
    view = create_view(owner_actor, ViewSubject.ORGANIZATIONS, slow)
    assert str(view.pk) not in counts_of(owner_actor, PropertySubject.ORGANIZATION)


def test_an_unknown_view_opens_the_list_itself(owner_browser: Client, scope: Any) -> None:
    make_organization("Acme")
    assert row_names(owner_browser.get("/organizations/?view=gone")) == ["Acme"]


def test_chosen_columns_are_kept_for_the_reader_and_given_back(
    owner_browser: Client, owner: Agent
) -> None:
    make_organization("Acme", website="https://acme.test")
    owner_browser.post("/organizations/columns/", {"columns": ["name", "website", "nothing"]})
    owner.refresh_from_db()
    assert owner.list_columns == {"organizations": ["name", "website"]}
    assert "https://acme.test" in text_of(owner_browser.get("/organizations/"))
    owner_browser.post("/organizations/columns/", {"reset": "1"})
    assert "https://acme.test" not in text_of(owner_browser.get("/organizations/"))


def test_a_filter_is_chosen_in_two_steps_and_lands_in_the_address(
    owner_browser: Client, scope: Any
) -> None:
    fields = text_of(owner_browser.get("/organizations/filter/?q=acme"))
    assert "/organizations/filter/?q=acme&field=people_count" in fields
    wrong = owner_browser.get("/organizations/filter/?field=people_count&operator=gte&value=many")
    assert "Give a number." in text_of(wrong)
    done = owner_browser.get(
        "/organizations/filter/?q=acme&field=people_count&operator=gte&value=3"
    )
    assert done.headers["Location"] == "/organizations/?q=acme&people_count.gte=3"
    page = text_of(owner_browser.get("/organizations/?q=acme&people_count.gte=3"))
    assert 'aria-label="Remove filter Number of clients 3"' in page


def test_a_stranger_finds_no_view(owner_actor: Actor, guest: Any) -> None:
    view = create_view(owner_actor, ViewSubject.ORGANIZATIONS, ENDING)
    browser = sign_in(guest)
    assert browser.get(f"/views/{view.pk}/edit/").status_code == 404


def test_views_by_the_api_and_as_a_parameter_of_lists(owner_actor: Actor, api: Client) -> None:
    make_organization("Acme", people_count=5)
    make_organization("Birch", people_count=1)
    body = {
        "list": "organizations",
        "name": "Big ones",
        "parameters": {"people_count.gte": "3"},
    }
    made = api.post("/api/v1/views", body, content_type="application/json")
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    key = json.loads(made.content)["id"]
    found = json.loads(api.get(f"/api/v1/organizations?view={key}").content)["items"]
    assert [row["name"] for row in found] == ["Acme"]
    refused = api.get("/api/v1/organizations?view=gone")
    assert (refused.status_code, json.loads(refused.content)["code"]) == (400, "unknown_value")


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"q": "a\x00b"}, "control_characters"),
        ({"q": "a\ud800"}, "control_characters"),
        ({"q": "x" * 501}, "too_long"),
        ({"people_count.gte": "1e999999"}, "unknown_value"),
    ],
)
def test_what_no_database_stores_is_refused_in_a_view(
    owner_actor: Actor, parameters: dict[str, str], code: str
) -> None:
    draft = ViewDraft(name="Odd", parameters=parameters)
    with pytest.raises(Refused) as refused:
        create_view(owner_actor, ViewSubject.ORGANIZATIONS, draft)
    assert (refused.value.code, View.objects.count()) == (code, 0)


def test_columns_that_no_database_stores_are_left_out(owner_actor: Actor) -> None:
    draft = ViewDraft(name="Odd", parameters={}, columns=("name", "a\x00", "\ud800"))
    assert create_view(owner_actor, ViewSubject.ORGANIZATIONS, draft).columns == ["name"]


@pytest.mark.parametrize("name", ("jobs", "%00", "people%00"))
def test_the_api_refuses_views_of_a_list_that_there_is_not(api: Client, name: str) -> None:
    answer = api.get(f"/api/v1/views?list={name}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_value")
    assert api.get("/api/v1/views?list=people").json()["items"] == []
