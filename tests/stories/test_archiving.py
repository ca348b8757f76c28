"""S1: clients of a field service are archived and come back (acceptance.md)."""

from typing import Any

import pytest
from django.utils import timezone

from portico.clients.models import Organization, Person
from portico.workspaces.choices import Preset
from tests.factories.clients import make_organization, make_person
from tests.stories.records import fields_of, nothing_changes, told
from tests.stories.screen import Node, Screen
from tests.stories.visitor import Program, Visitor, problem_of


@pytest.fixture
def preset() -> str:
    """An organization reads Client, a person Contact."""
    return Preset.FIELD_SERVICE


def active() -> list[str]:
    return sorted(Organization.objects.active().values_list("name", flat=True))


def archived() -> list[str]:
    return sorted(Organization.objects.archived().values_list("name", flat=True))


def make_three() -> list[Organization]:
    return [make_organization(name) for name in ("Acme Windows", "Birch Roofs", "Cedar Floors")]


def show(agent: Visitor, organization: Organization) -> Screen:
    return agent.open(f"/organizations/{organization.pk}/")


def last_row_above(node: Node) -> list[str]:
    """The classes of what stands at the end of the page's main part."""
    main = node.above("main")
    assert main is not None
    return [child.get("class").split()[0] for child in main.children if isinstance(child, Node)]


def test_s1_20_each_row_has_a_box_to_the_left_of_the_name(agent: Visitor) -> None:
    make_three()
    page = agent.open("/organizations/")
    rows = [row for row in page.root.all("tr") if "data-row" in row.attributes]
    assert len(rows) == 3
    for row in rows:
        first, second = [cell for cell in row.children if isinstance(cell, Node)][:2]
        [box] = first.all("input")
        assert (box.get("type"), box.get("name"), box.get("form")) == ("checkbox", "ids", "bulk")
        assert [node.tag for node in second.all("a")] == ["a"]


def test_s1_21_the_bar_at_the_bottom_waits_hidden_until_a_row_is_ticked(agent: Visitor) -> None:
    make_three()
    page = agent.open("/organizations/")
    bar = page.element("bulk")
    assert ("hidden" in bar.attributes, "data-bulk-bar" in bar.attributes) == (True, True)
    assert last_row_above(bar)[-2:] == ["p-bulk", "p-foot"]
    archive = page.button("Archive")
    assert page.form_of(archive) is bar
    assert len(list(archive.all("svg"))) == 1


def test_s1_22_only_the_confirmed_question_archives(agent: Visitor, program: Program) -> None:
    acme, birch, _cedar = make_three()
    agent.open("/organizations/")
    with nothing_changes():
        page = agent.press("Archive", ids=[str(acme.pk), str(birch.pk)])
        assert page.heading == "Archive 2 clients?"
        agent.follow("Cancel")
        agent.open("/organizations/")
        agent.press("Archive", ids=[str(acme.pk), str(birch.pk)])
    agent.press("Archive")
    assert archived() == ["Acme Windows", "Birch Roofs"]


def test_s1_23_archived_rows_move_to_archived_clients_with_all_their_data(
    agent: Visitor, program: Program
) -> None:
    acme, birch, cedar = make_three()
    make_person("lena@acme.test", organization=acme)
    before = {row.pk: fields_of(row) for row in (acme, birch)}
    agent.open("/organizations/")
    agent.press("Archive", ids=[str(acme.pk)])
    page = agent.press("Archive")
    assert page.toasts == ["Acme Windows archived."]
    answer = program.post("organizations/archive", ids=[str(birch.pk)])
    assert (answer.status_code, answer.json()["done"]) == (200, 1)
    assert agent.open("/organizations/").row_names == ["Cedar Floors"]
    page = agent.choose("Active Clients", "Archived Clients")
    assert page.row_names == ["Acme Windows", "Birch Roofs"]
    for row in (acme, birch):
        moved = {"archived_at", "people_count"}
        after = {name: value for name, value in fields_of(row).items() if name not in moved}
        assert after == {name: value for name, value in before[row.pk].items() if name not in moved}
    assert agent.follow("Acme Windows").row_names == ["Lena Fischer"]
    assert cedar.archived_at is None


