"""S4: the dashboard of a partner: columns, numbers, states, editing (acceptance.md)."""

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.utils import timezone

from portico.clients.actions.locations import close_locations, create_location
from portico.clients.models import Location, Organization, Person
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from portico.workspaces.models import Plan
from tests.factories.clients import make_organization, make_person
from tests.stories.records import nothing_changes, told
from tests.stories.screen import Screen
from tests.stories.visitor import Program, Visitor, problem_of

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
SIX = (
    "Client Name",
    "Membership End Date",
    "Number of Users",
    "Number of Locations",
    "Active Status",
    "Created Date",
)
END = datetime.date(2027, 11, 30)


@pytest.fixture
def preset() -> str:
    """An organization reads Client account, a person User."""
    return Preset.PARTNER


@pytest.fixture
def acme(scope: Any) -> Organization:
    """A client account that runs for another year."""
    return make_organization("Acme Windows", membership_end_date=END)


def row_of(agent: Visitor, name: str) -> dict[str, str]:
    [row] = [row for row in agent.open("/organizations/").rows if row["name"] == name]
    return row


def heads(page: Screen) -> list[str]:
    cells = [node for node in page.root.all("th") if node.get("role") == "columnheader"]
    return [cell.text for cell in cells]


def test_s4_02_the_form_asks_for_name_and_end_and_create_adds_it_to_the_dashboard(
    agent: Visitor, program: Program
) -> None:
    agent.open("/organizations/")
    page = agent.follow("New Client")
    labels = [node.text for node in page.root.all("label") if node.above("details") is None]
    assert [label for label in labels if label in SIX] == ["Client Name", "Membership End Date"]
    agent.press("Create", name="Acme Windows", membership_end_date="11/30/2027")
    made = program.post("organizations", name="Birch", membership_end_date="2027-11-30")
    assert made.status_code == 201
    rows = agent.open("/organizations/").rows
    assert [(row["name"], row["Membership End Date"]) for row in rows] == [
        ("Acme Windows", "11/30/2027"),
        ("Birch", "11/30/2027"),
    ]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    (
        ({"name": ""}, "name"),
        ({"membership_end_date": ""}, "membership_end_date"),
    ),
)
def test_s4_03_both_are_required(
    agent: Visitor, program: Program, typed: dict[str, str], wrong: str
) -> None:
    agent.open("/organizations/new/")
    fields = {"name": "Acme", "membership_end_date": "2027-11-30", **typed}
    with nothing_changes():
        page = agent.press("Create", **fields)
        given = {name: value for name, value in fields.items() if value or name == "name"}
        answer = program.post("organizations", **given)
    assert (page.status, set(page.errors)) == (422, {wrong})
    assert [pointer for pointer, _code in problem_of(answer)[2]] == [f"/{wrong}"]


def test_s4_03_a_date_in_the_past_is_accepted_only_after_a_warning(
    agent: Visitor, program: Program
) -> None:
    agent.open("/organizations/new/")
    text = "This date is in the past: access ends at once."
    with nothing_changes():
        page = agent.press("Create", name="Acme", membership_end_date="2020-01-31")
        fields = {"name": "Acme", "membership_end_date": "2020-01-31"}
        answer = program.post("organizations", **fields)
    assert (page.status, text in page.text) == (409, True)
    pointers = [("/membership_end_date", "past_date")]
    assert problem_of(answer) == (409, "needs_confirmation", pointers)
    agent.press("Create anyway")
    assert program.post("organizations", **fields, confirm=["past_date", "equal_name"])
    assert list(Organization.objects.values_list("name", flat=True)) == ["Acme", "Acme"]


def test_s4_05_every_client_stands_there_with_exactly_the_six_columns(
    agent: Visitor, acme: Organization
) -> None:
    make_organization("Birch", is_active=False, membership_end_date=END)
    page = agent.open("/organizations/")
    assert [head for head in heads(page) if head in SIX] == list(SIX)
    others = ["Select all rows of this page", "Edit"]
    assert [head for head in heads(page) if head not in SIX] == others
    assert page.row_names == ["Acme Windows", "Birch"]


