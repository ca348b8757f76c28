"""Idempotency-Key: the same POST twice does its work once and is answered the same."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portico.clients.models import Organization
from portico.history.models import Event
from portico.kit.models import IdempotencyKey
from tests.doors.routes import all_routes
from tests.factories.keys import api_client

PATH = "/api/v1/organizations"


@pytest.fixture
def api(owner: Any) -> Client:
    """The owner's key at work."""
    return api_client(owner)


def post(api: Client, key: str, name: str = "Birch", path: str = PATH) -> Any:
    body = {"name": name}
    return api.post(path, body, content_type="application/json", headers={"idempotency-key": key})


def test_a_repeated_post_is_answered_as_the_first_and_does_nothing(api: Client) -> None:
    first, again = post(api, "k-1"), post(api, "k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert first["X-Request-Id"] != again["X-Request-Id"]
    assert Organization.objects.count() == 1
    assert Event.objects.filter(kind="organization.created").count() == 1


def test_another_body_under_the_same_key_is_refused(api: Client) -> None:
    post(api, "k-1")
    other = post(api, "k-1", "Cedar")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Organization.objects.count() == 1


def test_a_refused_post_keeps_no_key_so_that_it_can_be_put_right(api: Client) -> None:
    assert post(api, "k-1", "").status_code == 422
    assert IdempotencyKey.objects.count() == 0
    assert post(api, "k-1").status_code == 201


def test_another_key_and_another_actor_are_another_act(api: Client, owner: Any) -> None:
    post(api, "k-1")
    assert post(api, "k-2", "Cedar").status_code == 201
    assert post(api_client(owner), "k-1", "Dogwood").status_code == 201
    assert Organization.objects.count() == 3


def test_a_key_is_forgotten_after_a_day(api: Client) -> None:
    post(api, "k-1")
    IdempotencyKey.objects.update(created_at=timezone.now() - datetime.timedelta(hours=25))
    assert post(api, "k-1", "Cedar").status_code == 201
    assert [row.key for row in IdempotencyKey.objects.all()] == ["k-1"]


@pytest.mark.parametrize("key", ("", "k" * 256))
def test_a_key_has_1_to_255_characters(api: Client, key: str) -> None:
    answer = post(api, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")
    assert Organization.objects.count() == 0


def test_nobodys_key_is_kept(client: Client, workspace: Any, scope: Any) -> None:
    assert post(client, "k-1").status_code == 401
    assert IdempotencyKey.objects.count() == 0


def test_every_post_of_the_api_honours_the_key(api: Client, acme: Any) -> None:
    """The first answer is kept by the middleware, so that no operation can forget it."""
    posts = [route for route in all_routes() if route.is_api and "POST" in route.policies]
    assert len(posts) > 5
    path = f"{PATH}/{acme.pk}/archive"
    first = api.post(path, headers={"idempotency-key": "k"})
    again = api.post(path, headers={"idempotency-key": "k"})
    assert (first.status_code, again["Idempotency-Replayed"]) == (200, "true")
    assert first.content == again.content
