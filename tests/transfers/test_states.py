"""Account managers, archived and inactive state: exported, imported, refused where wrong."""

import datetime
from typing import Any

import pytest

from portico.clients.models import Membership, Organization, Person
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.workspaces.models import Plan
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent
from tests.transfers.imports import bring_in, counts_of, reasons_of
from tests.transfers.test_exports import exported, imported, rows_of, without_states

THEN = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
KINDS: tuple[Any, ...] = ("organizations", "people")


def managers_of(name: str) -> list[str]:
    rows = Organization.objects.get(name=name).account_managers.order_by("-is_first", "id")
    return [row.agent.email for row in rows]


@pytest.fixture
def team(scope: Any) -> dict[str, Any]:
    return {
        name: make_agent(f"{name}@northstar.test", name=name.title(), roles=["Manager"])
        for name in ("mia", "tom")
    }


@pytest.fixture
def states(team: dict[str, Any]) -> None:
    """Organizations and people in every state that an export tells."""
    acme, zero = make_organization("Acme"), make_organization("Zero", is_active=False)
    gone = make_organization("Gone", archived_at=THEN)
    acme.account_managers.create(agent=team["tom"], is_first=True)
    acme.account_managers.create(agent=team["mia"])
    lena = make_person("lena@acme.test", name="Lena", organization=acme)
    lena.account_manager = team["mia"]
    lena.save()
    make_person("zoe@zero.test", name="Zoe", organization=zero, is_disabled=True)
    make_person("gil@gone.test", name="Gil", organization=gone, archived_at=THEN)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_an_own_export_brings_back_managers_and_states(
    owner_actor: Actor, states: None, form: Any
) -> None:
    files = {kind: exported(owner_actor, kind, form, state="all") for kind in KINDS}
    before = {kind: told(owner_actor, kind) for kind in KINDS}
    Person.objects.all().delete()
    Organization.objects.all().delete()
    for kind in KINDS:
        done = imported(owner_actor, kind, files[kind], f"{kind}.{form}")
        assert (done.counts["created"], reasons_of(done)) == (3, {})
    assert {kind: told(owner_actor, kind) for kind in KINDS} == before
    assert managers_of("Acme") == ["tom@northstar.test", "mia@northstar.test"]
    gone = Organization.objects.get(name="Gone")
    assert (gone.archived_at, gone.people_count) == (THEN, 0)
    assert Organization.objects.get(name="Zero").is_active is False
    assert Person.objects.get(name="Zoe").is_disabled is True
    assert Person.objects.get(name="Gil").archived_at == THEN


def told(actor: Actor, kind: Any) -> list[dict[str, str]]:
    content = exported(actor, kind, state="all")
    times = [row["archived_at"] for row in rows_of(content)]
    rows = without_states(content)
    return [{**row, "archived_at": time} for row, time in zip(rows, times, strict=True)]


def test_s2_40_the_first_address_is_the_first_manager(owner_actor: Actor, team: Any) -> None:
    text = "name,Account managers\nAcme,Mia@northstar.test; tom@northstar.test\n"
    done = bring_in(
        owner_actor, "organizations", text, mapping={"Account managers": "account_managers"}
    )
    assert counts_of(done)["created"] == 1
    assert managers_of("Acme") == ["mia@northstar.test", "tom@northstar.test"]


def test_x11_a_person_has_one_manager_of_their_own(owner_actor: Actor, team: Any) -> None:
    text = (
        "name,email,account_manager\nLena,lena@acme.test,mia@northstar.test\n"
        'Max,max@acme.test,"mia@northstar.test, tom@northstar.test"\n'
    )
    done = bring_in(owner_actor, "people", text, organization="Acme")
    assert Person.objects.get(name="Lena").account_manager == team["mia"]
    assert reasons_of(done) == {2: "One account manager at most can stand here."}