def test_s4_06_x12_both_numbers_move_alike_in_column_sort_and_api(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization
) -> None:
    make_organization("Birch", membership_end_date=END, people_count=1, location_count=1)
    agent.open(f"/people/new/?organization={acme.pk}")
    agent.press("Create", name="Maria", email="maria@acme.test")
    for name in ("Luca", "Nina"):
        typed = {"name": name, "email": f"{name}@acme.test"}
        program.post("people", **typed, organization_id=str(acme.pk))
    agent.open(f"/organizations/{acme.pk}/locations/new/")
    agent.press("Add location", name="Plant")
    program.post("locations", organization_id=str(acme.pk), name="Office")
    row = row_of(agent, "Acme Windows")
    assert (row["Number of Users"], row["Number of Locations"]) == ("3", "2")
    for sort in ("people_count", "location_count"):
        assert agent.open(f"/organizations/?sort=-{sort}").row_names == ["Acme Windows", "Birch"]
    body = program.get(f"organizations/{acme.pk}").json()
    assert (body["people_count"], body["location_count"]) == (3, 2)
    program.post(f"people/{Person.objects.get(name='Luca').pk}/archive")
    close_locations(owner_actor, Location.objects.filter(name="Plant"))
    row = row_of(agent, "Acme Windows")
    assert (row["Number of Users"], row["Number of Locations"]) == ("2", "1")


