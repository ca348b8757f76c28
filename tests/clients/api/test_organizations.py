"""/api/v1/organizations."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization
from portico.history.models import Event
from portico.kit.ids import new_id
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization
from tests.factories.keys import api_client

PATH = "/api/v1/organizations"
JSON = "application/json"


@pytest.fixture
def api(owner: Agent) -> Client:
    """The owner's key at work."""
    return api_client(owner)


def test_a_name_alone_makes_an_organization(api: Client) -> None:
    answer = api.post(PATH, {"name": "Birch"}, content_type=JSON)
    body = answer.json()
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    assert (body["object"], body["name"], body["version"]) == ("organization", "Birch", 1)
    assert [event.way for event in Event.objects.filter(kind="organization.created")] == ["api"]


def test_a_wrong_field_is_named_and_nothing_is_created(api: Client) -> None:
    answer = api.post(PATH, {"name": "A", "website": "javascript:x"}, content_type=JSON)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/name", "too_short"),
        ("/website", "invalid_website"),
    ]
    assert Organization.objects.count() == 0


def test_a_wrong_part_of_the_address_is_pointed_at_where_it_stands(api: Client, acme: Any) -> None:
    body = {"name": "Birch", "address": {"city": "x" * 300}}
    created = api.post(PATH, body, content_type=JSON)
    headers = {"if-match": '"1"'}
    changed = api.patch(f"{PATH}/{acme.pk}", body, content_type=JSON, headers=headers)
    for answer in (created, changed):
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
            ("/address/city", "too_long")
        ]


def test_an_unknown_member_is_refused(api: Client) -> None:
    answer = api.post(PATH, {"name": "Birch", "workspace_id": str(new_id())}, content_type=JSON)
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/workspace_id"]


def test_an_equal_name_asks_for_a_confirmation(api: Client, acme: Any) -> None:
    answer = api.post(PATH, {"name": "acme windows"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "needs_confirmation")
    body = {"name": "acme windows", "confirm": ["equal_name"]}
    assert api.post(PATH, body, content_type=JSON).status_code == 201


def test_a_change_needs_the_version_it_was_read_at(api: Client, acme: Any) -> None:
    one = f"{PATH}/{acme.pk}"
    assert api.patch(one, {"name": "Acme"}, content_type=JSON).status_code == 428
    stale = api.patch(one, {"name": "Acme"}, content_type=JSON, headers={"if-match": '"7"'})
    assert (stale.status_code, stale["ETag"]) == (412, '"1"')
    done = api.patch(one, {"name": "Acme"}, content_type=JSON, headers={"if-match": '"1"'})
    assert (done.status_code, done["ETag"], done.json()["name"]) == (200, '"2"', "Acme")


@pytest.mark.parametrize(
    "sent", ('"' + "9" * 5000 + '"', "1", 'W/"1"', "*", '"01"', '"1", "2"', "")
)
def test_a_version_that_is_none_fits_no_record(api: Client, acme: Any, sent: str) -> None:
    one = f"{PATH}/{acme.pk}"
    answer = api.patch(one, {"name": "Acme"}, content_type=JSON, headers={"if-match": sent})
    assert answer.status_code == 412


def test_changing_one_field_leaves_the_others(api: Client, scope: Any) -> None:
    row = make_organization("Birch", website="https://birch.test", address_city="Berlin")
    api.patch(
        f"{PATH}/{row.pk}",
        {"address": {"city": "Hamburg"}},
        content_type=JSON,
        headers={"if-match": '"1"'},
    )
    row.refresh_from_db()
    assert (row.website, row.address_city, row.name) == ("https://birch.test", "Hamburg", "Birch")
    assert Event.objects.latest("id").changes == {"address_city": ["Berlin", "Hamburg"]}


def test_a_list_pages_by_cursor_in_every_order(api: Client, scope: Any) -> None:
    for number in range(7):
        make_organization(f"Firm {number}", people_count=number % 3)
    for sort in ("name", "-name", "created_at", "-people_count", "membership_end_date"):
        whole = api.get(PATH, {"sort": sort, "limit": 50}).json()
        seen, cursor = [], None
        while True:
            page = api.get(
                PATH, {"sort": sort, "limit": 3} | ({"cursor": cursor} if cursor else {})
            )
            body = page.json()
            seen += [item["id"] for item in body["items"]]
            cursor = body["next_cursor"]
            if cursor is None:
                break
        assert seen == [item["id"] for item in whole["items"]]
        assert len(seen) == 7


def test_an_old_cursor_with_another_filter_is_refused(api: Client, scope: Any) -> None:
    for number in range(3):
        make_organization(f"Firm {number}")
    cursor = api.get(PATH, {"limit": 2}).json()["next_cursor"]
    answer = api.get(PATH, {"limit": 2, "cursor": cursor, "q": "firm"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_the_same_key_does_its_work_once(api: Client, scope: Any) -> None:
    headers = {"idempotency-key": "k1"}
    first = api.post(PATH, {"name": "Birch"}, content_type=JSON, headers=headers)
    again = api.post(PATH, {"name": "Birch"}, content_type=JSON, headers=headers)
    other = api.post(PATH, {"name": "Cedar"}, content_type=JSON, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert Organization.objects.count() == 1


def test_bulk_archive_refuses_the_whole_when_one_is_not_there(api: Client, acme: Any) -> None:
    body = {"ids": [str(acme.pk), str(new_id())]}
    answer = api.post(f"{PATH}/archive", body, content_type=JSON)
    assert answer.status_code == 404
    assert Organization.objects.active().count() == 1


def test_bulk_archive_takes_all_that_match(api: Client, scope: Any) -> None:
    for name in ("Birch A", "Birch B", "Cedar"):
        make_organization(name)
    body = {"filter": {"q": "birch"}}
    answer = api.post(f"{PATH}/archive", body, content_type=JSON)
    assert (answer.status_code, answer.json()["done"]) == (200, 2)
    assert [row.name for row in Organization.objects.active()] == ["Cedar"]


def test_deleting_needs_the_word(api: Client, acme: Any) -> None:
    headers = {"if-match": '"1"'}
    refused = api.delete(f"{PATH}/{acme.pk}", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "confirmation_needed")
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/confirm"]
    assert api.delete(f"{PATH}/{acme.pk}?confirm=DELETE", headers=headers).status_code == 204
    assert api.get(f"{PATH}/{acme.pk}").status_code == 404


def test_without_a_key_there_is_nothing(client: Client, acme: Any) -> None:
    answer = client.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


def test_every_error_is_a_problem_document(api: Client, acme: Any) -> None:
    answers = [
        api.get("/api/v1/nothing"),
        api.put(PATH),
        api.get(f"{PATH}/not-an-id"),
        api.post(PATH, "{", content_type=JSON),
        api.get(PATH, {"sort": "shoe_size"}),
        api.get(PATH, {"user": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 404, 400, 400, 400]
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}


def test_the_number_of_queries_does_not_grow(
    api: Client, scope: Any, django_assert_num_queries: Any
) -> None:
    make_organization("Firm 0")
    api.get(PATH)
    with django_assert_num_queries(5):
        api.get(PATH)
    for number in range(1, 4):
        make_organization(f"Firm {number}")
    with django_assert_num_queries(5):
        api.get(PATH)


def test_the_description_is_openapi_31(client: Client, workspace: Any) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/organizations/{organization_id}" in document["paths"]
