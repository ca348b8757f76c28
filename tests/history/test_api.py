"""/api/v1/events: read only, for those who may read history."""

from typing import Any

import pytest
from django.test import Client

from portico.history.models import Event
from portico.kit.ids import new_id
from tests.factories.keys import api_client

PATH = "/api/v1/events"


@pytest.fixture
def api(owner: Any) -> Client:
    """The owner's key, after three acts."""
    client = api_client(owner)
    for name in ("Birch", "Cedar", "Dogwood"):
        client.post("/api/v1/organizations", {"name": name}, content_type="application/json")
    return client


def test_the_newest_stands_first_and_pages_by_cursor(api: Client) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        asked = {"limit": "1", "kind": "organization.created"}
        asked |= {"cursor": cursor} if cursor else {}
        body = api.get(PATH, asked).json()
        seen += [item["subject_name"] for item in body["items"]]
        cursor = body["next_cursor"]
        if cursor is None:
            break
    assert seen == ["Dogwood", "Cedar", "Birch"]


def test_each_filter_narrows(api: Client) -> None:
    event = Event.objects.get(subject_name="Cedar")
    for name, value in (
        ("subject_id", event.subject_id),
        ("organization_id", event.organization_id),
        ("request_id", event.request_id),
    ):
        items = api.get(PATH, {name: str(value)}).json()["items"]
        assert [item["id"] for item in items] == [str(event.pk)]
    assert api.get(PATH, {"subject_id": str(new_id())}).json()["items"] == []


def test_one_event_by_its_id(api: Client) -> None:
    event = Event.objects.get(subject_name="Cedar")
    body = api.get(f"{PATH}/{event.pk}").json()
    assert (body["kind"], body["way"], body["actor_kind"]) == ("organization.created", "api", "key")
    assert api.get(f"{PATH}/{new_id()}").status_code == 404


@pytest.mark.parametrize("method", ("post", "put", "patch", "delete"))
def test_history_can_not_be_written(api: Client, method: str) -> None:
    event = Event.objects.get(subject_name="Cedar")
    for path in (PATH, f"{PATH}/{event.pk}"):
        assert getattr(api, method)(path).status_code == 405
    assert Event.objects.filter(kind="organization.created").count() == 3


def test_history_needs_its_permission(viewer: Any) -> None:
    answer = api_client(viewer).get(PATH)
    assert (answer.status_code, answer.json()["permissions"]) == (403, ["view_history"])


@pytest.mark.parametrize("asked", ({"user": "x"}, {"workspace": "x"}, {"limit": "0", "q": "x"}))
def test_an_unknown_parameter_is_refused(api: Client, asked: dict[str, str]) -> None:
    assert api.get(PATH, asked).status_code == 400


@pytest.mark.parametrize("name", ["kind", "request_id"])
def test_a_value_that_no_column_can_hold_is_refused(api: Client, name: str) -> None:
    answer = api.get(PATH, {name: "\x00"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_value")
