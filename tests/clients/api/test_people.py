"""/api/v1/people."""

from typing import Any

import pytest
from django.test import Client

from portico.accounts.models import User
from portico.clients.models import Person
from portico.history.models import Event
from portico.kit.ids import new_id
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent

PATH = "/api/v1/people"
JSON = "application/json"
FIRST = {"if-match": '"1"'}


@pytest.fixture
def api(owner: Agent) -> Client:
    """The owner's key at work."""
    return api_client(owner)


def body(organization: Any, **fields: Any) -> dict[str, Any]:
    return {
        "name": "Lena Fischer",
        "email": "lena@acme.test",
        "organization_id": str(organization.pk),
        **fields,
    }


def test_a_person_is_created_in_an_organization(api: Client, acme: Any) -> None:
    answer = api.post(PATH, body(acme), content_type=JSON)
    made = answer.json()
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    assert (made["object"], made["name"], made["has_joined"]) == ("person", "Lena Fischer", False)
    assert made["organizations"] == [
        {"id": str(acme.pk), "name": "Acme Windows", "is_primary": True}
    ]
    acme.refresh_from_db()
    assert acme.people_count == 1
    assert [event.way for event in Event.objects.filter(kind="person.created")] == ["api"]


def test_no_password_or_key_is_ever_answered(api: Client, guest: Any) -> None:
    answered = set(api.get(f"{PATH}/{guest.pk}").json())
    assert answered == {
        *("object", "id", "version", "name", "given_name", "family_name", "email", "position"),
        *("phone", "reference", "is_disabled", "has_joined", "organizations", "archived_at"),
        *("created_at", "updated_at", "last_active_at", "avatar_url", "tags", "properties"),
        *("account_manager", "effective_manager"),
    }


@pytest.mark.parametrize(
    "email", ("guest@acme.test", "GUEST@ACME.test", " guest@acme.test ", "owner@northstar.test")
)
def test_an_address_in_use_is_said_at_its_field(
    api: Client, acme: Any, guest: Any, email: str
) -> None:
    answer = api.post(PATH, body(acme, email=email), content_type=JSON)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/email", "email_in_use")
    ]
    assert Person.objects.count() == 1


def test_another_workspaces_organization_is_not_there(
    api: Client, other_workspace: Any, acme: Any
) -> None:
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    with open_scope(scope_of(other_workspace)):
        foreign = make_organization("Foreign")
    answers = [
        api.post(PATH, {**body(acme), "organization_id": str(key)}, content_type=JSON)
        for key in (foreign.pk, new_id())
    ]
    first, second = [
        {key: value for key, value in answer.json().items() if key != "request_id"}
        for answer in answers
    ]
    assert first == second
    assert {answer.status_code for answer in answers} <= {404, 422}
    assert Person.objects.count() == 0


MODEL_FIELDS = sorted(
    {field.name for field in User._meta.get_fields()}
    - {*("name", "given_name", "family_name", "email", "position", "phone", "reference")}
)


@pytest.mark.parametrize(
    "field", (*MODEL_FIELDS, "workspace_id", "is_staff", "is_superuser", "is_active", "roles")
)
def test_no_other_field_of_the_model_can_be_written(api: Client, acme: Any, field: str) -> None:
    """R-C37: mass assignment is refused member by member."""
    person = make_person(organization=acme)
    before = User.objects.filter(pk=person.pk).values().get()
    created = api.post(PATH, {**body(acme, email="x@y.test"), field: "1"}, content_type=JSON)
    changed = api.patch(f"{PATH}/{person.pk}", {field: "1"}, content_type=JSON, headers=FIRST)
    for answer in (created, changed):
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{field}")
    assert User.objects.filter(pk=person.pk).values().get() == before
    assert Person.objects.count() == 1


def test_a_change_needs_the_version_it_was_read_at(api: Client, guest: Any) -> None:
    one = f"{PATH}/{guest.pk}"
    assert api.patch(one, {"name": "G"}, content_type=JSON).status_code == 428
    stale = api.patch(one, {"name": "Gina"}, content_type=JSON, headers={"if-match": '"7"'})
    assert (stale.status_code, stale["ETag"], stale.json()["code"]) == (412, '"1"', "stale")
    done = api.patch(one, {"name": "Gina"}, content_type=JSON, headers=FIRST)
    assert (done.status_code, done["ETag"], done.json()["name"]) == (200, '"2"', "Gina")
    assert done.json()["email"] == "guest@acme.test"