def test_an_address_of_nobody_in_the_team_is_refused_in_its_row(
    owner_actor: Actor, team: Any
) -> None:
    team["tom"].is_disabled = True
    team["tom"].save()
    text = (
        "name,account_managers\nAcme,nobody@northstar.test\nBirch,tom@northstar.test\n"
        "Cedar,not an address\nDogwood,mia@northstar.test\n"
    )
    done = bring_in(owner_actor, "organizations", text)
    assert list(done.rows.order_by("number").values_list("number", "field", flat=False)) == [
        (1, "account_managers"),
        (2, "account_managers"),
        (3, "account_managers"),
    ]
    assert reasons_of(done)[1] == "Nobody in the team has the address nobody@northstar.test."
    assert reasons_of(done)[2] == "tom@northstar.test no longer works here and can't be chosen."
    assert [row.name for row in Organization.objects.all()] == ["Dogwood"]


def test_who_left_the_team_stays_where_they_stand(owner_actor: Actor, team: Any) -> None:
    acme = make_organization("Acme")
    acme.account_managers.create(agent=team["tom"], is_first=True)
    team["tom"].is_disabled = True
    team["tom"].save()
    text = 'name,account_managers\nAcme,"tom@northstar.test, mia@northstar.test"\n'
    done = bring_in(owner_actor, "organizations", text, existing="update")
    assert counts_of(done)["updated"] == 1
    assert managers_of("Acme") == ["tom@northstar.test", "mia@northstar.test"]


def test_an_empty_cell_takes_managers_away_only_when_asked(owner_actor: Actor, team: Any) -> None:
    acme = make_organization("Acme")
    acme.account_managers.create(agent=team["tom"], is_first=True)
    text = "name,account_managers\nAcme,\n"
    assert bring_in(owner_actor, "organizations", text, existing="update").counts["unchanged"] == 1
    bring_in(owner_actor, "organizations", text, existing="update", clear_empty=True)
    assert managers_of("Acme") == []


def test_managers_and_states_of_people_need_the_right_to_change_them(team: Any) -> None:
    held = ("import_clients", "create_clients", "view_clients")
    actor = actor_of(make_agent("imp@northstar.test", name="Imp", permissions=held, roles=()))
    text = (
        "name,email,account_manager,is_disabled,archived_at\n"
        "A,a@acme.test,mia@northstar.test,,\nB,b@acme.test,,yes,\n"
        "C,c@acme.test,,,2026-03-01\nD,d@acme.test,,no,\n"
    )
    make_organization("Acme")
    done = bring_in(actor, "people", text, organization="Acme")
    missing = "You may not set this: “%s” is missing."
    changing = missing % "Change people, their roles and sign-in"
    archiving = missing % "Archive, unarchive and delete"
    assert reasons_of(done) == {1: changing, 2: changing, 3: archiving}
    assert [person.name for person in Person.objects.all()] == ["D"]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("archived_at", "soon", "Enter a date as YYYY-MM-DD."),
        ("archived_at", "2999-01-01", "This date lies in the future."),
        ("is_active", "perhaps", "Choose yes or no."),
    ],
)
def test_a_wrong_state_is_refused_in_its_row(
    owner_actor: Actor, column: str, text: str, reason: str
) -> None:
    done = bring_in(owner_actor, "organizations", f"name,{column}\nAcme,{text}\nBirch,\n")
    assert (reasons_of(done), done.counts["created"]) == ({1: reason}, 1)


def test_an_import_into_existing_records_gives_them_their_state(owner_actor: Actor) -> None:
    for name in ("Acme", "Birch"):
        make_organization(name, reference=name)
    make_organization("Cedar", reference="Cedar", archived_at=THEN)
    make_person("lena@acme.test", name="Lena")
    text = (
        "reference,name,is_active,archived_at\nAcme,Acme,no,\n"
        f"Birch,Birch,yes,{THEN.isoformat()}\nCedar,Cedar,yes,{THEN.isoformat()}\n"
    )
    done = bring_in(owner_actor, "organizations", text, existing="update")
    assert counts_of(done) == {"rows": 3, "updated": 2, "unchanged": 1}
    assert Organization.objects.get(name="Acme").is_active is False
    assert Organization.objects.get(name="Birch").archived_at is not None
    text = "email,is_disabled\nlena@acme.test,yes\n"
    bring_in(owner_actor, "people", text, existing="update")
    assert Person.objects.get(name="Lena").is_disabled is True
    kinds = Event.objects.filter(way="import").exclude(kind__startswith="operation")
    assert sorted(kinds.values_list("kind", flat=True)) == [
        "organization.archived",
        "organization.updated",
        "person.disabled",
    ]


