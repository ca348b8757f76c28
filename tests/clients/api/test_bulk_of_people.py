"""What the bar under the list of people does, by the API too: sign-in, and invitations."""

import json
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization, Person
from portico.invitations.models import Invitation
from portico.kit.tenancy.scope import WorkspaceScope
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent


@pytest.fixture
def people(scope: WorkspaceScope) -> list[Person]:
    """One who signs in, one who was never invited, one without an address."""
    acme: Organization = make_organization("Acme")
    return [
        make_person("ann@acme.test", name="Ann", organization=acme),
        make_person("ben@acme.test", name="Ben", organization=acme, has_joined=False),
        make_person("", name="Cem", organization=acme, has_joined=False),
    ]


def done(api: Client, verb: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = api.post(f"/api/v1/people/{verb}", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_many_are_disabled_and_enabled(owner: Agent, people: list[Person]) -> None:
    api = api_client(owner)
    ids = [str(people[0].pk), str(people[1].pk)]
    assert done(api, "disable", {"ids": ids})["done"] == 2
    assert Person.objects.filter(is_disabled=True).count() == 2
    assert done(api, "enable", {"filter": {"status": "disabled"}})["done"] == 2
    assert not Person.objects.filter(is_disabled=True).exists()


def test_many_are_invited_each_with_its_own_outcome(owner: Agent, people: list[Person]) -> None:
    api = api_client(owner)
    told = done(api, "invite", {"filter": {"state": "active"}})
    assert (told["done"], told["ids"]) == (1, [str(people[1].pk)])
    assert {row["name"] for row in told["skipped"]} == {"Ann", "Cem"}
    assert Invitation.objects.get().user_id == people[1].pk
    assert done(api, "invite", {"ids": [str(people[1].pk)]})["done"] == 0
    told = done(api, "resend", {"filter": {"view": "invited"}})
    assert (told["done"], Invitation.objects.get().sent_count) == (1, 2)


def test_invitations_of_many_are_cancelled_who_has_none_is_named(
    owner: Agent, people: list[Person]
) -> None:
    api = api_client(owner)
    done(api, "invite", {"ids": [str(people[1].pk)]})
    told = done(api, "cancel-invitations", {"filter": {"state": "active"}})
    assert (told["done"], told["ids"]) == (1, [str(people[1].pk)])
    reason = "No invitation is waiting."
    assert [(row["name"], row["reason"]) for row in told["skipped"]] == [
        ("Ann", reason),
        ("Cem", reason),
    ]
    assert Invitation.objects.get().state == "cancelled"
    assert done(api, "cancel-invitations", {"filter": {"view": "invited"}})["done"] == 0


def test_who_may_not_invite_or_edit_is_refused(owner: Agent, people: list[Person]) -> None:
    member = make_agent("t@northstar.test", name="Tea", roles=["Team member"])
    api = api_client(member)
    for verb in ("disable", "enable", "invite", "resend", "cancel-invitations"):
        done(api, verb, {"ids": [str(people[0].pk)]}, status=403)
    assert not Invitation.objects.exists()
    assert not Person.objects.filter(is_disabled=True).exists()
