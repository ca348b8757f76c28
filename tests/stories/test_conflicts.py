"""Edge cases 52 to 58: what many choose, and who else changed it meanwhile, on page and API."""

from typing import Any

import pytest

from portico.clients.actions.organizations import delete_organization, update_organization
from portico.clients.actions.people import update_person
from portico.clients.models import Organization, Person
from portico.history.models import Act
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from tests.factories.clients import make_organization, make_person
from tests.stories.records import nothing_changes, told
from tests.stories.visitor import Program, Visitor, problem_of


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


def make_many(count: int, word: str = "Match") -> list[str]:
    names = [f"{word} {number:03}" for number in range(count)]
    rows = [
        Organization(name=name, name_key=name.lower(), search_text=name.lower()) for name in names
    ]
    return [str(row.pk) for row in Organization.objects.bulk_create(rows)]


def test_edge_case_52_all_that_match_leaves_a_row_alone_that_matches_no_more(
    agent: Visitor, program: Program, owner_actor: Actor
) -> None:
    make_many(60)
    agent.open("/organizations/?q=match")
    page = agent.press("Archive", all="1", ids=None)
    assert page.heading == "Archive 60 organizations?"
    renamed = Organization.objects.get(name="Match 007")
    update_organization(owner_actor, renamed.pk, {"name": "Something else"})
    agent.press("Archive 60 organizations")
    assert list(Organization.objects.active().values_list("name", flat=True)) == ["Something else"]


def test_edge_case_52_with_nothing_ticked_nothing_is_meant(
    agent: Visitor, program: Program
) -> None:
    make_many(3)
    agent.open("/organizations/")
    with nothing_changes():
        page = agent.press("Archive", ids=[])
        nobody = program.post("organizations/archive", ids=[])
        unsaid = program.post("organizations/archive")
    assert (page.status, unsaid.status_code) == (404, 422)
    assert (nobody.status_code, nobody.json()["done"]) == (200, 0)


def test_edge_case_53_the_button_states_the_number_and_never_all(agent: Visitor) -> None:
    ids = make_many(120)
    agent.open("/organizations/?q=match&sort=-name")
    page = agent.press("Archive", ids=ids[:7])
    assert page.heading == "Archive 7 organizations?"
    page = agent.press("Archive 7 organizations")
    assert page.toasts == ["7 organizations archived."]
    assert Organization.objects.archived().count() == 7


def test_edge_case_53_ticked_rows_of_other_pages_count_too(agent: Visitor) -> None:
    ids = make_many(120)
    first = agent.open("/organizations/")
    shown = [node.get("value") for node in first.root.all("input") if node.get("name") == "ids"]
    elsewhere = [key for key in ids if key not in shown]
    assert len(elsewhere) == 70
    page = agent.press("Archive", ids=[shown[0], elsewhere[0]])
    assert page.heading == "Archive 2 organizations?"
    agent.press("Archive 2 organizations")
    assert {str(row.pk) for row in Organization.objects.archived()} == {shown[0], elsewhere[0]}


@pytest.mark.parametrize("kind", ("organizations", "people"))
def test_edge_case_56_different_fields_merge_and_the_same_one_asks(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization, kind: str
) -> None:
    lena = make_person("lena@acme.test", organization=acme)
    record: Any = acme if kind == "organizations" else lena
    update: Any = update_organization if kind == "organizations" else update_person
    agent.open(f"/{kind}/{record.pk}/edit/")
    update(owner_actor, record.pk, {"reference": "K-1"})
    page = agent.press("Save changes", name="Mine")
    assert (page.status, page.fields(page.form_of(page.button("Save changes")))["name"]) == (
        409,
        ["Mine"],
    )
    assert "Their changes are filled in, and yours are kept." in page.text
    agent.press("Save changes")
    record.refresh_from_db()
    assert (record.name, record.reference) == ("Mine", "K-1")
    agent.open(f"/{kind}/{record.pk}/edit/")
    update(owner_actor, record.pk, {"reference": "K-2"})
    page = agent.press("Save changes", reference="K-3")
    assert (page.status, "Saved meanwhile: K-2. Saving keeps yours." in page.text) == (409, True)
    record.refresh_from_db()
    assert record.reference == "K-2"
    agent.press("Save changes")
    record.refresh_from_db()
    assert record.reference == "K-3"


