"""/api/v1/memberships, and moving a person."""

from typing import Any

import orjson
import pytest
from django.test import Client

from portico.clients.models import Membership, Organization, Person
from portico.workspaces.models import Role
from tests.factories.clients import make_organization
from tests.factories.keys import api_client

PATH = "/api/v1/memberships"


@pytest.fixture
def program(owner: Any) -> Client:
    """A program with the owner's key."""
    return api_client(owner)


def send(program: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    text = "" if body is None else orjson.dumps(body).decode()
    return program.generic(method, path, text, "application/json", headers=headers)


def test_a_membership_is_created_changed_and_ended(
    program: Client, acme: Organization, guest: Person
) -> None:
    birch = make_organization("Birch")
    role = Role.objects.get(kind="client", name="Viewer")
    body = {"person_id": str(guest.pk), "organization_id": str(birch.pk)}
    created = send(program, "POST", PATH, {**body, "role_ids": [str(role.pk)]})
    assert created.status_code == 201, created.content
    found = created.json()
    assert (found["is_primary"], found["roles"]) == (
        False,
        [{"id": str(role.pk), "name": "Viewer"}],
    )
    path = f"{PATH}/{found['id']}"
    etag = created.headers["ETag"]
    changed = send(program, "PATCH", path, {"is_primary": True, "role_ids": []}, if_match=etag)
    assert (changed.json()["is_primary"], changed.json()["roles"]) == (True, [])
    assert send(program, "DELETE", path, if_match=etag).status_code == 412
    assert send(program, "DELETE", path, if_match=changed.headers["ETag"]).status_code == 204
    rows = program.get(f"{PATH}?person={guest.pk}").json()["items"]
    assert [(row["organization_id"], row["is_primary"]) for row in rows] == [(str(acme.pk), True)]
    last = rows[0]
    answer = send(program, "DELETE", f"{PATH}/{last['id']}", if_match=f'"{last["version"]}"')
    assert (answer.status_code, answer.json()["code"]) == (422, "last_membership")


def test_the_list_is_narrowed_and_goes_on_by_its_cursor(
    program: Client, acme: Organization, guest: Person, organization_admin: Person
) -> None:
    first = program.get(f"{PATH}?organization={acme.pk}&limit=1").json()
    assert first["items"][0]["person_id"] == str(guest.pk)
    path = f"{PATH}?organization={acme.pk}&limit=1&cursor={first['next_cursor']}"
    assert program.get(path).json()["items"][0]["person_id"] == str(organization_admin.pk)
    assert program.get(f"{PATH}?person=nobody").json()["items"] == []


def test_a_person_is_moved(program: Client, acme: Organization, guest: Person) -> None:
    birch = make_organization("Birch")
    path = f"/api/v1/people/{guest.pk}/move"
    body = {"organization_id": str(birch.pk), "keep_past": False}
    answer = send(program, "POST", path, body)
    assert (answer.status_code, answer.json()["organization_id"]) == (200, str(birch.pk))
    held = Membership.objects.filter(person_id=guest.pk).values_list("organization_id", flat=True)
    assert list(held) == [birch.pk]
    again = send(program, "POST", path, body)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "/organization_id")
