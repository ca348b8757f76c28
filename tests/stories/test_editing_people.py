"""S2, S3: people are edited: each field, their address, their organization (acceptance.md)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portico.clients.models import Membership, Organization, Person
from portico.invitations.links import link_of
from portico.invitations.models import Invitation
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.images import image
from tests.factories.workspaces import PASSWORD, make_agent
from tests.smtp import SmtpServer
from tests.stories.mailing import letters, link_in, queued
from tests.stories.records import fields_of, nothing_changes, told
from tests.stories.visitor import Program, Visitor, problem_of

CHOSEN = "a long walk along the Elbe"
NEW = "lena@birch.test"


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


@pytest.fixture
def lena(acme: Organization) -> Person:
    """A client with a password."""
    return make_person(
        "lena@acme.test", organization=acme, roles=["Client"], position="Buyer", phone="+49 40 1"
    )


def edit(agent: Visitor, person: Person, **typed: Any) -> None:
    """As S2.21 says: from the detail page, by Edit Client."""
    agent.open(f"/people/{person.pk}/")
    agent.choose("More actions", "Edit Client")
    page = agent.press("Save changes", **typed)
    assert (page.status, page.path) == (200, f"/people/{person.pk}/"), page.errors


@pytest.mark.parametrize(
    ("field", "value", "shown_as"),
    (
        ("name", "Lena Berg", ""),
        ("email", NEW, "E-mail"),
        ("position", "Head of sales", "Position"),
        ("phone", "+49 40 999", "Phone"),
    ),
)
def test_s2_21_name_address_position_and_phone_are_changed_one_by_one(
    agent: Visitor, program: Program, lena: Person, field: str, value: str, shown_as: str
) -> None:
    before = fields_of(lena)
    edit(agent, lena, **{field: value})
    page = agent.sees
    assert (page.properties[shown_as] if shown_as else page.heading) == value
    moved = {field, f"{field}_key", f"{field}_e164", "password"}
    after = fields_of(lena)
    assert {name for name in before if before[name] != after[name]} <= moved
    body = program.get(f"people/{lena.pk}").json()
    assert body[field] == value
    answer = program.patch(f"people/{lena.pk}", version=body["version"], **{field: before[field]})
    assert (answer.status_code, answer.json()[field]) == (200, before[field])
    kind = "person.updated"
    assert [way for _kind, _name, way in told(kind)] == ["page", "api"]


def test_s2_21_the_organization_is_changed_from_the_detail_page(
    agent: Visitor, program: Program, lena: Person, acme: Organization
) -> None:
    birch = make_organization("Birch Roofs")
    page = agent.open(f"/people/{lena.pk}/")
    assert page.row_names == ["Acme Windows"]
    agent.open(f"/people/{lena.pk}/move/")
    page = agent.press("Move", organization=str(birch.pk))
    assert page.row_names == ["Birch Roofs"]
    counts = Organization.objects.order_by("name").values_list("name", "people_count")
    assert list(counts) == [("Acme Windows", 0), ("Birch Roofs", 1)]
    answer = program.post(f"people/{lena.pk}/move", organization_id=str(acme.pk))
    assert answer.status_code == 200, answer.json()
    names = [row["name"] for row in program.get(f"people/{lena.pk}").json()["organizations"]]
    assert names == ["Acme Windows"]


def test_s2_21_the_organization_is_changed_on_the_same_form_and_all_is_undone_at_once(
    agent: Visitor, program: Program, lena: Person
) -> None:
    birch = make_organization("Birch Roofs")
    edit(agent, lena, organization=str(birch.pk), position="Head of sales")
    assert agent.sees.row_names == ["Birch Roofs"]
    [place] = Membership.objects.all()
    assert [one.role.name for one in place.role_assignments.all()] == ["Client"]
    counts = Organization.objects.order_by("name").values_list("name", "people_count")
    assert list(counts) == [("Acme Windows", 0), ("Birch Roofs", 1)]
    [event] = program.get("events", kind="person.moved").json()["items"]
    assert (
        program.client.post(
            f"/api/v1/events/{event['id']}/undo", b"", content_type="application/json"
        ).status_code
        == 200
    )
    lena.refresh_from_db()
    assert (lena.position, Membership.objects.get().organization.name) == ("Buyer", "Acme Windows")


def test_s2_21_an_organization_that_is_closed_or_none_is_refused_at_its_field(
    agent: Visitor, lena: Person
) -> None:
    closed = make_organization("Closed", is_active=False)
    for chosen, said in ((str(closed.pk), "Choose an active organization."), ("", "Choose an org")):
        agent.open(f"/people/{lena.pk}/edit/")
        with nothing_changes():
            page = agent.press("Save changes", organization=chosen, position="Head of sales")
        assert (page.status, set(page.errors)) == (422, {"organization"})
        assert page.errors["organization"].startswith(said)


def test_s2_21_the_avatar_is_changed_on_the_same_form(agent: Visitor, lena: Person) -> None:
    file = SimpleUploadedFile("lena.png", image("PNG"), content_type="image/png")
    edit(agent, lena, avatar=file)
    lena.refresh_from_db()
    assert lena.avatar_id is not None


def test_s2_21_the_account_manager_is_changed_on_the_same_form(
    agent: Visitor, program: Program, lena: Person
) -> None:
    hana = make_agent("hana@northstar.test", name="Hana Manager", roles=["Manager"])
    edit(agent, lena, account_manager=str(hana.pk))
    body = program.get(f"people/{lena.pk}").json()
    assert body["effective_manager"] == {
        "id": str(hana.pk),
        "name": "Hana Manager",
        "email": hana.email,
        "source": "own",
    }


def test_s2_21_without_edit_clients_the_form_is_neither_offered_nor_open(lena: Person) -> None:
    only = make_agent("v@northstar.test", permissions=["view_clients", "create_clients"])
    visitor, program = Visitor(only), Program(only)
    assert visitor.open(f"/people/{lena.pk}/").offers("Edit") is False
    with nothing_changes():
        page = visitor.send(f"/people/{lena.pk}/edit/", {"name": "Mia", "version": "1"})
        answer = program.patch(f"people/{lena.pk}", version=1, name="Mia")
    assert (page.status, "“edit_clients”" in page.text) == (403, True)
    assert problem_of(answer)[:2] == (403, "permission_denied")


@pytest.mark.parametrize("way", ("page", "api"))
def test_s2_23_edge_case_5_a_changed_address_is_told_confirmed_and_only_then_signs_in(
    agent: Visitor,
    program: Program,
    lena: Person,
    smtp_server: SmtpServer,
    work: Callable[[], int],
    way: str,
) -> None:
    theirs = Visitor(lena)
    if way == "page":
        edit(agent, lena, email=NEW)
    else:
        assert program.patch(f"people/{lena.pk}", version=1, email=NEW).status_code == 200
    assert theirs.open("/portal/").path.startswith("/accounts/login/")
    assert work() == 2
    told_to = sorted(recipients[0] for recipients, _subject in letters(smtp_server))
    assert told_to == ["lena@acme.test", NEW]
    for address in ("lena@acme.test", NEW):
        visitor = Visitor()
        visitor.open("/accounts/login/")
        page = visitor.press("Sign in", login=address, password=PASSWORD)
        assert (page.path, set(page.errors)) == ("/accounts/login/", set())
    [mail] = [mail for mail in smtp_server.accepted if mail.recipients == [NEW]]
    visitor = Visitor()
    visitor.open(link_in(mail))
    visitor.press("Continue", password1=CHOSEN)
    visitor = Visitor()
    visitor.open("/accounts/login/")
    assert visitor.press("Sign in", login=NEW, password=CHOSEN).path == "/portal/"


@pytest.mark.parametrize("way", ("page", "api"))
def test_s2_23_edge_case_5_and_12_an_invitation_to_the_old_address_dies_with_it(
    agent: Visitor,
    program: Program,
    acme: Organization,
    smtp_server: SmtpServer,
    work: Callable[[], int],
    way: str,
) -> None:
    mia = make_person("mia@acme.test", name="Mia", organization=acme, has_joined=False)
    program.post("invitations", person_id=str(mia.pk), organization_id=str(acme.pk))
    path = "/" + link_of(Invitation.objects.get()).split("/", 3)[3]
    if way == "page":
        edit(agent, mia, email=NEW)
    else:
        program.patch(f"people/{mia.pk}", version=1, email=NEW)
    work()
    assert ("invitation.sent", "mia@acme.test", "sent") not in queued()
    page = Visitor().open(path)
    assert page.status == 410
    assert "It was sent to an address that has changed since." in page.text
    assert agent.open(f"/people/{mia.pk}/").offers("Resend")
    agent.press("Resend")
    work()
    assert letters(smtp_server)[-1][0] == [NEW]


def test_s2_23_the_old_address_is_told_where_an_invitation_had_arrived(
    agent: Visitor,
    program: Program,
    acme: Organization,
    smtp_server: SmtpServer,
    work: Callable[[], int],
) -> None:
    for name in ("mia", "tim"):
        invited = make_person(
            f"{name}@acme.test", name=name.title(), organization=acme, has_joined=False
        )
        program.post("invitations", person_id=str(invited.pk), organization_id=str(acme.pk))
        if name == "mia":
            work()
        edit(agent, invited, email=f"{name}@new.test")
    work()
    told = letters(smtp_server)[1:]
    assert told == [(["mia@acme.test"], "Your invitation to Northstar no longer works")]
    assert "mia@new.test" not in smtp_server.accepted[-1].part("plain")


@pytest.mark.parametrize("email", ("TOM@acme.test", "Colleague@northstar.test"))
def test_s2_23_s3_19_another_users_address_is_refused_agents_included(
    agent: Visitor, program: Program, lena: Person, acme: Organization, email: str
) -> None:
    make_person("tom@acme.test", name="Tom", organization=acme)
    make_agent("colleague@northstar.test")
    agent.open(f"/people/{lena.pk}/edit/")
    with nothing_changes():
        page = agent.press("Save changes", email=email)
        answer = program.patch(f"people/{lena.pk}", version=1, email=email)
    assert (page.status, set(page.errors)) == (422, {"email"})
    assert problem_of(answer) == (422, "email_in_use", [("/email", "email_in_use")])
    assert answer.json()["errors"][0]["message"] == page.errors["email"]


def test_edge_case_6_a_shared_mailbox_has_one_sign_in_and_a_second_person_is_refused(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_person("info@acme.test", name="Front desk", organization=acme)
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", name="Tom", email="info@acme.test")
        answer = program.post(
            "people", name="Tom", email="Info@acme.test", organization_id=str(acme.pk)
        )
    assert page.errors == {"email": "info@acme.test is in use: it belongs to Front desk."}
    assert problem_of(answer)[:2] == (422, "email_in_use")
    assert Person.objects.with_address("info@acme.test").count() == 1


def test_s2_28_an_archived_persons_address_is_refused_with_the_way_back(
    agent: Visitor, program: Program, lena: Person, acme: Organization
) -> None:
    program.post(f"people/{lena.pk}/archive")
    agent.open("/people/new/")
    typed = {"name": "Lena", "email": "LENA@acme.test"}
    with nothing_changes():
        page = agent.press("Create Client", **typed)
        answer = program.post("people", **typed, organization_id=str(acme.pk))
    text = "LENA@acme.test belongs to Lena Fischer, an archived client. Restore them?"
    assert page.errors == {"email": text}
    assert answer.json()["errors"][0]["message"] == text


def test_s2_29_an_organization_is_a_company_or_a_group_and_holds_many_people(
    agent: Visitor, program: Program, owner: Agent
) -> None:
    key = program.post("organizations", name="Friends of the Elbe").json()["id"]
    for number in range(60):
        make_person(
            f"p{number}@elbe.test",
            name=f"Person {number:02}",
            organization=Organization.objects.get(pk=key),
        )
    page = agent.open(f"/organizations/{key}/people/")
    seen = page.row_names
    while any(node.label == "Next" for node in page.root.all("a")):
        page = agent.follow("Next")
        seen += page.row_names
    assert seen == [f"Person {number:02}" for number in range(60)]
    assert program.get(f"organizations/{key}").json()["people_count"] == 60


def test_x7_one_human_belongs_to_two_organizations_with_one_sign_in(
    agent: Visitor, program: Program, lena: Person
) -> None:
    birch = make_organization("Birch Roofs")
    agent.open(f"/people/{lena.pk}/memberships/new/")
    agent.press("Add", organization=str(birch.pk))
    rows = program.get(f"people/{lena.pk}").json()["organizations"]
    assert [(row["name"], row["is_primary"]) for row in rows] == [
        ("Acme Windows", True),
        ("Birch Roofs", False),
    ]
    portal = Visitor(lena).open("/portal/")
    header = portal.menu("You act for Acme Windows. Choose another")
    assert sorted(header) == ["Acme Windows", "Birch Roofs"]
    assert (Person.objects.count(), Membership.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("kept", "typed"),
    (
        ("änne@acme.test", "ÄNNE@acme.test"),
        ("izmir@acme.test", "IZMIR@acme.test"),
        ("straße@acme.test", "STRASSE@acme.test"),
    ),
)
def test_x7_letters_of_any_script_are_one_address_for_page_and_api(
    agent: Visitor, program: Program, acme: Organization, kept: str, typed: str
) -> None:
    make_person(kept, name="First", organization=acme)
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", name="Second", email=typed)
        answer = program.post("people", name="Second", email=typed, organization_id=str(acme.pk))
    assert (set(page.errors), problem_of(answer)[1]) == ({"email"}, "email_in_use")
    dotless = program.post(
        "people", name="Third", email="ızmir@acme.test", organization_id=str(acme.pk)
    )
    assert dotless.status_code == 201