def make_many(count: int, word: str) -> list[str]:
    rows = Organization.objects.bulk_create(
        [
            Organization(
                name=f"{word} {number:03}",
                name_key=f"{word.lower()} {number:03}",
                search_text=f"{word.lower()} {number:03}",
            )
            for number in range(count)
        ]
    )
    return [str(row.pk) for row in rows]


def test_s1_24_two_hundred_ticked_rows_are_archived_in_one_action(agent: Visitor) -> None:
    ticked = make_many(200, "Match")
    make_many(5, "Other")
    agent.open("/organizations/?q=match")
    page = agent.press("Archive", ids=ticked)
    assert page.heading == "Archive 200 clients?"
    page = agent.press("Archive")
    assert page.toasts == ["200 clients archived."]
    assert (len(archived()), len(active())) == (200, 5)
    assert len(told("organization.archived")) == 200


def test_s1_24_one_row_that_is_not_there_lets_none_be_archived(
    agent: Visitor, program: Program
) -> None:
    ticked = [*make_many(199, "Match"), "0198c5b0-0000-7000-8000-000000000000"]
    agent.open("/organizations/?q=match")
    with nothing_changes():
        assert agent.press("Archive", ids=ticked).status == 404
        assert problem_of(program.post("organizations/archive", ids=ticked))[0] == 404
    assert archived() == []


def test_s1_24_ticking_all_says_how_many_are_meant_and_takes_all_that_match(
    agent: Visitor, program: Program
) -> None:
    make_many(120, "Match")
    make_many(5, "Other")
    page = agent.open("/organizations/?q=match")
    bar = page.element("bulk")
    assert bar.get("data-all-text") == "All 120 matching selected"
    assert "Select all 120" in bar.text
    assert page.root.text.count("Select all rows of this page") == 1
    page = agent.press("Archive", all="1", ids=None)
    assert page.heading == "Archive 120 clients?"
    agent.press("Archive")
    assert (len(archived()), active()) == (120, [f"Other {number:03}" for number in range(5)])
    answer = program.post("organizations/archive", filter={"q": "other"})
    assert (answer.json()["done"], active()) == (5, [])


def test_s1_26_a_drop_down_stands_on_active_clients_and_offers_archived_ones(
    agent: Visitor, acme: Organization
) -> None:
    page = agent.open("/organizations/")
    assert page.menu("Active Clients") == ["Active Clients", "Archived Clients"]


def test_s1_27_archived_clients_shows_only_those_and_offers_unarchive(
    agent: Visitor, acme: Organization
) -> None:
    make_organization("Birch Roofs", archived_at=timezone.now())
    agent.open("/organizations/")
    page = agent.choose("Active Clients", "Archived Clients")
    assert page.row_names == ["Birch Roofs"]
    assert page.menu("Archived Clients") == ["Active Clients", "Archived Clients"]
    bar = page.form_of(page.button("Unarchive"))
    assert (bar.get("id"), last_row_above(bar)[-2:]) == ("bulk", ["p-bulk", "p-foot"])
    assert page.offers("Archive") is False


def test_s1_28_unarchived_it_is_back_equal_in_every_field(
    agent: Visitor, program: Program, scope: Any
) -> None:
    acme = make_organization(
        "Acme Windows", reference="K-1", website="https://acme.test/", address_city="Köln"
    )
    lena = make_person("lena@acme.test", organization=acme, roles=["Viewer"])
    before = fields_of(acme), fields_of(lena)
    for way in ("page", "api"):
        show(agent, acme)
        agent.follow("Archive")
        agent.press("Archive")
        assert (archived(), Person.objects.active().count()) == (["Acme Windows"], 0)
        if way == "page":
            agent.open("/organizations/?state=archived")
            page = agent.press("Unarchive", ids=[str(acme.pk)])
            assert page.heading == "Unarchive 1 client?"
            agent.press("Unarchive")
        else:
            program.post("organizations/unarchive", ids=[str(acme.pk)])
        assert agent.open("/organizations/").row_names == ["Acme Windows"]
        assert (fields_of(acme), fields_of(lena)) == before
