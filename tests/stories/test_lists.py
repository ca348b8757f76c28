"""S1, S2: finding clients: search, filters, sorting, all in the address (acceptance.md)."""

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.utils import timezone

from portico.clients.actions.organizations import create_organization
from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent
from tests.stories.screen import Screen
from tests.stories.visitor import Program, Visitor

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


@pytest.fixture
def people(acme: Organization) -> None:
    """Three people: two of Acme, one of Birch; one of them was never active."""
    birch = make_organization("Birch Roofs")
    rows: tuple[tuple[str, str, Organization, str, int | None], ...] = (
        ("ada@acme.test", "Ada Lind", acme, "Director", 5),
        ("ben@acme.test", "Ben Novák", acme, "Buyer", 200),
        ("cyd@birch.test", "Cyd Baker", birch, "", None),
    )
    for day, (email, name, organization, position, quiet) in enumerate(rows, start=1):
        person = make_person(email, name=name, organization=organization, position=position)
        active = NOW - datetime.timedelta(days=quiet) if quiet is not None else None
        created = NOW - datetime.timedelta(days=10 - day)
        rows_of_one = Person.objects.filter(pk=person.pk)
        rows_of_one.update(last_active_at=active, created_at=created)


def both(agent: Visitor, program: Program, kind: str, query: dict[str, str]) -> list[str]:
    """The names that the page shows; the API must give the same ones in the same order."""
    shown = agent.open(f"/{kind}/?{urlencode(query)}").row_names
    answer = program.get(kind, **query)
    assert answer.status_code == 200, answer.json()
    assert [row["name"] for row in answer.json()["items"]] == shown
    return shown


@pytest.mark.parametrize(
    ("typed", "found"),
    (
        ("NOV", ["Ben Novák"]),
        ("novak", ["Ben Novák"]),
        ("birch.te", ["Cyd Baker"]),
        ("irecto", ["Ada Lind"]),
        ("nobody", []),
    ),
)
def test_s2_61_search_matches_part_of_name_address_and_position(
    agent: Visitor, program: Program, people: None, typed: str, found: list[str]
) -> None:
    assert both(agent, program, "people", {"q": typed}) == found


def test_s2_62_people_are_filtered_by_organization_from_the_form(
    agent: Visitor, program: Program, people: None
) -> None:
    birch = Organization.objects.get(name="Birch Roofs")
    assert both(agent, program, "people", {"organization": str(birch.pk)}) == ["Cyd Baker"]
    page = agent.open(f"/people/?organization={birch.pk}")
    assert "Birch Roofs" in page.element("main").text


@pytest.mark.parametrize(
    ("sort", "found"),
    (
        ("name", ["Ada Lind", "Ben Novák", "Cyd Baker"]),
        ("-name", ["Cyd Baker", "Ben Novák", "Ada Lind"]),
        ("created_at", ["Ada Lind", "Ben Novák", "Cyd Baker"]),
        ("-created_at", ["Cyd Baker", "Ben Novák", "Ada Lind"]),
        ("last_active_at", ["Ben Novák", "Ada Lind", "Cyd Baker"]),
        ("-last_active_at", ["Ada Lind", "Ben Novák", "Cyd Baker"]),
    ),
)
def test_s2_63_people_sort_both_ways_and_the_never_active_come_last(
    agent: Visitor, program: Program, people: None, sort: str, found: list[str]
) -> None:
    assert both(agent, program, "people", {"sort": sort}) == found


def heads(page: Screen) -> dict[str, str]:
    """Where each column head leads to."""
    cells = [node for node in page.root.all("th") if node.get("role") == "columnheader"]
    links = {cell.text: [node.get("href") for node in cell.all("a")] for cell in cells}
    return {name: found[0] for name, found in links.items() if found}


def test_s2_63_and_s2_64_the_heads_of_the_columns_sort(agent: Visitor, people: None) -> None:
    page = agent.open("/people/")
    assert heads(page)["Last active"] == "?sort=-last_active_at"
    page = agent.open("/people/" + heads(page)["Last active"])
    assert page.row_names == ["Ada Lind", "Ben Novák", "Cyd Baker"]
    assert heads(page)["Last active"] == "?sort=last_active_at"
    page = agent.open("/organizations/" + heads(agent.open("/organizations/"))["Clients"])
    assert page.row_names == ["Acme Windows", "Birch Roofs"]


@pytest.fixture
def hana(scope: Any) -> Agent:
    """An agent who looks after clients."""
    return make_agent("hana@northstar.test", name="Hana Manager", roles=["Manager"])


@pytest.fixture
def firms(scope: Any, owner_actor: Actor, hana: Agent) -> None:
    """Three organizations with tags, one with a manager."""
    rows: tuple[tuple[str, str, list[Any], int], ...] = (
        ("Alder", "Shop, Small", [hana.pk], 2),
        ("Beech", "Shop, Large", [], 0),
        ("Cedar", "", [], 5),
    )
    for day, (name, tags, managers, count) in enumerate(rows, start=1):
        fields = {"name": name, "tags": tags, "account_managers": managers}
        with time_machine.travel(NOW - datetime.timedelta(days=10 - day)):
            made = create_organization(owner_actor, fields)
        Organization.objects.filter(pk=made.pk).update(people_count=count)


