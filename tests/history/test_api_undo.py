"""Undo and Restore by the API: what History and Recent changes offer, for programs."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portico.clients.actions.bulk import start_bulk_change
from portico.clients.models import Organization
from portico.history.actions import record
from portico.history.models import Act, Event
from portico.kit.actors import Actor
from portico.operations.models import Operation
from portico.operations.tasks import work_off_here
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent


@pytest.fixture
def api(owner: Agent) -> Client:
    """The owner's key at work."""
    return api_client(owner)


def sent(api: Client, address: str, body: Any = None) -> Any:
    return api.post(address, json.dumps(body or {}), content_type="application/json")


def newest(kind: str) -> Event:
    event: Event = Event.objects.filter(kind=kind).order_by("-id")[0]
    return event


def renamed(api: Client, organization: Organization, name: str) -> Event:
    version = Organization.objects.get(pk=organization.pk).version
    answer = api.patch(
        f"/api/v1/organizations/{organization.pk}",
        json.dumps({"name": name}),
        content_type="application/json",
        headers={"if-match": f'"{version}"'},
    )
    assert answer.status_code == 200, answer.json()
    return newest("organization.updated")


def test_an_event_names_its_act_and_the_act_can_be_asked_for(api: Client) -> None:
    rows = [make_organization("Acme"), make_organization("Birch")]
    sent(api, "/api/v1/organizations/tag", {"ids": [str(row.pk) for row in rows], "add": ["x"]})
    act_id = api.get("/api/v1/events?kind=organization.updated").json()["items"][0]["act_id"]
    found = api.get(f"/api/v1/events?act_id={act_id}&kind=organization.updated").json()["items"]
    assert {event["subject_id"] for event in found} == {str(row.pk) for row in rows}


def test_a_bulk_change_is_undone_as_one_by_any_of_its_events(api: Client) -> None:
    rows = [make_organization("Acme"), make_organization("Birch")]
    sent(api, "/api/v1/organizations/archive", {"ids": [str(row.pk) for row in rows]})
    event = Event.objects.filter(kind="organization.archived", subject_id=rows[1].pk).get()
    answer = sent(api, f"/api/v1/events/{event.pk}/undo")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["object"], body["act_id"], body["kept"]) == (
        "undo_result",
        str(event.act_id),
        [],
    )
    assert not Organization.objects.filter(archived_at__isnull=False).exists()


def test_what_was_changed_since_is_refused_and_named(api: Client, owner: Agent) -> None:
    acme = make_organization("Acme")
    first = renamed(api, acme, "Acme One")
    renamed(api_client(make_agent("m@northstar.test", name="Mo", roles=["Admin"])), acme, "Two")
    answer = sent(api, f"/api/v1/events/{first.pk}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_since")
    assert Organization.objects.get().name == "Two"


def test_twice_and_after_thirty_days_it_is_refused(api: Client) -> None:
    acme = make_organization("Acme")
    event = renamed(api, acme, "Acme One")
    assert sent(api, f"/api/v1/events/{event.pk}/undo").status_code == 200
    assert sent(api, f"/api/v1/events/{event.pk}/undo").json()["code"] == "already_undone"
    late = renamed(api, acme, "Acme Two")
    over = timezone.now() - datetime.timedelta(days=30, minutes=1)
    Act.objects.filter(pk=late.act_id).update(at=over)
    assert sent(api, f"/api/v1/events/{late.pk}/undo").json()["code"] == "undo_expired"
    assert Organization.objects.get().name == "Acme Two"


def test_an_event_that_nothing_takes_back_says_so(
    api: Client, owner: Agent, owner_actor: Actor
) -> None:
    record(owner_actor, "api_key.created", [owner])
    event = newest("api_key.created")
    assert sent(api, f"/api/v1/events/{event.pk}/undo").status_code == 404


def test_undo_needs_what_doing_it_needs(api: Client) -> None:
    acme = make_organization("Acme")
    event = renamed(api, acme, "Acme One")
    manager = make_agent("m@northstar.test", name="Mo", roles=["Admin"])
    only = api_client(manager, permissions=["view_clients", "view_history"])
    assert sent(only, f"/api/v1/events/{event.pk}/undo").status_code == 403
    assert Organization.objects.get().name == "Acme One"


def test_one_older_value_is_brought_back(api: Client) -> None:
    acme = make_organization("Acme", website="https://old.test")
    event = renamed(api, acme, "Acme One")
    renamed(api, acme, "Acme Two")
    answer = sent(api, f"/api/v1/events/{event.pk}/restore", {"field": "name"})
    assert (answer.status_code, answer.json()["id"]) == (200, str(event.pk))
    assert Organization.objects.get().name == "Acme"
    assert sent(api, f"/api/v1/events/{event.pk}/restore", {"field": "colour"}).status_code == 404


def test_long_work_is_undone_by_its_operation(api: Client, owner_actor: Actor) -> None:
    rows = [make_organization("Acme"), make_organization("Birch")]
    operation = work_off_here(
        start_bulk_change(
            owner_actor,
            "organizations.archive",
            Organization.objects.all(),
            title="Archive",
            arguments={},
        )
    )
    event = Event.objects.filter(kind="organization.archived", subject_id=rows[0].pk).get()
    refused = sent(api, f"/api/v1/events/{event.pk}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_the_operation")
    answer = sent(api, f"/api/v1/operations/{operation.pk}/undo")
    assert (answer.status_code, answer.json()["state"]) == (202, "undoing")
    assert answer["Location"] == f"/api/v1/operations/{operation.pk}"
    work_off_here(Operation.objects.get(pk=operation.pk))
    assert not Organization.objects.filter(archived_at__isnull=False).exists()
