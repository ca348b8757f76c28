"""X2 and edge cases 28 to 35: deleting, archiving and coming back, on page and API."""

from typing import Any

import pytest
from django.utils import timezone

from portico.clients import guards
from portico.clients.actions.bulk import start_bulk_change
from portico.clients.actions.memberships import add_membership
from portico.clients.models import Location, Membership, Organization, Person
from portico.history.models import Event
from portico.invitations.actions.accepting import accept_invitation
from portico.invitations.actions.inviting import invite_person
from portico.invitations.actions.sending import request_new_link
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from portico.workspaces.models import Plan
from tests.factories.clients import make_organization, make_person
from tests.stories.records import fields_of, nothing_changes, told
from tests.stories.visitor import Program, Visitor, problem_of
from tests.transfers.imports import bring_in, work_off


@pytest.fixture
def preset() -> str:
    """An organization reads Client, a person Contact."""
    return Preset.FIELD_SERVICE


@pytest.fixture
def birch(scope: Any) -> Organization:
    return make_organization("Birch Roofs")


@pytest.fixture
def lena(acme: Organization) -> Person:
    """Somebody of Acme alone."""
    return make_person("lena@acme.test", organization=acme, roles=["Viewer"])


@pytest.fixture
def tom(acme: Organization, birch: Organization, owner_actor: Actor) -> Person:
    """Somebody of Acme and of Birch."""
    tom = make_person("tom@acme.test", name="Tom", organization=acme, roles=["Viewer"])
    add_membership(owner_actor, tom.pk, birch.pk)
    return tom


def delete(agent: Visitor, program: Program, row: Organization, way: str) -> None:
    if way == "api":
        version = program.get(f"organizations/{row.pk}").json()["version"]
        answer = program.delete(f"organizations/{row.pk}?confirm=DELETE", version=version)
        assert answer.status_code == 204
        return
    agent.open(f"/organizations/{row.pk}/")
    agent.choose("More actions", "Delete Client")
    assert agent.press("Delete", word="DELETE").path == "/organizations/"


@pytest.mark.parametrize("way", ("page", "api"))
def test_edge_case_28_people_of_a_deleted_one_are_archived_unless_they_belong_elsewhere(
    agent: Visitor,
    program: Program,
    acme: Organization,
    birch: Organization,
    lena: Person,
    tom: Person,
    way: str,
) -> None:
    page = agent.open(f"/organizations/{acme.pk}/delete/")
    assert "1 contact with no other client" in page.text
    assert "1 contact who belongs elsewhere, too" in page.text
    delete(agent, program, acme, way)
    assert [row.name for row in Person.objects.archived()] == ["Lena Fischer"]
    assert [row.name for row in Person.objects.active()] == ["Tom"]
    [row] = Membership.objects.filter(person=tom)
    assert (row.organization_id, row.is_primary) == (birch.pk, True)
    birch.refresh_from_db()
    assert birch.people_count == 1


