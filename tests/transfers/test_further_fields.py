"""Importing tags and custom properties."""

from typing import Any

import pytest

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import CustomProperty, Organization, Person, Tag
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.transfers.reports import rows_to_fix
from tests.transfers.imports import bring_in, checked, counts_of, prepared, reasons_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def properties(scope: Any) -> None:
    """Two properties of people, one of organizations, one that is no longer used."""
    rows: tuple[tuple[str, str, str, str, list[str]], ...] = (
        ("person", "shirt", "Shirt size", PropertyKind.CHOICE, ["S", "M", "L"]),
        ("person", "since", "Client since", PropertyKind.DATE, []),
        ("organization", "seats", "Seats", PropertyKind.NUMBER, []),
    )
    for subject, key, label, kind, choices in rows:
        CustomProperty.objects.create(
            subject=PropertySubject(subject), key=key, label=label, kind=kind, choices=choices
        )


def test_tags_are_separated_and_new_ones_created_and_counted(owner_actor: Actor) -> None:
    Tag.objects.create(name="VIP")
    operation = bring_in(
        owner_actor,
        "people",
        'name,email,tags\nAnn,a@a.test,"vip, Retainer"\nBob,b@b.test,retainer; Web\n',
        organization="Alpha",
    )

    assert operation.counts["tags_created"] == 2
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Retainer", "VIP", "Web"]
    tags = Person.objects.order_by("name").values_list("name", "tag_text")
    assert list(tags) == [("Ann", "Retainer\nVIP"), ("Bob", "Retainer\nWeb")]


def test_a_dry_run_counts_the_tags_that_the_run_creates(owner_actor: Actor) -> None:
    file = "name,tags\n" + "".join(f"Org {n},T{n % 7}\n" for n in range(600))
    operation = checked(owner_actor, prepared(owner_actor, "organizations", file))

    assert (operation.counts["tags_created"], Tag.objects.count()) == (7, 0)
    assert bring_in(owner_actor, "organizations", file).counts["tags_created"] == 7


@pytest.mark.usefixtures("properties")
def test_property_values_are_typed_as_their_definitions_say(owner_actor: Actor) -> None:
    file = "name,email,property.shirt,Client since\nAnn,a@a.test,m,03/31/2027\nBob,b@b.test,,\n"
    bring_in(owner_actor, "people", file, organization="Alpha")

    ann, bob = Person.objects.order_by("name")
    assert ann.property_values == {"shirt": "M", "since": "2027-03-31"}
    assert bob.property_values == {}


def test_line_breaks_in_a_value_of_one_line_become_blanks_and_part_several_choices(
    owner_actor: Actor, scope: Any
) -> None:
    for key, kind, choices in (
        ("memo", PropertyKind.TEXT, []),
        ("trades", PropertyKind.CHOICES, ["Rail", "Road"]),
    ):
        CustomProperty.objects.create(
            subject=PropertySubject.PERSON, key=key, label=key, kind=kind, choices=choices
        )
    file = 'name,email,memo,trades\nAnn,a@a.test,"one\r\n two","Rail\nRoad"\n'
    bring_in(owner_actor, "people", file, organization="Alpha")

    assert Person.objects.get().property_values == {"memo": "one two", "trades": ["Rail", "Road"]}


@pytest.mark.usefixtures("properties")
def test_wrong_property_values_refuse_the_row_each_with_its_reason(owner_actor: Actor) -> None:
    file = "name,email,property.shirt,property.since\nAnn,a@a.test,XXL,soon\nBob,b@b.test,S,\n"
    operation = bring_in(owner_actor, "people", file, organization="Alpha")

    assert counts_of(operation)["refused"] == 1
    assert reasons_of(operation) == {
        1: "Enter a date as YYYY-MM-DD.; Choose from the list: S; M; L."
    }
    assert operation.options["to_fix"][0]["problems"] == [
        ["property.since", "Enter a date as YYYY-MM-DD."],
        ["property.shirt", "Choose from the list: S; M; L."],
    ]


@pytest.mark.usefixtures("properties")
def test_a_required_property_is_required_of_a_new_record(owner_actor: Actor) -> None:
    CustomProperty.objects.filter(key="seats").update(is_required=True)
    operation = bring_in(owner_actor, "organizations", "name,seats\nAlpha,12\nBeta,\n")

    assert reasons_of(operation) == {2: "Seats is needed."}
    assert Organization.objects.get().property_values == {"seats": "12"}


@pytest.mark.usefixtures("properties")
def test_only_properties_that_are_there_can_be_chosen(owner_actor: Actor) -> None:
    CustomProperty.objects.filter(key="since").update(archived_at="2026-01-01T00:00Z")
    operation = prepared(owner_actor, "people", "name,property.since,property.colour\nAnn,1,2\n")
    assert operation.options["asked"]["mapping"] == {"name": "name"}

    for column in ("property.since", "property.colour"):
        with pytest.raises(Refused) as caught:
            prepared(owner_actor, "people", "name,x\nAnn,1\n", mapping={"x": column})
        assert caught.value.code == "unknown_field"


@pytest.mark.usefixtures("properties")
def test_updating_sets_the_tags_and_values_that_the_file_says(owner_actor: Actor) -> None:
    head = "name,email,tags,property.shirt\n"
    bring_in(owner_actor, "people", f"{head}Ann,a@a.test,VIP,S\n", organization="Alpha")
    same = bring_in(owner_actor, "people", f"{head}Ann,a@a.test,vip,s\n", existing="update")
    changed = bring_in(owner_actor, "people", f"{head}Ann,a@a.test,Web,\n", existing="update")

    assert (counts_of(same)["unchanged"], counts_of(changed)["updated"]) == (1, 1)
    person = Person.objects.get()
    assert (person.tag_text, person.property_values) == ("Web", {"shirt": "S"})


@pytest.mark.usefixtures("properties")
def test_a_cell_to_fix_is_told_though_another_is_wrong_in_the_same_words(
    owner_actor: Actor,
) -> None:
    CustomProperty.objects.create(
        subject=PropertySubject.PERSON,
        key="hat",
        label="Hat",
        kind="choice",
        choices=["S", "M", "L"],
    )
    file = "name,email,property.shirt,property.hat\nAnn,a@a.test,XXL,XS\nBob,b@b.test,S,M\n"
    operation = bring_in(owner_actor, "people", file, organization="Alpha")
    (row,) = rows_to_fix(operation)
    wrong = {cell["column"]: cell["problems"] for cell in row["cells"] if cell["problems"]}
    told = ["Choose from the list: S; M; L."]
    assert (wrong, row["reason"]) == ({"property.shirt": told, "property.hat": told}, "")
