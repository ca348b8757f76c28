"""Every collection of the API has a list, cut into pages, and gives each of its records alone."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.actions.properties import create_property
from portico.clients.actions.tags import create_tag
from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.clients.filters.fields import fixed_fields
from portico.clients.filters.lists import FIXED_PARAMETERS, NOT_FILTERS
from portico.clients.models import Location
from portico.invitations.actions.inviting import invite_person
from portico.kit.actors import Actor
from portico.transfers.actions.exports import start_export
from portico.workspaces.models import Agent, Workspace
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client

pytestmark = pytest.mark.once
COLLECTIONS = (
    *("organizations", "people", "memberships", "locations", "tags", "properties", "services"),
    *("subscriptions", "invitations", "views", "events", "operations", "roles", "agents"),
)


@pytest.fixture
def description(workspace: Workspace) -> Any:
    return Client().get("/api/v1/openapi.json").json()["paths"]


@pytest.fixture
def filled(owner_actor: Actor) -> None:
    """One record at least of each collection."""
    acme = make_organization("Acme")
    lena = make_person("lena@acme.test", name="Lena", organization=acme, has_joined=False)
    Location.objects.create(organization=acme, name="Yard")
    create_tag(owner_actor, name="VIP")
    for subject in PropertySubject:
        create_property(owner_actor, subject, {"label": "Staff", "kind": PropertyKind.NUMBER})
    make_subscription(acme, make_service())
    invite_person(owner_actor, lena.pk, organization_id=acme.pk)
    start_export(owner_actor, "people")


def test_the_collections_are_these(description: Any) -> None:
    lists = {path.removeprefix("/api/v1/") for path in description if path.count("/") == 3}
    assert lists == {*COLLECTIONS, "me", "plan"}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_has_a_list_of_pages_and_gives_each_record_alone(
    owner: Agent, filled: None, description: Any, name: str
) -> None:
    api = api_client(owner)
    if name == "views":
        body = {"list": "people", "name": "Mine"}
        assert api.post("/api/v1/views", body, content_type="application/json").status_code == 201
    listed = api.get(f"/api/v1/{name}", {"limit": 1}).json()
    assert set(listed) == {"object", "items", "next_cursor", "previous_cursor", "has_more"}
    (first,) = listed["items"]
    alone = api.get(f"/api/v1/{name}/{first['id']}")
    assert (alone.status_code, alone.json()) == (200, first)
    if listed["has_more"]:
        (second,) = api.get(
            f"/api/v1/{name}", {"limit": 1, "cursor": listed["next_cursor"]}
        ).json()["items"]
        assert second["id"] != first["id"]
    of_list = {row["name"] for row in description[f"/api/v1/{name}"]["get"]["parameters"]}
    assert {"cursor", "limit"} <= of_list
    (one,) = [path for path in description if path.startswith(f"/api/v1/{name}/{{")][:1]
    assert "get" in description[one]


def test_the_description_names_every_parameter_of_a_list(description: Any) -> None:
    names = {
        name: {row["name"] for row in description[f"/api/v1/{name}"]["get"]["parameters"]}
        for name in COLLECTIONS
    }
    assert names["memberships"] == {"person", "organization", "cursor", "limit"}
    assert names["events"] >= {"kind", "request_id", "subject_id"}
    assert names["subscriptions"] == {
        *("organization", "service", "is_open", "sort", "cursor", "limit")
    }


@pytest.mark.parametrize("name", COLLECTIONS)
def test_each_parameter_of_a_list_is_described_once_by_more_than_text(
    description: Any, name: str
) -> None:
    rows = description[f"/api/v1/{name}"]["get"]["parameters"]
    named = [row["name"] for row in rows]
    assert sorted(named) == sorted(set(named))
    told = {"enum", "format", "pattern", "examples", "additionalProperties", "maximum"}
    vague = [
        row["name"]
        for row in rows
        if row["schema"].keys().isdisjoint(told)
        and row["schema"]["type"] != "boolean"
        and "description" not in row
    ]
    assert vague == []


LISTS = {"organizations": OrganizationFilter, "people": PersonFilter}


@pytest.mark.parametrize("name", LISTS)
def test_what_the_grammar_takes_is_what_the_description_says(description: Any, name: str) -> None:
    declared = {row["name"] for row in description[f"/api/v1/{name}"]["get"]["parameters"]}
    conditions = {
        ".".join(filter(None, (field.name, operator)))
        for field in fixed_fields(LISTS[name].subject).values()
        for operator in field.taken
    }
    # `new` marks a row on the page that was just made; `properties` stands for property.KEY.
    known = {*FIXED_PARAMETERS, *(NOT_FILTERS - {"new"}), *conditions}
    assert declared == known | {"properties"}


@pytest.mark.parametrize("name", LISTS)
def test_the_values_that_the_description_names_are_taken(
    owner: Agent, description: Any, name: str
) -> None:
    taken = LISTS[name].read_strictly
    for row in description[f"/api/v1/{name}"]["get"]["parameters"]:
        for value in shown_values(row["schema"]):
            query = {row["name"]: ",".join(value) if isinstance(value, list) else str(value)}
            if value == "match":
                query["q"] = "lena"
            read = taken(query, me=owner.pk)
            if row["name"] in {"q", "state", "status", "sort"}:
                assert str(value) in {read.text, read.state, read.status, read.sort}
            else:
                expected = row["name"] not in {"view", "columns", "cursor", "limit"}
                assert read.is_narrowed == expected, query


def shown_values(schema: Any) -> list[Any]:
    """The examples of a schema, and what it counts up."""
    listed = [value for part in schema.get("anyOf", ()) for value in part.get("enum", ())]
    return [*schema.get("examples", ()), *schema.get("enum", ()), *listed]


def test_a_value_that_the_description_excludes_is_refused(
    owner: Agent, filled: None, description: Any
) -> None:
    api = api_client(owner)
    for name in LISTS:
        for row in description[f"/api/v1/{name}"]["get"]["parameters"]:
            if "enum" in row["schema"] or "pattern" in row["schema"]:
                answer = api.get(f"/api/v1/{name}", {row["name"]: "nonsense"})
                assert (answer.status_code, answer.json()["code"]) == (400, "unknown_value")
