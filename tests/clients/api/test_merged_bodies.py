"""Edge case 40: a body that names what was merged away is answered with the survivor's id."""

import json
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Membership, Organization, Person
from portico.operations.models import Operation
from portico.workspaces.models import Agent, Role
from tests.clients.actions.test_merging import merge
from tests.factories.catalog import make_service
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client

SENT = (
    ("people", {"name": "Ida", "email": "ida@acme.test", "organization_id": "birch"}, "birch"),
    ("memberships", {"person_id": "lena", "organization_id": "birch"}, "birch"),
    ("memberships", {"person_id": "tom", "organization_id": "cedar"}, "tom"),
    ("people/lena/move", {"organization_id": "birch"}, "birch"),
    ("people/lena/move", {"organization_id": "cedar", "from_organization_id": "birch"}, "birch"),
    ("people/tom/move", {"organization_id": "cedar"}, "tom"),
    ("locations", {"organization_id": "birch", "name": "Yard"}, "birch"),
    ("subscriptions", {"organization_id": "birch", "service_id": "service"}, "birch"),
    ("invitations", {"person_id": "tom", "organization_id": "acme"}, "tom"),
    ("invitations", {"person_id": "lena", "organization_id": "birch"}, "birch"),
    ("organizations/birch/invite", {"addresses": ["ida@acme.test"]}, "birch"),
    ("organizations/cedar/merge", {"source_id": "birch"}, "birch"),
    ("organizations/birch/merge", {"source_id": "cedar"}, "birch"),
    ("people/ada/merge", {"source_id": "tom"}, "tom"),
    ("people/tom/merge", {"source_id": "ada"}, "tom"),
    ("organizations/cedar/not-a-duplicate", {"other_id": "birch"}, "birch"),
    ("people/tom/not-a-duplicate", {"other_id": "ada"}, "tom"),
    ("organizations/archive", {"ids": ["cedar", "birch"]}, "birch"),
    ("people/tag", {"ids": ["tom"], "add": ["VIP"]}, "tom"),
    ("people/export", {"ids": ["ada", "tom"]}, "tom"),
)
POINTERS = {
    ("people", "birch"): "/organization_id",
    ("memberships", "birch"): "/organization_id",
    ("memberships", "tom"): "/person_id",
    ("people/lena/move", "birch"): "/organization_id",
    ("locations", "birch"): "/organization_id",
    ("subscriptions", "birch"): "/organization_id",
    ("invitations", "tom"): "/person_id",
    ("invitations", "birch"): "/organization_id",
    ("organizations/cedar/merge", "birch"): "/source_id",
    ("people/ada/merge", "tom"): "/source_id",
    ("organizations/cedar/not-a-duplicate", "birch"): "/other_id",
    ("organizations/archive", "birch"): "/ids/1",
    ("people/tag", "tom"): "/ids/0",
    ("people/export", "tom"): "/ids/1",
}


@pytest.fixture
def ids(owner: Agent) -> dict[str, str]:
    """Birch is part of Acme now, Tom of Lena; the others stand for themselves."""
    made: dict[str, Any] = {
        name: make_organization(name.title()) for name in ("acme", "birch", "cedar")
    }
    for name in ("lena", "tom", "ada"):
        place = None if name == "tom" else made["acme"]
        made[name] = make_person(f"{name}@acme.test", name=name.title(), organization=place)
    merge(owner, made["acme"], made["birch"])
    merge(owner, made["lena"], made["tom"])
    return {name: str(row.pk) for name, row in {**made, "service": make_service()}.items()}


def posted(agent: Agent, path: str, body: dict[str, Any]) -> Any:
    return api_client(agent).post(
        f"/api/v1/{path}", json.dumps(body), content_type="application/json"
    )


def named(ids: dict[str, str], value: Any) -> Any:
    if isinstance(value, list):
        return [named(ids, one) for one in value]
    return ids.get(value, value)


@pytest.mark.parametrize("sent", range(len(SENT)), ids=lambda n: f"{SENT[n][0]}-{SENT[n][2]}")
def test_edge_case_40_a_body_that_names_a_merged_record_learns_its_survivor(
    owner: Agent, ids: dict[str, str], sent: int
) -> None:
    path, body, gone = SENT[sent]
    address = "/".join(ids.get(part, part) for part in path.split("/"))
    answer = posted(owner, address, {name: named(ids, value) for name, value in body.items()})
    survivor = ids["acme" if gone == "birch" else "lena"]
    told = answer.json()
    assert (answer.status_code, told["code"], told.get("survivor_id")) == (409, "merged", survivor)
    pointer = POINTERS.get((path, gone))
    if "from_organization_id" in body:
        pointer = "/from_organization_id"
    assert [row["pointer"] for row in told["errors"]] == ([pointer] if pointer else [])
    assert (Person.objects.filter(name="Ida").count(), Operation.objects.count()) == (0, 0)
    assert Membership.objects.filter(organization_id=ids["cedar"]).count() == 0


def test_an_id_that_never_was_is_answered_as_before(owner: Agent, ids: dict[str, str]) -> None:
    nobody = str(Role.objects.values_list("pk", flat=True)[0])
    answer = posted(owner, "locations", {"organization_id": nobody, "name": "Yard"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = posted(
        owner, "people", {"name": "Ida", "email": "i@x.test", "organization_id": nobody}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "organization_not_assignable")
    answer = posted(owner, "organizations/archive", {"ids": [ids["cedar"], nobody]})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Organization.objects.get(pk=ids["cedar"]).archived_at is None


def test_a_page_asked_about_a_merged_row_says_so(
    owner_browser: Client, ids: dict[str, str]
) -> None:
    answer = owner_browser.get("/organizations/archive/", {"ids": [ids["cedar"], ids["birch"]]})
    assert answer.status_code == 409
    assert "This became part of another record." in answer.content.decode()