@pytest.mark.parametrize(
    ("query", "found"),
    (
        ({"q": "EDA"}, ["Cedar"]),
        ({"tag": "shop"}, ["Alder", "Beech"]),
        ({"q": "larg"}, ["Beech"]),
        ({"tag": "Shop,Small"}, ["Alder"]),
        ({"manager": "none"}, ["Beech", "Cedar"]),
        ({"sort": "people_count"}, ["Beech", "Alder", "Cedar"]),
        ({"sort": "-people_count"}, ["Cedar", "Alder", "Beech"]),
        ({"sort": "created_at"}, ["Alder", "Beech", "Cedar"]),
        ({"sort": "-created_at"}, ["Cedar", "Beech", "Alder"]),
    ),
)
def test_s2_47_s2_48_s2_64_and_s2_67_organizations_are_searched_filtered_and_sorted(
    agent: Visitor, program: Program, firms: None, query: dict[str, str], found: list[str]
) -> None:
    assert both(agent, program, "organizations", query) == found


def test_s2_42_and_s2_64_the_organizations_of_a_manager_are_listed_by_page_and_api(
    agent: Visitor, program: Program, firms: None, hana: Agent
) -> None:
    assert both(agent, program, "organizations", {"manager": str(hana.pk)}) == ["Alder"]
    own = Visitor(hana).open("/organizations/")
    page = Visitor(hana)
    page.open("/organizations/")
    assert "My organizations" in own.navigation("Views")
    assert page.follow("My organizations").row_names == ["Alder"]


def test_s2_65_search_filter_sort_and_page_combine_and_survive_sharing(
    agent: Visitor, program: Program, owner_actor: Actor, viewer: Agent
) -> None:
    for number in range(120):
        name = f"Match {number:03}"
        create_organization(owner_actor, {"name": name, "tags": "Shop" if number % 2 else ""})
    agent.open("/organizations/?q=match&tag=Shop&sort=-name")
    first = agent.sees.row_names
    page = agent.follow("Next")
    names = [f"Match {number:03}" for number in range(119, 0, -2)]
    assert first + page.row_names == names
    shared = Visitor(viewer).open(page.path)
    assert (shared.row_names, agent.open(page.path).row_names) == (page.row_names,) * 2
    query = {"q": "match", "tag": "Shop", "sort": "-name", "limit": "50"}
    body = program.get("organizations", **query).json()
    more = program.get("organizations", **query, cursor=body["next_cursor"]).json()
    assert [row["name"] for row in body["items"] + more["items"]] == names


@time_machine.travel(NOW, tick=True)
def test_s2_68_who_was_quiet_since_a_date_is_filtered_and_archived_in_bulk(
    agent: Visitor, program: Program, people: None
) -> None:
    query = {"last_active_at.lt": "-90d"}
    assert both(agent, program, "people", query) == ["Ben Novák"]
    agent.open(f"/people/?{urlencode(query)}")
    page = agent.press("Archive", all="1", ids=None)
    assert page.heading == "Archive 1 client?"
    agent.press("Archive 1 client")
    assert list(Person.objects.archived().values_list("name", flat=True)) == ["Ben Novák"]
    done = program.post("people/archive", filter={"last_active_at.lt": "2026-11-20"})
    assert (done.status_code, done.json()["done"]) == (200, 1)
    left = Person.objects.active().values_list("name", flat=True)
    assert list(left) == ["Cyd Baker"]


def test_s1_41_part_of_a_name_finds_and_nothing_found_offers_the_archive(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_organization("Birch Roofs", archived_at=timezone.now())
    agent.open("/organizations/")
    assert both(agent, program, "organizations", {"q": "wind"}) == ["Acme Windows"]
    page = agent.open("/organizations/?q=birch")
    assert (page.row_names, page.offers("Search archived too")) == ([], True)
    assert agent.follow("Search archived too").row_names == ["Birch Roofs"]
    query = {"q": "birch", "state": "archived"}
    assert both(agent, program, "organizations", query) == ["Birch Roofs"]


def test_edge_case_55_rows_of_one_name_neither_repeat_nor_vanish_between_pages(
    agent: Visitor, program: Program, scope: Any
) -> None:
    Organization.objects.bulk_create(
        [Organization(name="Same", name_key="same", search_text="same") for _number in range(120)]
    )
    page = agent.open("/organizations/?sort=-last_activity_at")
    seen = [node.get("value") for node in page.root.all("input") if node.get("name") == "ids"]
    while any(node.label == "Next" for node in page.root.all("a")):
        page = agent.follow("Next")
        ids = [node for node in page.root.all("input") if node.get("name") == "ids"]
        seen += [node.get("value") for node in ids]
    everyone = {str(key) for key in Organization.objects.values_list("pk", flat=True)}
    assert (len(seen), set(seen)) == (120, everyone)
    found: list[str] = []
    query = {"sort": "people_count", "limit": "50"}
    while True:
        body = program.get("organizations", **query).json()
        found += [row["id"] for row in body["items"]]
        if not body["has_more"]:
            break
        query["cursor"] = body["next_cursor"]
    assert (len(found), set(found)) == (120, everyone)
