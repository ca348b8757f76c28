"""S4: client accounts of a partner, statement by statement (acceptance.md)."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from portico.clients.models import Membership, Organization, Person
from portico.invitations.models import Invitation
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent
from tests.smtp import SmtpServer
from tests.stories.mailing import letters, link_in, queued
from tests.stories.records import nothing_changes, told
from tests.stories.screen import Node
from tests.stories.visitor import Program, Visitor, problem_of

MARIA = {"name": "Maria Rossi", "email": "maria@acme.test"}
CHOSEN = "a long walk along the Elbe"
SENT = "invitation.sent"
PANEL = ("team", "users", "people", "roles", "company", "admin", "activity", "invite")


@pytest.fixture
def preset() -> str:
    """An organization reads Client account, a person User."""
    return Preset.PARTNER


@pytest.fixture
def acme(scope: Any) -> Organization:
    """A client account that runs for another year."""
    ends = timezone.now().date() + datetime.timedelta(days=365)
    return make_organization("Acme Windows", membership_end_date=ends)


def invite_maria(agent: Visitor) -> Person:
    """From the person form, as partner staff do it."""
    agent.open("/people/new/")
    agent.press("Create", **MARIA, invitation="1")
    person: Person = Person.objects.get(email=MARIA["email"])
    return person


def roles_of(person: Person) -> list[str]:
    held = Membership.objects.filter(person_id=person.pk, role_assignments__isnull=False)
    return list(held.values_list("role_assignments__role__name", flat=True))


def test_s4_01_new_client_stands_at_the_top_right_for_partner_staff(
    agent: Visitor, program: Program
) -> None:
    agent.open("/")
    page = agent.follow("Client accounts")
    [button] = [node for node in page.root.all("a") if node.label == "New Client"][:1]
    header = button.above("header")
    assert header is not None
    assert header.has_class("p-top")
    parts = [child for child in header.children if isinstance(child, Node)]
    assert parts.index(button) > [part.has_class("p-top-start") for part in parts].index(True)
    page = agent.follow("New Client")
    ends = (timezone.now().date() + datetime.timedelta(days=30)).isoformat()
    agent.press("Create", name="Acme Windows", membership_end_date=ends)
    answer = program.post("organizations", name="Birch Roofs", membership_end_date=ends)
    assert answer.status_code == 201
    assert agent.open("/organizations/").row_names == ["Acme Windows", "Birch Roofs"]


def test_s4_01_who_may_not_create_clients_is_offered_none_and_refused(scope: Any) -> None:
    viewer = make_agent("v@northstar.test", permissions=["view_clients"])
    visitor, program = Visitor(viewer), Program(viewer)
    assert visitor.open("/organizations/").offers("New Client") is False
    with nothing_changes():
        page = visitor.send("/organizations/new/", {"name": "Acme Windows"})
        answer = program.post("organizations", name="Acme Windows")
    permission = "manage_client_organizations"
    assert (page.status, f"“{permission}”" in page.text) == (403, True)
    assert problem_of(answer)[:2] == (403, "permission_denied")
    assert answer.json()["permissions"] == [permission]


def test_s4_04_a_created_clients_information_can_be_edited_later(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    later = (timezone.now().date() + datetime.timedelta(days=700)).isoformat()
    agent.open(f"/organizations/{acme.pk}/")
    agent.follow("Edit")
    typed = {"name": "Acme Doors", "membership_end_date": later, "website": "https://acme.test"}
    page = agent.press("Save changes", **typed, address_city="Milano", is_active=None)
    assert (page.path, page.heading) == (f"/organizations/{acme.pk}/", "Acme Doors")
    acme.refresh_from_db()
    assert (acme.name, str(acme.membership_end_date), acme.address_city, acme.is_active) == (
        "Acme Doors",
        later,
        "Milano",
        False,
    )
    answer = program.patch(f"organizations/{acme.pk}", version=2, name="Acme", is_active=True)
    assert (answer.status_code, answer.json()["is_active"]) == (200, True)
    kind = "organization.updated"
    assert told(kind) == [(kind, "Acme Doors", "page"), (kind, "Acme", "api")]


def make_many(count: int) -> None:
    Organization.objects.bulk_create(
        [
            Organization(name=name, name_key=name.lower(), search_text=name.lower())
            for name in (f"Partner {number:03}" for number in range(count))
        ]
    )


def test_s4_09_search_finds_one_by_name(agent: Visitor, program: Program) -> None:
    make_many(120)
    make_organization("Łódź Fenster")
    agent.open("/organizations/")
    for typed in ("fenster", "LODZ", "Łódź Fenster"):
        assert agent.open(f"/organizations/?q={typed}").row_names == ["Łódź Fenster"]
        found = program.get("organizations", q=typed).json()["items"]
        assert [row["name"] for row in found] == ["Łódź Fenster"]
    assert agent.open("/organizations/?q=nobody").row_names == []


def test_s4_09_paging_reaches_each(agent: Visitor, program: Program, scope: Any) -> None:
    make_many(120)
    page = agent.open("/organizations/")
    seen = page.row_names
    while any(node.label == "Next" for node in page.root.all("a")):
        page = agent.follow("Next")
        seen += page.row_names
    names = [f"Partner {number:03}" for number in range(120)]
    assert seen == names
    listed: list[str] = []
    query: dict[str, Any] = {}
    while True:
        body = program.get("organizations", **query).json()
        listed += [row["name"] for row in body["items"]]
        if not body["has_more"]:
            break
        query = {"cursor": body["next_cursor"]}
    assert listed == names


def test_s4_16_the_name_opens_the_account_and_edit_is_another_action(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    page = agent.open("/organizations/")
    assert page.link("Acme Windows") == f"/organizations/{acme.pk}/"
    assert page.link("Edit Acme Windows") == f"/organizations/{acme.pk}/edit/"
    [edit] = [node for node in page.root.all("a") if node.label == "Edit Acme Windows"]
    assert edit.text == "Edit"
    page = agent.follow("Acme Windows")
    assert (page.path, page.heading) == (f"/organizations/{acme.pk}/", "Acme Windows")
    assert program.get(f"organizations/{acme.pk}").json()["name"] == "Acme Windows"


def test_s4_18_an_invitation_with_a_link_to_join_reaches_the_address(
    agent: Visitor,
    program: Program,
    acme: Organization,
    smtp_server: SmtpServer,
    work: Callable[[], int],
) -> None:
    agent.open("/people/")
    agent.follow("Invite User")
    agent.press("Create", **MARIA, invitation="1")
    assert work() == 1
    [(recipients, subject)] = letters(smtp_server)
    assert (recipients, "Olga Owner" in subject) == (["maria@acme.test"], True)
    page = Visitor().open(link_in(smtp_server.accepted[0]))
    assert (page.status, page.path) == (200, "/invite/accept/")
    assert "maria@acme.test" in page.text
    key = str(acme.pk)
    luca = program.post("people", name="Luca", email="luca@acme.test", organization_id=key).json()
    program.post("invitations", person_id=luca["id"], organization_id=key)
    assert work() == 1
    assert letters(smtp_server)[1][0] == ["luca@acme.test"]


@pytest.mark.parametrize("email", ("maria", "maria@", "maria@acme..test", "ma ria@acme.test"))
def test_s4_18_an_ill_formed_address_is_refused_before_sending(
    agent: Visitor,
    program: Program,
    acme: Organization,
    smtp_server: SmtpServer,
    work: Callable[[], int],
    email: str,
) -> None:
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create", name="Maria Rossi", email=email, invitation="1")
        answer = program.post("people", name="Maria", email=email, organization_id=str(acme.pk))
    assert (page.status, set(page.errors)) == (422, {"email"})
    assert problem_of(answer) == (422, "invalid", [("/email", "invalid_email")])
    assert (work(), letters(smtp_server)) == (0, [])


def test_s4_18_a_refused_one_is_shown_as_undelivered_on_the_pending_invitation(
    agent: Visitor,
    program: Program,
    acme: Organization,
    smtp_server: SmtpServer,
    work: Callable[[], int],
) -> None:
    smtp_server.refusals["maria@acme.test"] = "550 5.1.1 No such user here"
    maria = invite_maria(agent)
    assert (work(), letters(smtp_server)) == (1, [])
    assert queued() == [(SENT, "maria@acme.test", "undelivered")]
    assert Invitation.objects.get().state == "pending"
    page = agent.open(f"/people/{maria.pk}/")
    reason = "The mail server refused it: 550 5.1.1 No such user here"
    assert ("Not delivered" in page.text, f". {reason}." in page.text) == (True, True)
    assert "It is tried again by itself." not in page.text
    [row] = agent.open("/team/invitations/?of=people").rows
    assert (row["name"], row["Status"]) == ("Maria Rossi", "Not delivered")
    [seen] = program.get("invitations").json()["items"]
    assert (seen["state"], seen["delivery"]) == ("pending", "undelivered")
    assert seen["delivery_reason"] == reason


def test_s4_19_the_first_sign_in_joins_that_client_with_exactly_the_role_guest(
    agent: Visitor, acme: Organization, smtp_server: SmtpServer, work: Callable[[], int]
) -> None:
    make_person("admin@acme.test", name="Adam", organization=acme, roles=["Admin"])
    page = agent.open("/people/new/")
    assert "invitation_role" not in page.fields(page.form_of(page.button("Create")))
    maria = invite_maria(agent)
    work()
    assert roles_of(maria) == []
    visitor = Visitor()
    visitor.open(link_in(smtp_server.accepted[0]))
    page = visitor.press("Continue", password=CHOSEN)
    assert page.path == "/portal/"
    assert "Acme Windows" in page.text
    assert roles_of(maria) == ["Guest"]
    [membership] = Membership.objects.filter(person_id=maria.pk)
    assert membership.organization_id == acme.pk
    maria.refresh_from_db()
    assert Program(maria).get("me").json()["permissions"] == ["submit_requests"]


def test_s4_19_no_inviter_can_give_another_role(
    program: Program, acme: Organization, agent: Visitor
) -> None:
    roles = {row["name"]: row["id"] for row in program.get("roles").json()["items"]}
    maria = make_person("maria@acme.test", organization=acme, has_joined=False)
    with nothing_changes():
        answer = program.post(
            "invitations",
            person_id=str(maria.pk),
            organization_id=str(acme.pk),
            role_ids=[roles["Client"]],
        )
    assert problem_of(answer)[:2] == (422, "role_not_choosable")


def test_s4_20_the_admin_panel_is_neither_shown_nor_reachable_for_a_guest(
    guest: Any, acme: Organization
) -> None:
    visitor, program = Visitor(guest), Program(guest)
    page = visitor.open("/portal/")
    assert page.navigation("Main") == ["Home", "Account"]
    addresses = [f"/portal/{name}/" for name in PANEL]
    assert [visitor.open(path).status for path in addresses] == [404] * len(PANEL)
    with nothing_changes():
        answers = [
            program.get("people"),
            program.get("roles"),
            program.get("invitations"),
            program.get(f"organizations/{acme.pk}"),
            program.post(f"people/{guest.pk}/disable"),
        ]
    assert [problem_of(answer)[:2] for answer in answers] == [(404, "not_found")] * 5


def test_s4_21_inviting_is_not_offered_to_a_guest_and_refused_by_the_api(
    guest: Any, owner: Agent, acme: Organization
) -> None:
    maria = make_person("maria@acme.test", organization=acme, has_joined=False)
    visitor, program = Visitor(guest), Program(guest)
    for path in ("/portal/", "/account/"):
        page = visitor.open(path)
        labels = [node.label for node in page.root.all("a", "button", "summary")]
        assert [label for label in labels if "nvite" in label] == []
    with nothing_changes():
        for path in ("/people/new/", f"/people/{maria.pk}/invite/", "/team/invite/"):
            assert visitor.send(path, MARIA).status == 404
        answers = [
            program.post("invitations", person_id=str(maria.pk), organization_id=str(acme.pk)),
            program.post("people", **MARIA, organization_id=str(acme.pk)),
        ]
    assert [problem_of(answer)[:2] for answer in answers] == [(404, "not_found")] * 2
