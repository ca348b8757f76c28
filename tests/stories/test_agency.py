"""S2: client management of an agency, statement by statement (acceptance.md)."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from portico.accounts.models import Session, User
from portico.clients.models import Membership, Organization, Person
from portico.invitations.models import Invitation
from portico.notifications.models import OutgoingMail
from portico.workspaces.choices import Preset
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import PASSWORD, make_agent
from tests.smtp import SmtpServer
from tests.stories.mailing import letters, link_in, queued
from tests.stories.records import fields_of, nothing_changes, told
from tests.stories.visitor import Program, Visitor, problem_of

LENA = {"name": "Lena Fischer", "email": "lena@acme.test"}
CHOSEN = "a long walk along the Elbe"
SENT = "invitation.sent"


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


def places(person: Person) -> list[str]:
    rows = Membership.objects.filter(person_id=person.pk)
    return list(rows.values_list("organization__name", flat=True))


def test_s2_03_clients_in_the_navigation_leads_to_create_client(guest: Person) -> None:
    maker = make_agent("m@northstar.test", permissions=["view_clients", "create_clients"])
    visitor = Visitor(maker)
    visitor.open("/")
    assert visitor.follow("Clients").path == "/people/"
    assert "Clients" in visitor.sees.navigation("Main")
    page = visitor.follow("Create Client")
    assert (page.status, page.heading) == (200, "Create Client")
    assert page.button("Create Client").get("type") == "submit"


@pytest.mark.parametrize(
    ("missing", "pointer"),
    (("name", "/name"), ("email", "/email"), ("organization", "/organization_id")),
)
def test_s2_05_a_missing_field_is_refused_and_marked(
    agent: Visitor, program: Program, acme: Organization, missing: str, pointer: str
) -> None:
    make_organization("Birch Roofs")
    key = str(acme.pk)
    typed = {**LENA, "organization": key, missing: ""}
    body: dict[str, Any] = {**LENA, "organization_id": key}
    body.pop(pointer.removeprefix("/"))
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", **typed)
        answer = program.post("people", **body)
    assert (page.status, set(page.errors)) == (422, {missing})
    assert problem_of(answer) == (422, "invalid", [(pointer, "required")])
    assert answer.json()["errors"][0]["message"] == page.errors[missing]


def test_s2_05_all_missing_fields_are_marked_together(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_organization("Birch Roofs")
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", phone="+49 40 123")
        answer = program.post("people", phone="+49 40 123")
    assert set(page.errors) == {"name", "email", "organization"}
    pointers = [pointer for pointer, _code in problem_of(answer)[2]]
    assert pointers == ["/name", "/email", "/organization_id"]
    assert page.fields(page.form_of(page.button("Create Client")))["phone"] == ["+49 40 123"]


@pytest.mark.parametrize("email", ("lena", "lena@", "@acme.test", "le na@acme.test", "a@b@c.test"))
def test_s2_06_an_invalid_address_is_refused(
    agent: Visitor, program: Program, acme: Organization, email: str
) -> None:
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", name="Lena", email=email)
        answer = program.post("people", name="Lena", email=email, organization_id=str(acme.pk))
    assert (page.status, set(page.errors)) == (422, {"email"})
    assert problem_of(answer) == (422, "invalid", [("/email", "invalid_email")])
    assert answer.json()["errors"][0]["message"] == page.errors["email"]


@pytest.mark.parametrize("email", ("lena@acme.test", "LENA@acme.test", "Lena@ACME.Test"))
def test_s2_07_an_address_in_use_is_refused_in_any_letter_case(
    agent: Visitor, program: Program, acme: Organization, email: str
) -> None:
    make_person("lena@acme.test", organization=acme)
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", name="Another Lena", email=email)
        answer = program.post("people", name="Lena", email=email, organization_id=str(acme.pk))
    assert page.status == 422
    assert page.errors == {"email": f"{email} is in use: it belongs to Lena Fischer."}
    assert problem_of(answer) == (422, "email_in_use", [("/email", "email_in_use")])
    assert answer.json()["errors"][0]["message"] == page.errors["email"]


def test_s2_08_position_and_phone_may_stay_empty_and_are_stored_when_filled(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    agent.open("/people/new/")
    agent.press("Create Client", **LENA)
    agent.open("/people/new/")
    full = {"position": "Head of sales", "phone": "+49 40 123 45"}
    page = agent.press("Create Client", name="Mia", email="mia@acme.test", **full)
    assert page.properties["Position"].startswith("Head of sales")
    assert page.properties["Phone"].startswith("+49 40 123 45")
    key = str(acme.pk)
    program.post("people", name="Noa", email="noa@acme.test", organization_id=key, **full)
    program.post("people", name="Ole", email="ole@acme.test", organization_id=key)
    assert list(Person.objects.order_by("name").values_list("name", "position", "phone")) == [
        ("Lena Fischer", "", ""),
        ("Mia", "Head of sales", "+49 40 123 45"),
        ("Noa", "Head of sales", "+49 40 123 45"),
        ("Ole", "", ""),
    ]


def test_s2_10_of_several_organizations_one_is_chosen_and_none_beforehand(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    birch = make_organization("Birch Roofs")
    page = agent.open("/people/new/")
    assert page.choices("organization") == ["Acme Windows", "Birch Roofs"]
    assert page.chosen("organization") == ""
    agent.press("Create Client", **LENA, organization=str(birch.pk))
    assert places(Person.objects.get()) == ["Birch Roofs"]
    answer = program.post(
        "people", name="Mia", email="mia@acme.test", organization_id=str(birch.pk)
    )
    assert [row["name"] for row in answer.json()["organizations"]] == ["Birch Roofs"]
    birch.refresh_from_db()
    assert birch.people_count == 2


def test_s2_11_the_only_organization_is_chosen_beforehand(
    agent: Visitor, acme: Organization
) -> None:
    page = agent.open("/people/new/")
    assert page.chosen("organization") == str(acme.pk)
    agent.press("Create Client", **LENA)
    assert places(Person.objects.get()) == ["Acme Windows"]


def test_s2_12_an_organization_created_inside_the_form_is_chosen_and_the_rest_kept(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    agent.open("/people/new/")
    typed = {**LENA, "position": "Head", "phone": "+49 40 1", "invitation": "1"}
    page = agent.press("Create Organization", **typed, organization_name="Birch Roofs")
    birch = Organization.objects.get(name="Birch Roofs")
    assert (page.status, Person.objects.count()) == (200, 0)
    assert page.choices("organization") == ["Acme Windows", "Birch Roofs"]
    assert page.chosen("organization") == str(birch.pk)
    kept = page.fields(page.form_of(page.button("Create Client")))
    assert {name: kept[name] for name in typed} == {name: [text] for name, text in typed.items()}
    page = agent.press("Create Client")
    person = Person.objects.get()
    assert (page.path, places(person)) == (f"/people/{person.pk}/", ["Birch Roofs"])
    assert Invitation.objects.get().organization_id == birch.pk
    made = program.post("organizations", name="Cedar Floors").json()
    answer = program.post("people", name="Mia", email="mia@cedar.test", organization_id=made["id"])
    assert (answer.status_code, Organization.objects.count()) == (201, 3)


def test_s2_13_ticked_send_invitation_mails_exactly_one_invitation_right_after(
    agent: Visitor, acme: Organization, smtp_server: SmtpServer, work: Callable[[], int]
) -> None:
    agent.open("/people/new/")
    assert agent.sees.element("id_invitation").above("label") is not None
    agent.press("Create Client", **LENA, invitation="1")
    assert work() == 1
    assert work() == 0
    [(recipients, subject)] = letters(smtp_server)
    assert recipients == ["lena@acme.test"]
    assert "Olga Owner" in subject
    assert told(SENT) == [(SENT, "lena@acme.test", "page")]
    assert Invitation.objects.get().state == "pending"
    visitor = Visitor()
    visitor.open(link_in(smtp_server.accepted[0]))
    page = visitor.press("Continue", password=CHOSEN)
    assert page.path == "/portal/"
    assert "Acme Windows" in page.text


def test_s2_13_by_the_api_the_invitation_goes_out_once_too(
    program: Program, acme: Organization, smtp_server: SmtpServer, work: Callable[[], int]
) -> None:
    person = program.post("people", **LENA, organization_id=str(acme.pk)).json()
    invited = program.post("invitations", person_id=person["id"], organization_id=str(acme.pk))
    assert (invited.status_code, work(), work()) == (201, 1, 0)
    assert [recipients for recipients, _subject in letters(smtp_server)] == [["lena@acme.test"]]


def test_s2_14_not_ticked_nothing_is_mailed_and_the_person_can_be_invited_later(
    agent: Visitor,
    program: Program,
    acme: Organization,
    smtp_server: SmtpServer,
    work: Callable[[], int],
) -> None:
    agent.open("/people/new/")
    assert "checked" not in agent.sees.element("id_invitation").attributes
    page = agent.press("Create Client", **LENA)
    program.post("people", name="Mia", email="mia@acme.test", organization_id=str(acme.pk))
    assert (work(), letters(smtp_server), Invitation.objects.count()) == (0, [], 0)
    assert page.offers("Send Invite")
    page = agent.press("Send Invite")
    assert (page.status, work()) == (200, 1)
    assert [recipients for recipients, _subject in letters(smtp_server)] == [["lena@acme.test"]]


def test_s2_15_after_create_client_the_person_stands_in_the_list(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    agent.open("/people/")
    agent.follow("Create Client")
    page = agent.press("Create Client", **LENA)
    assert (page.heading, page.toasts) == ("Lena Fischer", ["Lena Fischer created."])
    program.post("people", name="Mia", email="mia@acme.test", organization_id=str(acme.pk))
    page = agent.follow("Clients")
    assert page.row_names == ["Lena Fischer", "Mia"]
    assert [row["E-mail"] for row in page.rows] == ["lena@acme.test", "mia@acme.test"]
    assert [row["Organization"] for row in page.rows] == ["Acme Windows", "Acme Windows"]
    kind = "person.created"
    assert told(kind) == [(kind, "Lena Fischer", "page"), (kind, "Mia", "api")]


@pytest.mark.usefixtures("silent_server")
def test_s2_16_with_the_mail_server_down_all_is_kept_and_the_failure_visible(
    agent: Visitor, program: Program, acme: Organization, work: Callable[[], int], settings: Any
) -> None:
    agent.open("/people/new/")
    agent.press("Create Client", **LENA, invitation="1")
    person = Person.objects.get()
    assert work() == 1
    assert (places(person), Invitation.objects.get().state) == (["Acme Windows"], "pending")
    assert queued() == [(SENT, "lena@acme.test", "waiting")]
    page = agent.open(f"/people/{person.pk}/")
    assert "Not delivered" in page.text
    assert "Made for lena@acme.test by" in page.text
    assert ". The mail server can't be reached: " in page.text
    assert ". It is tried again by itself." in page.text
    assert page.offers("Copy link")
    assert [row["Status"] for row in agent.open("/people/").rows] == ["Not delivered"]
    [seen] = program.get("invitations").json()["items"]
    assert (seen["state"], seen["delivery"]) == ("pending", "undelivered")
    assert seen["delivery_reason"].startswith("The mail server can't be reached")


def test_s2_16_when_the_server_is_back_the_mail_goes_out_by_itself(
    agent: Visitor,
    acme: Organization,
    silent_server: None,
    work: Callable[[], int],
    request: pytest.FixtureRequest,
) -> None:
    agent.open("/people/new/")
    agent.press("Create Client", **LENA, invitation="1")
    work()
    server: SmtpServer = request.getfixturevalue("smtp_server")
    assert (work(), server.accepted) == (0, [])
    with time_machine.travel(OutgoingMail.objects.get().next_attempt_at, tick=True):
        assert work() == 1
    assert [recipients for recipients, _subject in letters(server)] == [["lena@acme.test"]]
    assert queued() == [(SENT, "lena@acme.test", "sent")]
    page = agent.open(f"/people/{Person.objects.get().pk}/")
    assert ("Not delivered" in page.text, "Invited" in page.text) == (False, True)


def test_s2_17_several_people_belong_to_an_organization_and_its_page_lists_them(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    other = make_organization("Birch Roofs")
    make_person("zoe@birch.test", name="Zoe", organization=other)
    for name in ("Lena", "Mia"):
        agent.open(f"/people/new/?organization={acme.pk}")
        assert agent.sees.chosen("organization") == str(acme.pk)
        agent.press("Create Client", name=name, email=f"{name}@acme.test")
    program.post("people", name="Noa", email="noa@acme.test", organization_id=str(acme.pk))
    assert agent.open(f"/organizations/{acme.pk}/").row_names == ["Lena", "Mia", "Noa"]
    assert agent.open(f"/organizations/{acme.pk}/people/").row_names == ["Lena", "Mia", "Noa"]
    listed = program.get("people", organization=str(acme.pk)).json()["items"]
    assert [row["name"] for row in listed] == ["Lena", "Mia", "Noa"]
    [row] = [row for row in agent.open("/organizations/").rows if row["name"] == "Acme Windows"]
    assert row["Clients"] == "3"


def test_s2_25_without_delete_clients_delete_is_absent_and_refused(acme: Organization) -> None:
    lena = make_person(organization=acme)
    rights = ["view_clients", "create_clients", "edit_clients", "manage_client_organizations"]
    editor = make_agent("e@northstar.test", permissions=rights)
    visitor, program = Visitor(editor), Program(editor)
    page = visitor.open(f"/people/{lena.pk}/")
    assert page.menu("More actions") == ["Edit Client", "Disable sign-in"]
    page = visitor.open("/people/")
    assert [label for label in ("Archive", "Delete") if page.offers(label)] == []
    with nothing_changes():
        assert visitor.open(f"/people/{lena.pk}/delete/").status == 403
        sent = {"ids": str(lena.pk), "confirmed": "1"}
        page = visitor.send("/people/archive/", sent)
        answers = [
            program.delete(f"people/{lena.pk}", version=1),
            program.post(f"people/{lena.pk}/archive"),
            program.post("people/archive", ids=[str(lena.pk)]),
        ]
    assert (page.status, "“delete_clients”" in page.text) == (403, True)
    assert [problem_of(answer)[:2] for answer in answers] == [(403, "permission_denied")] * 3
    assert [answer.json()["permissions"] for answer in answers] == [["delete_clients"]] * 3


@pytest.mark.parametrize("way", ("page", "api"))
def test_s2_26_a_deleted_person_is_archived_signed_out_and_restorable(
    agent: Visitor, program: Program, acme: Organization, way: str
) -> None:
    lena = make_person(organization=acme, roles=["Client"])
    theirs = Visitor(lena)
    before = fields_of(lena)
    count = User.objects.count()
    if way == "page":
        agent.open(f"/people/{lena.pk}/")
        agent.follow("Delete client")
        assert agent.press("Archive").path == f"/people/{lena.pk}/"
    else:
        assert program.delete(f"people/{lena.pk}", version=1).status_code == 200
    assert (User.objects.count(), places(lena)) == (count, ["Acme Windows"])
    assert agent.open("/people/").row_names == []
    assert [row["id"] for row in program.get("people").json()["items"]] == []
    assert theirs.open("/portal/").path.startswith("/accounts/login/")
    assert Session.objects.filter(user_id=lena.pk).count() == 0
    visitor = Visitor()
    visitor.open("/accounts/login/")
    page = visitor.press("Sign in", login=lena.email, password=PASSWORD)
    assert (page.status, page.heading) == (403, "You can't sign in")
    kind = "person.archived"
    assert told(kind) == [(kind, "Lena Fischer", way)]
    assert agent.open("/people/?state=archived").row_names == ["Lena Fischer"]
    if way == "page":
        agent.press("Unarchive", ids=[str(lena.pk)])
        agent.press("Unarchive 1 client")
    else:
        program.post(f"people/{lena.pk}/unarchive")
    assert agent.open("/people/").row_names == ["Lena Fischer"]
    assert fields_of(lena) == before
    assert Visitor(lena).open("/portal/").status == 200
