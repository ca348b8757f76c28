"""/api/v1/invitations."""

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from portico.clients.models import Person
from portico.history.models import Event
from portico.invitations.models import Invitation
from portico.kit.models import IdempotencyKey
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent

PATH = "/api/v1/invitations"
JSON = "application/json"


@pytest.fixture
def api(owner: Agent) -> Client:
    """The owner's key at work."""
    return api_client(owner)


def test_a_person_is_invited_and_no_answer_holds_the_link(api: Client, acme: Any) -> None:
    person = make_person(organization=acme, has_joined=False)
    body = {"person_id": str(person.pk), "organization_id": str(acme.pk)}
    answer = api.post(PATH, body, content_type=JSON)
    assert (answer.status_code, answer.json()["state"]) == (201, "pending")
    link = api.post(f"{PATH}/{answer.json()['id']}/link", content_type=JSON).json()["url"]
    token = link.rstrip("/").rpartition("/")[2]
    for path in (PATH, f"{PATH}/{answer.json()['id']}", "/api/v1/events"):
        assert token not in api.get(path).content.decode()


def test_several_addresses_are_invited_and_the_others_are_named(api: Client, acme: Any) -> None:
    """S4.17 by the API: some are new, some are known, some can't be invited."""
    known = make_person("known@acme.test", organization=acme, has_joined=False)
    make_person("member@acme.test", name="Mo Member", organization=acme)
    texts = ["Maria Muster <maria@acme.test>", "known@acme.test", "member@acme.test", "no address"]
    path = f"/api/v1/organizations/{acme.pk}/invite"
    answer = api.post(path, {"addresses": texts}, content_type=JSON).json()
    maria = Person.objects.get(email="maria@acme.test")
    assert [row["user_id"] for row in answer["invitations"]] == [str(maria.pk), str(known.pk)]
    assert (maria.name, answer["created_ids"]) == ("Maria Muster", [str(maria.pk)])
    assert [(row["state"], bool(row["reason"])) for row in answer["others"]] == [
        ("member", True),
        ("refused", True),
    ]
    again = api.post(path, {"addresses": texts}, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (422, "nobody_invited")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"addresses": []}, "too_short", "/addresses"),
        ({"addresses": ["a@x.test"] * 51}, "too_many_lines", ""),
        ({"addresses": ["a@x.test"], "role_ids": [str(uuid4())]}, "role_unknown", "/role_ids"),
        ({"addresses": ["a@x.test"], "send": True}, "extra_forbidden", "/send"),
    ],
)
def test_what_is_wrong_with_several_addresses_is_pointed_at(
    api: Client, acme: Any, body: dict[str, Any], code: str, pointer: str
) -> None:
    path = f"/api/v1/organizations/{acme.pk}/invite"
    answer = api.post(path, body, content_type=JSON)
    told = answer.json()
    errors = [(error["code"], error["pointer"]) for error in told["errors"]]
    assert (answer.status_code, errors or [(told["code"], "")]) == (422, [(code, pointer)])
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("standing", "code", "status"),
    [
        ({"is_active": False}, "organization_not_assignable", 422),
        ({"membership_end_date": datetime.date(2020, 2, 29)}, "membership_ended", 409),
    ],
)
def test_what_is_wrong_with_the_organization_is_pointed_at_where_the_body_names_it(
    api: Client, standing: dict[str, Any], code: str, status: int
) -> None:
    """Among several addresses the organization stands in the path: no member can be pointed at."""
    closed = make_organization("Closed", **standing)
    person = make_person(organization=closed, has_joined=False)

    def refusal(path: str, body: dict[str, Any]) -> tuple[int, str, list[str]]:
        answer = api.post(path, body, content_type=JSON)
        told = answer.json()
        return answer.status_code, told["code"], [error["pointer"] for error in told["errors"]]

    one = {"person_id": str(person.pk), "organization_id": str(closed.pk)}
    assert refusal(PATH, one) == (status, code, ["/organization_id"])
    several = f"/api/v1/organizations/{closed.pk}/invite"
    assert refusal(several, {"addresses": [person.email]}) == (status, code, [])


def test_a_second_invitation_is_refused_and_the_first_can_be_resent(api: Client, acme: Any) -> None:
    person = make_person(organization=acme, has_joined=False)
    body = {"person_id": str(person.pk), "organization_id": str(acme.pk)}
    first = api.post(PATH, body, content_type=JSON).json()
    again = api.post(PATH, body, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "invitation_pending")
    resent = api.post(f"{PATH}/{first['id']}/resend", content_type=JSON).json()
    assert (resent["sent_count"], resent["version"]) == (2, 2)


def test_a_cancelled_invitation_stays_in_the_list(api: Client, acme: Any) -> None:
    person = make_person(organization=acme, has_joined=False)
    body = {"person_id": str(person.pk), "organization_id": str(acme.pk)}
    first = api.post(PATH, body, content_type=JSON).json()
    api.post(f"{PATH}/{first['id']}/cancel", content_type=JSON)
    listed = api.get(PATH, {"state": "cancelled"}).json()["items"]
    assert [item["id"] for item in listed] == [first["id"]]


def test_who_may_only_look_can_neither_invite_nor_read_the_link(
    api: Client, viewer: Agent, acme: Any
) -> None:
    person = make_person(organization=acme, has_joined=False)
    body = {"person_id": str(person.pk), "organization_id": str(acme.pk)}
    looking = api_client(viewer)
    assert looking.post(PATH, body, content_type=JSON).status_code == 403
    first = api.post(PATH, body, content_type=JSON).json()
    assert looking.post(f"{PATH}/{first['id']}/link", content_type=JSON).status_code == 403
    assert Invitation.objects.get().generation == 1


def test_a_guest_is_not_let_in_to_invite(guest: Any, acme: Any) -> None:
    """S4.21: inviting is refused to a Guest by the API."""
    body = {"person_id": str(guest.pk), "organization_id": str(acme.pk)}
    assert api_client(guest).post(PATH, body, content_type=JSON).status_code == 404


def test_the_team_manager_sees_colleagues_invitations_only_with_the_right(scope: Any) -> None:
    manager = make_agent("m@northstar.test", permissions=["view_clients"])
    assert api_client(manager).get(PATH).json()["items"] == []


def test_a_copied_link_is_stored_nowhere_whatever_key_came_with_it(api: Client, acme: Any) -> None:
    """R-C03: an Idempotency-Key keeps answers for a day, but never one that holds a link."""
    person = make_person(organization=acme, has_joined=False)
    body = {"person_id": str(person.pk), "organization_id": str(acme.pk)}
    made = api.post(PATH, body, content_type=JSON).json()
    key = {"idempotency-key": "once"}
    answers = [
        api.post(f"{PATH}/{made['id']}/link", content_type=JSON, headers=key) for _again in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert IdempotencyKey.objects.count() == 0
    assert Event.objects.filter(kind="invitation.link_copied").count() == 2