def test_x12_pending_and_disabled_count_archived_do_not_in_column_filter_limit_and_api(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    def figures() -> tuple[str, list[str], int]:
        limit = program.post("people", name="One", email="x@acme.test", organization_id=key)
        assert limit.json()["code"] == "person_limit"
        used = int(limit.json()["detail"].split(" of ")[0].split()[-1])
        query = urlencode({"people_count.gte": "1"})
        column = row_of(agent, "Acme Windows")["Number of Users"]
        api = program.get(f"organizations/{acme.pk}").json()["people_count"]
        return column, agent.open(f"/organizations/?{query}").row_names, api + used

    key = str(acme.pk)
    Plan.objects.update(person_limit=0)
    assert program.get(f"organizations/{acme.pk}").json()["people_count"] == 0
    joined = make_person("a@acme.test", name="Joined", organization=acme)
    assert figures() == ("1", ["Acme Windows"], 1 + 1)
    make_person("b@acme.test", name="Pending", organization=acme, has_joined=False)
    assert figures() == ("2", ["Acme Windows"], 2 + 2)
    program.post(f"people/{joined.pk}/disable")
    assert figures() == ("2", ["Acme Windows"], 2 + 2)
    program.post(f"people/{joined.pk}/archive")
    assert figures() == ("1", ["Acme Windows"], 1 + 1)


@time_machine.travel(NOW, tick=True)
def test_s4_07_expired_and_inactive_are_said_in_the_row(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_organization("Over", membership_end_date=datetime.date(2026, 11, 21))
    make_organization("Today", membership_end_date=datetime.date(2026, 11, 22))
    make_organization("Off", membership_end_date=END, is_active=False)
    said = {row["name"]: row["Membership End Date"] for row in agent.open("/organizations/").rows}
    assert {name: "Ended" in text for name, text in said.items()} == {
        "Acme Windows": False,
        "Off": False,
        "Over": True,
        "Today": False,
    }
    status = {row["name"]: row["Active Status"] for row in agent.sees.rows}
    assert (status["Off"], status["Acme Windows"]) == ("Inactive", "Active")
    items = program.get("organizations").json()["items"]
    states = {row["name"]: (row["membership_status"], row["is_active"]) for row in items}
    assert (states["Over"][0], states["Off"][1]) == ("ended", False)


def test_s4_08_five_thousand_are_shown_a_page_at_a_time(agent: Visitor, scope: Any) -> None:
    Organization.objects.bulk_create(
        [
            Organization(name=f"P {n:04}", name_key=f"p {n:04}", search_text=f"p {n:04}")
            for n in range(5000)
        ]
    )
    page = agent.open("/organizations/")
    assert page.row_names == [f"P {n:04}" for n in range(50)]
    assert "50 of 5,000 shown" in page.text
    assert agent.open("/organizations/?q=4711").row_names == ["P 4711"]


def test_s4_10_edit_beside_the_name_opens_the_screen_filled(
    agent: Visitor, acme: Organization
) -> None:
    agent.open("/organizations/")
    page = agent.follow("Edit Acme Windows")
    sent = page.fields(page.form_of(page.button("Save changes")))
    assert {name: sent[name] for name in ("name", "membership_end_date", "is_active")} == {
        "name": ["Acme Windows"],
        "membership_end_date": ["11/30/2027"],
        "is_active": ["1"],
    }


@pytest.mark.parametrize(
    ("typed", "column", "shown"),
    (
        ({"name": "Acme Doors"}, "Client Name", "Acme Doors"),
        ({"membership_end_date": "12/31/2028"}, "Membership End Date", "12/31/2028"),
        ({"membership_end_date": "12/31/2026"}, "Membership End Date", "12/31/2026"),
        ({"is_active": None}, "Active Status", "Inactive"),
    ),
)
@time_machine.travel(NOW, tick=True)
def test_s4_11_s4_12_and_s4_13_each_new_value_stands_on_the_dashboard(
    agent: Visitor, acme: Organization, typed: dict[str, Any], column: str, shown: str
) -> None:
    agent.open(f"/organizations/{acme.pk}/edit/")
    with nothing_changes():
        agent.follow("Cancel")
        agent.open(f"/organizations/{acme.pk}/edit/")
    agent.press("Save changes", **typed)
    [row] = agent.open("/organizations/").rows
    assert shown in row[column]
    kind = "organization.updated"
    assert told(kind) == [(kind, typed.get("name", "Acme Windows"), "page")]


def test_s4_11_s4_12_and_s4_13_by_the_api_too(program: Program, acme: Organization) -> None:
    changes = {"name": "Acme Doors", "membership_end_date": "2028-12-31", "is_active": False}
    answer = program.patch(f"organizations/{acme.pk}", version=1, **changes)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in changes} == changes


def test_s4_15_the_dashboard_shows_either_the_active_or_the_inactive(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_organization("Off", membership_end_date=END, is_active=False)
    agent.open("/organizations/")
    assert agent.choose("Any status", "Inactive").row_names == ["Off"]
    assert agent.choose("Inactive", "Active").row_names == ["Acme Windows"]
    assert "Inactive" in agent.sees.navigation("Views")
    assert agent.open("/organizations/?view=inactive").row_names == ["Off"]
    for status, names in (("active", ["Acme Windows"]), ("inactive", ["Off"])):
        found = program.get("organizations", status=status).json()["items"]
        assert [row["name"] for row in found] == names


def test_x13_the_click_paths_of_all_four_pages_end_in_the_same_form(
    agent: Visitor, acme: Organization
) -> None:
    edit = f"/organizations/{acme.pk}/edit/"
    agent.open("/organizations/")
    paths = [agent.follow("Edit Acme Windows").path]
    agent.open("/organizations/")
    assert agent.follow("Acme Windows").path == f"/organizations/{acme.pk}/"
    paths.append(agent.choose("More actions", "Edit").path)
    maria = make_person("maria@acme.test", name="Maria", organization=acme)
    assert paths == [edit, edit]
    edit = f"/people/{maria.pk}/edit/"
    agent.open("/people/")
    agent.follow("Maria")
    paths = [agent.follow("Edit").path]
    agent.open(f"/people/{maria.pk}/")
    paths.append(agent.choose("More actions", "Edit user").path)
    assert paths == [edit, edit]


def test_s4_47_a_closed_location_is_kept_and_can_be_reopened(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization
) -> None:
    plant = create_location(owner_actor, acme.pk, {"name": "Plant", "note": "Ring twice"})
    closed = program.post(f"locations/{plant.pk}/close")
    assert (closed.status_code, closed.json()["note"]) == (200, "Ring twice")
    assert row_of(agent, "Acme Windows")["Number of Locations"] == "–"
    agent.open(f"/organizations/{acme.pk}/locations/?state=closed")
    assert "Plant" in agent.sees.text
    agent.browser.post(f"/locations/{plant.pk}/reopen/")
    plant.refresh_from_db()
    assert (plant.archived_at, plant.note) == (None, "Ring twice")
    assert row_of(agent, "Acme Windows")["Number of Locations"] == "1"
    assert plant.updated_at <= timezone.now()
