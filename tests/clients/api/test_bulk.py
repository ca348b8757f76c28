"""/api/v1: bulk verbs."""

import datetime
from typing import Any

import pytest
from django.test import Client

from portico.clients import choices
from portico.clients.actions.tags import create_tag
from portico.clients.api import bulk
from portico.clients.models import AccountManager, Organization, OrganizationTag, Person, PersonTag
from portico.history.models import Act, Event
from portico.insight.models import View
from portico.kit.actors import Actor
from portico.kit.ids import new_id
from portico.operations.models import Operation
from portico.operations.tasks import work_off_slice
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent

JSON = "application/json"
ORGANIZATIONS, PEOPLE = "/api/v1/organizations", "/api/v1/people"
ALL_ACTIVE = {"filter": {"state": "active"}}


@pytest.fixture
def api(owner: Agent) -> Client:
    """The owner's key at work."""
    return api_client(owner)


@pytest.fixture
def firms(scope: Any) -> list[Organization]:
    """Two whose membership ends, one without an end."""
    return [
        make_organization("Acme", membership_end_date=datetime.date(2027, 1, 31)),
        make_organization("Birch", membership_end_date=datetime.date(2024, 2, 29)),
        make_organization("Cedar"),
    ]


def ids_of(rows: Any) -> list[str]:
    return [str(row.pk) for row in rows]