@pytest.mark.parametrize("way", ("page", "api"))
def test_edge_case_29_and_30_what_blocks_is_asked_again_when_delete_is_sent(
    agent: Visitor,
    program: Program,
    acme: Organization,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    blocking: list[str] = []
    monkeypatch.setattr(guards, "_guards", [lambda _organization: tuple(blocking)])
    agent.open(f"/organizations/{acme.pk}/delete/")
    blocking.append("Job 1182 is on Tom's device, last heard of on Monday.")
    with nothing_changes():
        if way == "page":
            page = agent.press("Delete", word="DELETE")
            assert (page.status, blocking[0] in page.text) == (409, True)
            assert page.offers("Archive instead")
        else:
            answer = program.delete(f"organizations/{acme.pk}?confirm=DELETE", version=1)
            assert problem_of(answer)[:2] == (409, "deletion_blocked")
            assert answer.json()["detail"] == blocking[0]
    blocking.clear()
    delete(agent, program, acme, way)
    assert Organization.objects.count() == 0


def test_edge_case_30_blanks_around_the_word_do_not_matter_and_nothing_fills_it_in(
    agent: Visitor, acme: Organization
) -> None:
    page = agent.open(f"/organizations/{acme.pk}/delete/")
    [box] = [node for node in page.root.all("input") if node.get("name") == "word"]
    assert (box.get("value"), box.get("autocomplete")) == ("", "off")
    agent.press("Delete", word="  DELETE ")
    assert Organization.objects.count() == 0


@pytest.mark.once
def test_edge_case_30_what_became_of_it_since_the_question_is_told_before_it_goes(
    agent: Visitor, program: Program, acme: Organization, lena: Person
) -> None:
    Location.objects.create(organization=acme, name="Depot", name_key="depot")
    page = agent.open(f"/organizations/{acme.pk}/delete/")
    assert "Acme Windows, 1 location" in page.text
    make_person("late@acme.test", organization=acme)
    with nothing_changes():
        page = agent.press("Delete", word="DELETE")
    assert (page.status, page.fields(page.form_of(page.button("Delete")))["word"]) == (
        409,
        ["DELETE"],
    )
    assert "This changed since you were asked. Read it once more." in page.text
    assert "2 contacts with no other client" in page.text
    program.patch(f"organizations/{acme.pk}", version=acme.version, name="Acme Glass")
    page = agent.press("Delete")
    assert (page.status, "Acme Glass, 1 location" in page.text) == (409, True)
    assert agent.press("Delete").path == "/organizations/"
    assert Organization.objects.count() == 0


def archive(agent: Visitor, row: Organization) -> None:
    agent.open(f"/organizations/{row.pk}/")
    agent.choose("More actions", "Archive")
    agent.press("Archive")


def test_edge_case_31_archived_it_is_in_no_picker_and_no_count_but_its_page_opens_and_saves(
    agent: Visitor, program: Program, acme: Organization, birch: Organization, lena: Person
) -> None:
    archive(agent, acme)
    assert agent.open("/people/new/").choices("organization") == ["Birch Roofs"]
    assert agent.browser.get("/organizations/choices/?q=acme").json() == []
    assert agent.open("/organizations/").row_names == ["Birch Roofs"]
    assert [row["name"] for row in program.get("organizations").json()["items"]] == ["Birch Roofs"]
    page = agent.open(f"/organizations/{acme.pk}/")
    assert (page.status, page.heading, page.offers("Unarchive")) == (200, "Acme Windows", True)
    agent.open(f"/organizations/{acme.pk}/edit/")
    assert agent.press("Save Changes", reference="K-1").status == 200
    body = program.get(f"organizations/{acme.pk}").json()
    answer = program.patch(f"organizations/{acme.pk}", version=body["version"], reference="K-2")
    assert (answer.status_code, answer.json()["reference"]) == (200, "K-2")


def test_edge_case_31_a_person_of_an_archived_one_is_saved_and_signs_in_through_the_other(
    agent: Visitor, program: Program, acme: Organization, tom: Person, lena: Person
) -> None:
    archive(agent, acme)
    agent.open(f"/people/{tom.pk}/edit/")
    assert agent.press("Save Changes", position="Fitter").status == 200
    tom.refresh_from_db()
    assert (tom.position, tom.archived_at) == ("Fitter", None)
    page = agent.open(f"/people/{tom.pk}/")
    assert sorted(page.row_names) == ["Acme Windows", "Birch Roofs"]
    portal = Visitor(tom).open("/portal/")
    assert (portal.status, "Birch Roofs" in portal.text) == (200, True)
    refused = Visitor()
    refused.open("/accounts/login/")
    page = refused.press("Sign in", login=lena.email, password="correct horse battery staple")
    assert (page.status, page.heading) == (403, "You can't sign in")


def test_edge_case_31_the_name_of_an_archived_one_is_warned_about(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    archive(agent, acme)
    agent.open("/organizations/new/")
    with nothing_changes():
        page = agent.press("Add Client", name="acme  WINDOWS")
        answer = program.post("organizations", name="Acme Windows")
    assert "An archived client has this name." in page.text
    assert problem_of(answer) == (409, "needs_confirmation", [("/name", "equal_name")])
    agent.press("Create anyway")
    assert Organization.objects.count() == 2


@pytest.mark.parametrize("way", ("page", "api"))
def test_s1_29_edge_case_32_without_room_in_the_plan_nothing_comes_back(
    agent: Visitor, program: Program, acme: Organization, birch: Organization, way: str
) -> None:
    for number in range(2):
        make_person(f"p{number}@acme.test", name=f"P {number}", organization=acme)
    archive(agent, acme)
    make_person("x@birch.test", name="X", organization=birch)
    Plan.objects.update(person_limit=2)
    before = fields_of(acme)
    words = "You have 1 of 2 contacts, and this needs room for 2."
    agent.open("/organizations/?state=archived")
    agent.press("Unarchive", ids=[str(acme.pk)])
    with nothing_changes():
        if way == "page":
            page = agent.press("Unarchive")
            assert (page.status, words in page.text) == (409, True)
        else:
            for path in ("organizations/unarchive", f"organizations/{acme.pk}/unarchive"):
                body = {"ids": [str(acme.pk)]} if path == "organizations/unarchive" else {}
                answer = program.post(path, **body)
                assert problem_of(answer)[:2] == (409, "person_limit")
                assert words in answer.json()["detail"]
    assert fields_of(acme) == before
    Plan.objects.update(person_limit=3)
    if way == "page":
        agent.press("Unarchive")
    else:
        program.post(f"organizations/{acme.pk}/unarchive")
    assert Person.objects.active().count() == 3


@pytest.mark.parametrize("way", ("page", "api"))
def test_edge_case_32_exactly_those_archived_with_it_come_back(
    agent: Visitor, program: Program, acme: Organization, lena: Person, way: str
) -> None:
    before = make_person("old@acme.test", name="Archived before", organization=acme)
    program.post(f"people/{before.pk}/archive")
    archive(agent, acme)
    assert Person.objects.active().count() == 0
    if way == "page":
        agent.open(f"/organizations/{acme.pk}/")
        agent.press("Unarchive")
    else:
        program.post(f"organizations/{acme.pk}/unarchive")
    assert list(Person.objects.active().values_list("name", flat=True)) == ["Lena Fischer"]


@pytest.mark.parametrize("way", ("page", "api"))
def test_edge_case_33_archived_ones_count_for_uniqueness_but_not_for_the_plan(
    agent: Visitor, program: Program, acme: Organization, lena: Person, way: str
) -> None:
    Plan.objects.update(person_limit=1)
    program.post(f"people/{lena.pk}/archive")
    typed = {"name": "Mia", "email": "LENA@acme.test"}
    with nothing_changes():
        if way == "page":
            agent.open("/people/new/")
            assert set(agent.press("Add contact", **typed).errors) == {"email"}
        else:
            answer = program.post("people", **typed, organization_id=str(acme.pk))
            assert problem_of(answer)[1] == "email_in_use"
    free = {**typed, "email": "mia@acme.test"}
    if way == "page":
        agent.open("/people/new/")
        assert agent.press("Add contact", **free).heading == "Mia"
    else:
        assert program.post("people", **free, organization_id=str(acme.pk)).status_code == 201


@pytest.mark.parametrize("way", ["form", "api", "import", "invitation", "old link"])
def test_edge_case_34_who_was_deleted_and_comes_again_is_neither_made_anew_nor_let_in(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization, way: str
) -> None:
    """Portico takes in no mail yet; these are the ways by which an address comes in today."""
    lena = make_person("lena@acme.test", organization=acme, has_joined=False)
    invitation = invite_person(owner_actor, lena.pk, organization_id=acme.pk)
    Invitation.objects.update(expires_at=timezone.now())
    program.post(f"people/{lena.pk}/archive")
    sent = {"name": "Lena", "email": "lena@acme.test"}
    with nothing_changes():
        if way == "form":
            agent.open("/people/new/")
            shown = agent.press("Add contact", **sent).errors["email"]
            assert "an archived contact. Restore them?" in shown
        elif way == "api":
            answer = program.post("people", **sent, organization_id=str(acme.pk))
            assert problem_of(answer)[1] == "email_in_use"
        elif way == "invitation":
            answer = program.post(f"organizations/{acme.pk}/invite", addresses=["lena@acme.test"])
            assert problem_of(answer)[1] == "nobody_invited"
        elif way == "old link":
            request_new_link(token_of(invitation))
    if way == "import":
        rows = "Name,E-mail,Organization\nLena,lena@acme.test,Acme Windows\n"
        counts = bring_in(owner_actor, "people", rows).counts
        assert (counts["people_created"], counts["created"]) == (0, 0)
    assert Person.objects.get().archived_at is not None
    assert Invitation.objects.get().sent_count == 1


def test_edge_case_34_what_happens_while_a_deletion_waits_is_kept(
    owner_actor: Actor, acme: Organization
) -> None:
    """The deletion left to the worker is whole when it comes, and loses nothing of meanwhile."""
    lena = make_person("lena@acme.test", organization=acme, has_joined=False)
    invitation = invite_person(owner_actor, lena.pk, organization_id=acme.pk)
    everybody = Person.objects.all()
    start_bulk_change(owner_actor, "people.archive", everybody, title="Archive", arguments={})
    accept_invitation(token_of(invitation), password="a long walk along the Elbe")
    late = make_person("late@acme.test", organization=acme)
    work_off()
    lena.refresh_from_db()
    assert (lena.archived_at is not None, lena.has_usable_password()) == (True, True)
    assert Membership.objects.filter(person=lena, organization=acme).count() == 1
    told_of_lena = Event.objects.filter(subject_id__in=[lena.pk, invitation.pk]).order_by("id")
    kinds = list(told_of_lena.values_list("kind", flat=True))
    assert kinds.index("invitation.accepted") < kinds.index("person.archived")
    assert list(Person.objects.active()) == [late]  # who came after the deletion was asked for


def test_edge_case_35_history_keeps_the_name_as_it_was_and_no_broken_link(
    agent: Visitor, program: Program, acme: Organization, lena: Person
) -> None:
    program.patch(f"people/{lena.pk}", version=1, position="Buyer")
    program.post(f"people/{lena.pk}/archive")
    program.patch(
        f"people/{lena.pk}",
        version=program.get(f"people/{lena.pk}").json()["version"],
        name="L. B.",
    )
    names = Event.objects.filter(subject_id=lena.pk).order_by("id")
    assert list(names.values_list("kind", "subject_name")) == [
        ("person.updated", "Lena Fischer"),
        ("person.archived", "Lena Fischer"),
        ("person.updated", "L. B."),
    ]
    page = agent.open(f"/people/{lena.pk}/history/")
    links = {node.get("href") for node in page.root.all("a") if str(lena.pk) in node.get("href")}
    assert {agent.browser.get(link).status_code for link in links} <= {200}
    delete(agent, program, acme, "page")
    kind = "organization.deleted"
    assert told(kind) == [(kind, "Acme Windows", "page")]
    rows = program.get("events", kind=kind).json()["items"]
    assert [row["subject_name"] for row in rows] == ["Acme Windows"]


def test_x2_delete_is_for_ever_for_a_client_and_archive_for_a_contact_in_one_workspace(
    agent: Visitor, program: Program, acme: Organization, lena: Person, tom: Person
) -> None:
    agent.open(f"/people/{lena.pk}/")
    agent.choose("More actions", "Delete contact")
    agent.press("Archive")
    lena.refresh_from_db()
    assert lena.archived_at is not None
    answer = program.delete(f"people/{tom.pk}", version=tom.version)
    assert (answer.status_code, answer.json()["archived_at"] is not None) == (200, True)
    delete(agent, program, acme, "page")
    assert (Organization.objects.count(), Person.objects.count()) == (1, 2)
    page = agent.open(f"/people/{lena.pk}/")
    assert (page.heading, page.offers("Unarchive")) == ("Lena Fischer", True)
