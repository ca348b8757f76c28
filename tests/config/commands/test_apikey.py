"""`portico apikey create`."""

import json

from django.test import Client

from portico.history.models import Event
from portico.workspaces.models import Agent, ApiKey
from tests.config.commands.conftest import Portico

CREATE = ("apikey", "create", "--workspace", "northstar", "--name", "Sync")


def test_the_key_is_printed_once_and_stored_as_a_hash(portico: Portico, owner: Agent) -> None:
    ran = portico(*CREATE, "--email", owner.email, "--json")
    assert ran.status == 0
    key = json.loads(ran.out)["key"]
    row = ApiKey.objects.get()
    assert key.startswith(f"{row.prefix}_")
    assert key not in json.dumps(list(ApiKey.objects.values()), default=str)
    assert (row.user_id, row.permissions) == (owner.pk, None)
    [event] = Event.objects.filter(kind="api_key.created")
    assert (event.way, event.subject_name) == ("command", "Sync")
    assert key not in json.dumps(event.changes)


def test_the_key_opens_the_api(portico: Portico, owner: Agent) -> None:
    key = portico(*CREATE, "--email", owner.email).out.strip()
    browser = Client(headers={"host": "testserver", "authorization": f"Bearer {key}"})
    assert browser.get("/api/v1/openapi.json").status_code == 200


def test_a_key_may_hold_less_than_its_user_but_not_more(portico: Portico, viewer: Agent) -> None:
    ran = portico(*CREATE, "--email", viewer.email, "--permissions", "view_clients")
    assert ran.status == 0
    assert ApiKey.objects.get().permissions == ["view_clients"]
    ran = portico(*CREATE, "--email", viewer.email, "--permissions", "view_clients,edit_clients")
    assert (ran.status, ran.out) == (1, "")
    assert "does not hold: edit_clients" in ran.err
    assert ApiKey.objects.count() == 1


def test_nobody_unknown_or_disabled_gets_a_key(portico: Portico, viewer: Agent) -> None:
    assert portico(*CREATE, "--email", "nobody@x.test").status == 1
    Agent.objects.filter(pk=viewer.pk).update(is_disabled=True)
    assert portico(*CREATE, "--email", viewer.email).status == 1
    assert ApiKey.objects.count() == 0