def done(api: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = api.post(path, body, content_type=JSON)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found | {"ids": sorted(found["ids"])}


def archived(model: Any) -> list[str]:
    rows = model.objects.filter(archived_at__isnull=False)
    return sorted(rows.values_list("name", flat=True))


def test_s2_46_organizations_are_archived_and_brought_back_in_one_act_each(
    api: Client, firms: list[Organization]
) -> None:
    some = ids_of(firms[:2])
    answer = done(api, f"{ORGANIZATIONS}/archive", ids=some)
    assert answer == {"object": "bulk_result", "done": 2, "ids": sorted(some), "skipped": []}
    assert archived(Organization) == ["Acme", "Birch"]
    assert done(api, f"{ORGANIZATIONS}/unarchive", ids=some)["done"] == 2
    assert archived(Organization) == []
    assert sorted(Act.objects.values_list("kind", "records")) == [
        ("organization.archived", 2),
        ("organization.unarchived", 2),
    ]


def test_people_are_archived_and_brought_back(api: Client, guest: Person) -> None:
    other = make_person("tom@acme.test", name="Tom")
    keys = ids_of([guest, other])
    assert done(api, f"{PEOPLE}/archive", ids=keys)["ids"] == sorted(keys)
    assert archived(Person) == sorted([guest.name, "Tom"])
    assert done(api, f"{PEOPLE}/unarchive", ids=keys)["done"] == 2
    assert archived(Person) == []


@pytest.mark.parametrize("noun", ["organizations", "people"])
def test_tags_are_put_on_by_name_and_taken_off_by_id(
    api: Client, owner_actor: Actor, firms: list[Organization], guest: Person, noun: str
) -> None:
    old = create_tag(owner_actor, name="Old")
    rows = firms if noun == "organizations" else [guest]
    path = f"/api/v1/{noun}/tag"
    done(api, path, ids=ids_of(rows), add=["Old"])
    answer = done(api, path, ids=ids_of(rows), add=["VIP"], remove=[str(old.pk)])
    assert answer["done"] == len(rows)
    carried = OrganizationTag if noun == "organizations" else PersonTag
    assert list(carried.objects.values_list("tag__name", flat=True)) == ["VIP"] * len(rows)


def test_a_manager_is_made_the_first_and_the_others_stay_or_go(
    api: Client, firms: list[Organization]
) -> None:
    hana, tom = (make_agent(f"{n}@northstar.test", name=n) for n in ("Hana", "Tom"))
    path = f"{ORGANIZATIONS}/assign"
    done(api, path, ids=ids_of(firms), agent_id=str(hana.pk))
    done(api, path, ids=ids_of(firms[:1]), agent_id=str(tom.pk), others="keep")
    done(api, path, ids=ids_of(firms[1:2]), agent_id=None)
    rows = AccountManager.objects.order_by("organization__name", "-is_first")
    assert list(rows.values_list("organization__name", "agent__name", "is_first")) == [
        ("Acme", "Tom", True),
        ("Acme", "Hana", False),
        ("Cedar", "Hana", True),
    ]


def test_edge_case_20_memberships_are_extended_and_what_stays_is_named_with_its_reason(
    api: Client, firms: list[Organization]
) -> None:
    answer = done(api, f"{ORGANIZATIONS}/extend", ids=ids_of(firms), months=12)
    assert answer == {
        "object": "bulk_result",
        "done": 2,
        "ids": sorted(ids_of(firms[:2])),
        "skipped": [
            {"id": str(firms[2].pk), "name": "Cedar", "reason": "The membership has no end."}
        ],
    }
    again = done(api, f"{ORGANIZATIONS}/extend", ids=ids_of(firms), day="2028-01-31")
    assert [row["reason"] for row in again["skipped"]] == ["It ends on that day already."]
    ends = set(Organization.objects.values_list("membership_end_date", flat=True))
    assert ends == {datetime.date(2028, 1, 31)}


def test_all_that_match_a_filter_or_a_saved_view_are_meant(
    api: Client, owner: Agent, firms: list[Organization]
) -> None:
    view = View.objects.create(
        subject="organizations", name="B", owner=owner, parameters={"q": "Birch"}
    )
    assert done(api, f"{ORGANIZATIONS}/archive", filter={"q": "cedar"})["done"] == 1
    assert done(api, f"{ORGANIZATIONS}/archive", filter={"view": str(view.pk)})["done"] == 1
    assert archived(Organization) == ["Birch", "Cedar"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    (
        ({}, 422, "invalid"),
        ({"ids": [], "filter": {}}, 422, "invalid"),
        ({"filter": {"view": str(new_id())}}, 400, "unknown_value"),
        ({"filter": {"nonsense": "1"}}, 400, "unknown_parameter"),
        ({"filter": {}}, 422, "empty_filter"),
        ({"filter": {"q": "", "state": "", "view": ""}}, 422, "empty_filter"),
        ({"filter": {"sort": "-name", "columns": "name", "limit": "1"}}, 422, "empty_filter"),
    ),
)
def test_nothing_ticked_never_means_everything_and_an_unknown_filter_means_nothing(
    api: Client, firms: list[Organization], body: dict[str, Any], status: int, code: str
) -> None:
    answer = api.post(f"{ORGANIZATIONS}/archive", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert archived(Organization) == []


def test_all_are_meant_where_their_state_is_named(api: Client, firms: list[Organization]) -> None:
    refused = api.post(
        f"{ORGANIZATIONS}/archive",
        {"filter": {}},
        content_type=JSON,
        headers={"Idempotency-Key": "all"},
    )
    assert refused.json()["detail"] == (
        "An empty filter names nothing. If you mean all of them, say which: "
        '{"state": "active"}, "archived" or "all".'
    )
    assert [problem["pointer"] for problem in refused.json()["errors"]] == ["/filter"]
    mended = api.post(
        f"{ORGANIZATIONS}/archive",
        ALL_ACTIVE,
        content_type=JSON,
        headers={"Idempotency-Key": "all"},
    )
    assert mended.json()["done"] == 3
    assert done(api, f"{ORGANIZATIONS}/unarchive", filter={"state": "archived"})["done"] == 3
    told = done(api, f"{ORGANIZATIONS}/tag", filter={"state": "all"}, add=["Everyone"])
    assert told["done"] == 3


def test_a_view_that_narrows_nothing_is_named_all_the_same(
    api: Client, owner: Agent, firms: list[Organization]
) -> None:
    view = View.objects.create(
        subject="organizations", name="By day", owner=owner, parameters={"sort": "-created_at"}
    )
    filters = {"view": str(view.pk)}
    assert done(api, f"{ORGANIZATIONS}/archive", filter=filters)["done"] == 3


def test_with_an_id_that_is_not_there_nothing_is_done(
    api: Client, firms: list[Organization]
) -> None:
    sent = {"ids": [*ids_of(firms), str(new_id())]}
    answer = api.post(f"{ORGANIZATIONS}/archive", sent, content_type=JSON)
    assert answer.status_code == 404
    assert archived(Organization) == []
    assert Event.objects.filter(kind="organization.archived").count() == 0


def test_above_the_limit_the_worker_does_it_and_the_answer_says_where_to_ask(
    api: Client, firms: list[Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choices.BACKGROUND_FROM == 500
    monkeypatch.setattr(bulk, "BACKGROUND_FROM", 2)
    answer = api.post(f"{ORGANIZATIONS}/archive", ALL_ACTIVE, content_type=JSON)
    operation = Operation.objects.get()
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/operations/{operation.pk}")
    assert (answer.json()["state"], answer.json()["total"]) == ("waiting", 3)
    assert archived(Organization) == []
    while work_off_slice():
        pass
    shown = api.get(answer["Location"]).json()
    assert (shown["state"], shown["done"]) == ("done", 3)
    assert archived(Organization) == ["Acme", "Birch", "Cedar"]


@pytest.mark.parametrize(
    ("path", "permissions"),
    (
        (f"{ORGANIZATIONS}/archive", ["view_clients", "delete_clients"]),
        (f"{ORGANIZATIONS}/unarchive", ["view_clients", "manage_client_organizations"]),
        (f"{ORGANIZATIONS}/tag", ["view_clients", "edit_clients"]),
        (f"{ORGANIZATIONS}/assign", ["view_clients", "delete_clients"]),
        (f"{ORGANIZATIONS}/extend", ["view_clients", "edit_clients"]),
        (f"{PEOPLE}/archive", ["view_clients", "edit_clients"]),
        (f"{PEOPLE}/unarchive", ["view_clients", "edit_clients"]),
        (f"{PEOPLE}/tag", ["view_clients", "delete_clients"]),
    ),
)
def test_each_verb_needs_its_own_right(
    firms: list[Organization], path: str, permissions: list[str]
) -> None:
    agent = make_agent("some@northstar.test", permissions=permissions)
    body = {"ids": ids_of(firms[:1]), "months": 1} if path.endswith("extend") else {"ids": []}
    answer = api_client(agent).post(path, body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