@pytest.mark.parametrize("version", ("1", 'W/"1"', '"1', "*", '"01"', '""', "x"))
def test_a_malformed_version_fits_none(api: Client, guest: Any, version: str) -> None:
    headers = {"if-match": version}
    answer = api.patch(f"{PATH}/{guest.pk}", {"name": "G"}, content_type=JSON, headers=headers)
    assert answer.status_code == 412


def test_an_agent_is_no_person(api: Client, owner: Any) -> None:
    agent = make_agent()
    assert api.get(f"{PATH}/{agent.pk}").status_code == 404
    assert api.post(f"{PATH}/{agent.pk}/disable").status_code == 404
    assert api.post(f"{PATH}/archive", {"ids": [str(owner.pk)]}, JSON).status_code == 404
    assert User.objects.agents().active().count() == 2


def test_disable_and_enable_end_and_open_sign_in(api: Client, guest: Any) -> None:
    theirs = api_client(guest)
    assert theirs.get("/api/v1/me").status_code == 200
    assert api.post(f"{PATH}/{guest.pk}/disable").json()["is_disabled"] is True
    assert theirs.get("/api/v1/me").status_code == 401
    assert api.post(f"{PATH}/{guest.pk}/enable").json()["is_disabled"] is False


def test_delete_of_a_person_is_archive(api: Client, guest: Any) -> None:
    assert api.delete(f"{PATH}/{guest.pk}").status_code == 428
    gone = api.delete(f"{PATH}/{guest.pk}", headers=FIRST)
    assert gone.status_code == 200
    assert gone.json()["archived_at"] is not None
    back = api.post(f"{PATH}/{guest.pk}/unarchive").json()
    assert (back["id"], back["archived_at"]) == (str(guest.pk), None)


def test_bulk_archive_counts_what_it_changed(api: Client, guest: Any) -> None:
    other = make_person()
    ids = [str(guest.pk), str(other.pk)]
    answers = [api.post(f"{PATH}/archive", {"ids": ids}, JSON).json() for _ in range(2)]
    assert [answer["done"] for answer in answers] == [2, 0]
    assert Event.objects.filter(kind="person.archived").count() == 2


def test_bulk_refuses_the_whole_when_one_is_not_there(api: Client, guest: Any) -> None:
    answer = api.post(f"{PATH}/archive", {"ids": [str(guest.pk), str(new_id())]}, JSON)
    assert answer.status_code == 404
    assert Person.objects.active().count() == 1


@pytest.mark.parametrize(
    "selection", ({}, {"ids": None}, {"ids": [], "filter": {}}, {"filter": {}})
)
def test_nothing_ticked_never_means_everything(
    api: Client, guest: Any, selection: dict[str, Any]
) -> None:
    assert api.post(f"{PATH}/archive", selection, JSON).status_code == 422
    assert Person.objects.active().count() == 1


def test_a_mistyped_filter_never_widens_a_bulk_act(api: Client, guest: Any) -> None:
    answer = api.post(f"{PATH}/archive", {"filter": {"organisation": "x"}}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert Person.objects.active().count() == 1


def test_the_number_of_queries_does_not_grow(
    api: Client, acme: Any, django_assert_num_queries: Any
) -> None:
    make_person("p0@acme.test", organization=acme)
    api.get(PATH)
    with django_assert_num_queries(6):
        api.get(PATH)
    for number in range(1, 4):
        make_person(f"p{number}@acme.test", organization=acme)
    with django_assert_num_queries(6):
        assert len(api.get(PATH).json()["items"]) == 4


@pytest.mark.parametrize(
    "sent",
    (
        r'{"filter": {"\ud800": "x"}}',
        r'{"filter": {"q": "\ud800"}}',
        "[" * 100_000,
        '{"filter": {"q": NaN}}',
    ),
)
def test_a_body_that_is_no_text_is_refused(api: Client, sent: str) -> None:
    answer = api.post(f"{PATH}/archive", sent, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