@pytest.mark.parametrize("kind", ("organizations", "people"))
def test_edge_case_56_the_api_compares_the_version_and_demands_it(
    program: Program, acme: Organization, kind: str
) -> None:
    lena = make_person("lena@acme.test", organization=acme)
    path = f"{kind}/{(acme if kind == 'organizations' else lena).pk}"
    assert program.patch(path, version=1, reference="K-1").status_code == 200
    with nothing_changes():
        stale = program.patch(path, version=1, reference="K-2")
        blind = program.client.patch(
            f"/api/v1/{path}", {"reference": "K-2"}, content_type="application/json"
        )
    assert (stale.status_code, blind.status_code) == (412, 428)


def test_edge_case_57_a_form_sent_twice_creates_and_invites_once(
    agent: Visitor, acme: Organization
) -> None:
    page = agent.open("/people/new/")
    form = page.form_of(page.button("Create Client"))
    typed = {"name": "Mia", "email": "mia@acme.test", "invitation": "1"}
    sent = {**page.fields(form), **typed}
    first = agent.send(form.get("action"), sent)
    second = agent.send(form.get("action"), sent)
    assert (first.path, second.path) == (f"/people/{Person.objects.get().pk}/",) * 2
    assert Invitation.objects.count() == 1
    assert told("person.created") == [("person.created", "Mia", "page")]


def test_edge_case_57_a_retry_with_the_same_key_creates_and_invites_once(
    program: Program, acme: Organization
) -> None:
    def post(path: str, body: dict[str, str], key: str) -> Any:
        return program.client.post(
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers={"idempotency-key": key},
        )

    typed = {"name": "Mia", "email": "mia@acme.test", "organization_id": str(acme.pk)}
    made = [post("people", typed, "one") for _time in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    invite = {"person_id": made[0].json()["id"], "organization_id": str(acme.pk)}
    sent = [post("invitations", invite, "two") for _time in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert (Person.objects.count(), Invitation.objects.count()) == (1, 1)
    other = post("people", {**typed, "email": "tom@acme.test"}, "one")
    assert (other.status_code, Person.objects.count()) == (422, 1)


def test_edge_case_58_what_was_typed_into_a_deleted_record_can_be_copied(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization
) -> None:
    agent.open(f"/organizations/{acme.pk}/edit/")
    delete_organization(owner_actor, acme.pk, confirmation="DELETE")
    with nothing_changes():
        page = agent.press("Save changes", description="Two hours of work", reference="K-1")
        answer = program.patch(f"organizations/{acme.pk}", version=1, description="Two hours")
    assert (page.status, page.heading) == (404, "Not saved")
    assert "was deleted" in page.text
    typed = {
        node.get("name").removeprefix("typed-"): node.text for node in page.root.all("textarea")
    }
    assert typed == {"reference": "K-1", "description": "Two hours of work"}
    assert problem_of(answer)[:2] == (404, "not_found")


def test_edge_case_58_an_archived_record_is_saved_and_offers_the_way_back(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    lena = make_person("lena@acme.test", organization=acme)
    agent.open(f"/people/{lena.pk}/edit/")
    program.post(f"people/{lena.pk}/archive")
    page = agent.press("Save changes", position="Director")
    assert (page.status, "archived this before you saved" in page.text) == (409, True)
    page = agent.press("Save changes")
    lena.refresh_from_db()
    assert (lena.position, page.path) == ("Director", f"/people/{lena.pk}/")
    page = agent.press("Unarchive")
    lena.refresh_from_db()
    assert lena.archived_at is None
    agent.open(f"/organizations/{acme.pk}/edit/")
    program.post(f"organizations/{acme.pk}/archive")
    page = agent.press("Save changes", reference="K-1")
    assert (page.status, "archived this before you saved" in page.text) == (409, True)


def test_edge_case_54_done_and_left_out_are_told_with_names_and_undone_together(
    agent: Visitor, program: Program, owner_actor: Actor
) -> None:
    make_organization("Never ends")
    for name in ("Acme", "Birch"):
        row = make_organization(name)
        update_organization(owner_actor, row.pk, {"membership_end_date": "2126-01-31"})
    agent.open("/organizations/")
    agent.press("Extend", all="1", ids=None)
    page = agent.press("Extend 3 memberships", by="12")
    assert page.toasts == ["2 memberships extended. Never ends: The membership has no end."]
    ends = Organization.objects.order_by("name").values_list("membership_end_date", flat=True)
    assert [str(end) for end in ends] == ["2127-01-31", "2127-01-31", "None"]
    act = Act.objects.latest("id").pk
    undo = f"/changes/{act}/undo/"
    assert [form.text for form in page.root.all("form") if form.get("action") == undo] == ["Undo"]
    agent.browser.post(undo)
    ends = Organization.objects.order_by("name").values_list("membership_end_date", flat=True)
    assert [str(end) for end in ends] == ["2126-01-31", "2126-01-31", "None"]
