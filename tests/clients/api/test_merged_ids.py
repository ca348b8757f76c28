"""Edge case 40: an id that was merged away is answered by its survivor, wherever lists take ids."""

import re
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from portico.clients.models import Location, Organization, Person
from portico.history.actions import record
from portico.history.api import NEWEST
from portico.history.models import Event
from portico.kit.pagination import keyset_page
from portico.workspaces.models import Agent
from tests.clients.actions.test_merging import merge
from tests.clients.plans import IS_SQLITE, plans_of
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person
from tests.factories.images import image
from tests.factories.keys import api_client
from tests.factories.workspaces import actor_of
from tests.pages import row_names


@pytest.fixture
def gone(owner: Agent) -> dict[str, Any]:
    """The ids of an organization and a person that became part of others, over two merges."""
    acme, birch, cedar = (make_organization(name) for name in ("Acme", "Birch", "Cedar"))
    Location.objects.create(organization=acme, name="Yard")
    make_subscription(acme, make_service())
    lena = make_person("lena@acme.test", name="Lena", organization=acme)
    tom = make_person("tom@acme.test", name="Tom", organization=birch, has_joined=False)
    merge(owner, acme, birch)
    merge(owner, cedar, acme)
    merge(owner, lena, tom)
    return {"organization": birch.pk, "person": tom.pk}


def items(owner: Agent, address: str) -> list[dict[str, Any]]:
    answer = api_client(owner).get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.json()
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_edge_case_40_lists_narrowed_by_a_merged_id_are_those_of_the_survivor(
    owner: Agent, gone: dict[str, Any]
) -> None:
    cedar = Organization.objects.get(name="Cedar")
    lena = Person.objects.get(name="Lena")
    organization, person = gone["organization"], gone["person"]
    assert [row["name"] for row in items(owner, f"people?organization={organization}")] == ["Lena"]
    assert [row["name"] for row in items(owner, f"locations?organization={organization}")] == [
        "Yard"
    ]
    for query in (f"organization={organization}", f"person={person}"):
        members = items(owner, f"memberships?{query}")
        assert {(row["person_id"], row["organization_id"]) for row in members} == {
            (str(lena.pk), str(cedar.pk))
        }
    found = items(owner, f"subscriptions?organization={organization}")
    assert [row["organization_id"] for row in found] == [str(cedar.pk)]


def test_edge_case_40_an_old_link_and_a_saved_view_still_show_the_people(
    owner_browser: Client, gone: dict[str, Any]
) -> None:
    address = f"/people/?organization={gone['organization']}"
    assert row_names(owner_browser.get(address)) == ["Lena"]
    assert row_names(owner_browser.get(address.replace("organization=", "organization.not="))) == []


def test_edge_case_40_the_avatar_of_a_merged_person_is_that_of_the_survivor(
    owner: Agent, gone: dict[str, Any]
) -> None:
    api = api_client(owner)
    lena = Person.objects.get(name="Lena")
    path = "/api/v1/people/{}/avatar"
    headers = {"if-match": api.get(f"/api/v1/people/{lena.pk}")["ETag"]}
    sent = api.put(path.format(lena.pk), image(), content_type="image/png", headers=headers)
    assert sent.status_code == 200, sent.json()
    answer = api.get(path.format(gone["person"]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_edge_case_41_the_api_tells_the_history_of_the_sources_with_the_survivors_as_the_page(
    owner: Agent, gone: dict[str, Any]
) -> None:
    organization = Organization.objects.get(pk=gone["organization"])
    tom = Person.objects.get(pk=gone["person"])
    record(actor_of(owner), "organization.updated", [organization], organization_id=organization.pk)
    record(actor_of(owner), "person.updated", [tom], organization_id=organization.pk)
    told = {organization.pk: "organization.updated", tom.pk: "person.updated"}
    cedar, lena = Organization.objects.get(name="Cedar"), Person.objects.get(name="Lena")
    for query, keys in (
        (f"subject_id={cedar.pk}", [organization.pk]),
        (f"organization_id={cedar.pk}", [tom.pk, organization.pk]),
        (f"subject_id={lena.pk}", [tom.pk]),
        (f"subject_id={tom.pk}", [tom.pk]),
    ):
        seen = [
            (UUID(row["subject_id"]), row["kind"])
            for row in items(owner, f"events?{query}")
            if row["kind"] in told.values()
        ]
        assert seen == [(key, told[key]) for key in keys]


@pytest.mark.skipif(not IS_SQLITE, reason="PostgreSQL chooses by the numbers of rows")
def test_the_events_of_a_record_are_found_along_an_index(
    owner: Agent, gone: dict[str, Any]
) -> None:
    cedar = Organization.objects.get(name="Cedar")
    lena = Person.objects.get(name="Lena")
    for rows, index in (
        (Event.objects.about_id(gone["organization"]), "event_subject"),
        (Event.objects.about_id(cedar.pk), "event_subject"),
        (Event.objects.about_id(lena.pk), "event_subject"),
        (Event.objects.within_id(cedar.pk), "event_organization"),
    ):
        plan = plans_of(partial(keyset_page, rows, NEWEST))[-1]
        assert re.search(rf"USING (COVERING )?INDEX {index} \(workspace_id=\? AND", plan), plan
        assert not re.search(r"\bSCAN\b|event_newest \(workspace_id=\?\)", plan), plan