def test_an_empty_cell_brings_nothing_back_unless_it_clears(owner_actor: Actor) -> None:
    make_organization("Acme", archived_at=THEN)
    text = "name,archived_at\nAcme,\n"
    done = bring_in(owner_actor, "organizations", text, existing="update")
    assert reasons_of(done) == {1: "The organization “Acme” is archived."}
    bring_in(owner_actor, "organizations", text, existing="update", clear_empty=True)
    assert Organization.objects.get(name="Acme").archived_at is None


def test_an_archived_contact_is_not_brought_back_with_the_organization(owner_actor: Actor) -> None:
    make_organization("Acme")
    make_person("lena@acme.test", name="Lena", archived_at=THEN)
    text = "name,archived_at,contact name,contact email\nAcme,,Lena Changed,lena@acme.test\n"
    mapping = {
        "name": "name",
        "archived_at": "archived_at",
        "contact name": "contact.name",
        "contact email": "contact.email",
    }
    choices = {"existing": "update", "clear_empty": True}
    done = bring_in(owner_actor, "organizations", text, mapping=mapping, **choices)
    assert list(done.rows.values_list("number", "field")) == [(1, "contact.email")]
    assert Person.objects.get(email="lena@acme.test").name == "Lena"


def test_s2_4_who_comes_back_needs_room_in_the_plan(owner_actor: Actor) -> None:
    make_person("a@acme.test", name="A", archived_at=THEN)
    make_person("b@acme.test", name="B", archived_at=THEN)
    Plan.objects.update_or_create(defaults={"person_limit": 1})
    text = "email,archived_at\na@acme.test,\nb@acme.test,\nc@acme.test,2026-03-01\n"
    make_organization("Acme")
    choices = {"existing": "update", "clear_empty": True, "organization": "Acme"}
    done = bring_in(owner_actor, "people", text, **choices)
    assert counts_of(done) == {
        "rows": 3,
        "created": 1,
        "updated": 1,
        "refused": 1,
        "people_created": 1,
    }
    assert list(done.rows.values_list("number", "field")) == [(2, "archived_at")]
    assert Person.objects.filter(archived_at=None).count() == 1


def test_an_archived_person_counts_nowhere(owner_actor: Actor) -> None:
    make_organization("Acme")
    text = "name,email,organization,archived_at\nLena,lena@acme.test,Acme,2026-03-01\n"
    bring_in(owner_actor, "people", text)
    assert Organization.objects.get(name="Acme").people_count == 0
    assert Membership.objects.count() == 1
    [event] = Event.objects.filter(kind="person.created")
    assert event.changes == {"archived_at": [None, "2026-03-01T00:00:00+00:00"]}


def test_who_is_archived_or_switched_off_is_not_invited(owner_actor: Actor) -> None:
    text = (
        "name,email,is_disabled,archived_at\nA,a@acme.test,,2026-03-01\n"
        "B,b@acme.test,yes,\nC,c@acme.test,,\n"
    )
    done = bring_in(owner_actor, "people", text, invite=True, organization="Acme")
    assert done.counts["invitations"] == 1


def test_an_active_person_is_not_put_into_an_archived_organization(owner_actor: Actor) -> None:
    make_organization("Gone", archived_at=THEN)
    text = "name,email,organization,archived_at\nLena,lena@acme.test,Gone,\n"
    done = bring_in(owner_actor, "people", text)
    assert reasons_of(done) == {1: "The organization “Gone” is archived or inactive."}
