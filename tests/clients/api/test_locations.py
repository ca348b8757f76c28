"""/api/v1/locations."""

from typing import Any

import orjson
import pytest
from django.test import Client

from portico.clients.models import Organization
from tests.factories.clients import make_organization
from tests.factories.keys import api_client

PATH = "/api/v1/locations"


@pytest.fixture
def program(owner: Any) -> Client:
    """A program with the owner's key."""
    return api_client(owner)


def send(program: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    text = "" if body is None else orjson.dumps(body).decode()
    return program.generic(method, path, text, "application/json", headers=headers)


def test_a_location_is_created_shown_changed_closed_and_reopened(
    program: Client, acme: Organization
) -> None:
    body = {
        "organization_id": str(acme.pk),
        "name": "Plant",
        "address": {"city": "Hamburg", "country": "Germany"},
        "area": "12.5",
        "latitude": 53.55,
        "longitude": 9.99,
        "tags": ["Roof"],
    }
    created = send(program, "POST", PATH, body)
    assert created.status_code == 201, created.content
    found = created.json()
    shown = {name: found[name] for name in ("object", "name", "area", "latitude", "tags")}
    assert shown == {
        "object": "location",
        "name": "Plant",
        "area": "12.50",
        "latitude": "53.550000",
        "tags": ["Roof"],
    }
    assert found["address"]["country"] == "DE"
    path = f"{PATH}/{found['id']}"
    assert send(program, "PATCH", path, {"name": "Works"}).status_code == 428
    etag = created.headers["ETag"]
    changed = send(program, "PATCH", path, {"name": "Works"}, if_match=etag)
    assert (changed.json()["name"], changed.json()["version"]) == ("Works", 2)
    assert send(program, "PATCH", path, {"name": "Old"}, if_match=etag).status_code == 412
    closed = send(program, "POST", f"{path}/close").json()
    assert closed["archived_at"] is not None
    assert program.get(PATH).json()["items"] == []
    assert program.get(f"{PATH}?state=closed").json()["items"] == [closed]
    assert send(program, "POST", f"{path}/reopen").json()["archived_at"] is None


def test_the_list_is_of_one_organization_and_goes_on_by_its_cursor(
    program: Client, acme: Organization
) -> None:
    other = make_organization("Birch")
    for name, place in (("B", acme), ("A", acme), ("C", acme), ("D", other)):
        send(program, "POST", PATH, {"organization_id": str(place.pk), "name": name})
    first = program.get(f"{PATH}?organization={acme.pk}&limit=2").json()
    assert [row["name"] for row in first["items"]] == ["A", "B"]
    path = f"{PATH}?organization={acme.pk}&limit=2&cursor={first['next_cursor']}"
    rest = program.get(path).json()
    assert ([row["name"] for row in rest["items"]], rest["has_more"]) == (["C"], False)
    assert program.get(f"{PATH}?organisation=x").status_code == 400
    assert program.get(f"{PATH}?state=gone").status_code == 400


def test_a_wrong_value_is_pointed_at(program: Client, acme: Organization) -> None:
    body = {"organization_id": str(acme.pk), "name": "", "latitude": 91, "longitude": 0}
    answer = send(program, "POST", PATH, body)
    pointers = [(row["pointer"], row["code"]) for row in answer.json()["errors"]]
    assert (answer.status_code, pointers) == (
        422,
        [("/name", "blank"), ("/latitude", "out_of_range")],
    )
