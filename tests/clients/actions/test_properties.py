"""Custom properties: defined by a workspace, typed, kept."""

from typing import Any

import pytest

from portico.clients.actions.changes import change_organizations
from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.actions.people import create_person, update_person
from portico.clients.actions.properties import (
    archive_properties,
    create_property,
    move_property,
    unarchive_properties,
    update_property,
)
from portico.clients.cleaning import clean_property_values
from portico.clients.models import CustomProperty, Organization, Person
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.history.reports import field_label
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Refused
from tests.factories.workspaces import actor_of, make_agent


def define(actor: Actor, label: str, **fields: Any) -> CustomProperty:
    return create_property(actor, fields.pop("subject", "organization"), {"label": label, **fields})


def test_the_key_comes_from_the_label_and_is_free(owner_actor: Actor) -> None:
    labels = ("Kunden-Nr.", "Kunden Nr", "2nd line", "日本", "Größe")
    keys = [define(owner_actor, label).key for label in labels]
    assert keys == ["kunden_nr", "kunden_nr_2", "n2nd_line", "property", "grosse"]
    assert define(owner_actor, "Kunden-Nr.", subject="person").key == "kunden_nr"


def test_two_properties_of_one_subject_have_two_labels(owner_actor: Actor) -> None:
    floor = define(owner_actor, "Floor")
    other = define(owner_actor, "Storey")
    with pytest.raises(Refused) as refused:
        define(owner_actor, " floor ")
    assert (refused.value.code, refused.value.field) == ("property_in_use", "label")
    with pytest.raises(Refused, match="There is a property FLOOR already"):
        update_property(owner_actor, other.pk, {"label": "FLOOR"})
    assert update_property(owner_actor, floor.pk, {"label": "floor"}).label == "floor"
    archive_properties(owner_actor, [floor.pk])
    assert define(owner_actor, "Floor").key == "floor_2"


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    (
        ("text", "  a  ", "a"),
        ("number", "0012.50", "12.5"),
        ("number", 3, "3"),
        ("number", "-0", "0"),
        ("date", "2026-11-30", "2026-11-30"),
        ("yes_no", "Yes", True),
        ("yes_no", False, False),
        ("choice", "large", "Large"),
        ("choices", "small; LARGE", ["Small", "Large"]),
        ("choices", ["Large"], ["Large"]),
        ("choices", "Small, Large", ["Small", "Large"]),
        ("url", "example.com", "https://example.com"),
        ("email", " a@b.example ", "a@b.example"),
        ("text", "", None),
        ("choices", [], None),
    ),
)
def test_a_value_is_stored_as_its_kind_has_it(
    owner_actor: Actor, kind: str, typed: Any, stored: Any
) -> None:
    define(owner_actor, "Size", kind=kind, choices=["Small", "Large"])
    assert clean_property_values("organization", {"size": typed}) == {"size": stored}


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    (
        ("number", "twelve", "invalid_number"),
        ("number", "nan", "invalid_number"),
        ("number", "1e999", "invalid_number"),
        ("number", True, "invalid_number"),
        ("date", "30.11.2026", "invalid_date"),
        ("yes_no", "maybe", "not_a_flag"),
        ("choice", "Huge", "unknown_choice"),
        ("choices", ["Small", "Huge"], "unknown_choice"),
        ("url", "javascript:x", "invalid_website"),
        ("email", "nobody", "invalid_email"),
        ("text", 5, "not_text"),
    ),
)
def test_s2_45_a_wrong_value_is_refused_at_its_property(
    owner_actor: Actor, acme: Organization, kind: str, typed: Any, code: str
) -> None:
    define(owner_actor, "Size", kind=kind, choices=["Small", "Large"])
    with pytest.raises(Refused) as refused:
        update_organization(owner_actor, acme.pk, {"property.size": typed})
    assert [(row.field, row.code) for row in refused.value.errors] == [("property.size", code)]
    acme.refresh_from_db()
    assert acme.property_values == {}


def test_values_are_told_by_label_and_taken_back(owner_actor: Actor, acme: Organization) -> None:
    define(owner_actor, "Staff", kind="number")
    define(owner_actor, "Since", kind="date")
    update_organization(owner_actor, acme.pk, {"property.since": "2020-01-01"})
    act = actor_of(make_agent("second@northstar.test", roles=["Owner"]))
    update_organization(act, acme.pk, {"property.staff": "12", "property.since": ""})
    acme.refresh_from_db()
    assert acme.property_values == {"staff": "12"}
    event = Event.objects.filter(kind="organization.updated").latest("id")
    assert event.changes == {
        "property.staff": [None, "12"],
        "property.since": ["2020-01-01", None],
    }
    assert field_label("organization", "property.staff") == "Staff"
    undo_act(owner_actor, act.act_id)
    acme.refresh_from_db()
    assert acme.property_values == {"since": "2020-01-01"}


def test_required_ones_are_asked_for_at_creation_and_kept_afterwards(
    owner_actor: Actor, acme: Organization
) -> None:
    define(owner_actor, "Size", is_required=True)
    define(owner_actor, "Level", subject="person", is_required=True)
    for make, field in (
        (lambda: create_organization(owner_actor, {"name": "Birch"}), "property.size"),
        (
            lambda: create_person(
                owner_actor, {"name": "Ann", "email": "a@x.test"}, organization_id=acme.pk
            ),
            "property.level",
        ),
        (
            lambda: update_organization(owner_actor, acme.pk, {"property.size": " "}),
            "property.size",
        ),
    ):
        with pytest.raises(Refused) as refused:
            make()
        assert [(row.field, row.code) for row in refused.value.errors] == [(field, "required")]
    update_organization(owner_actor, acme.pk, {"description": "No size touched"})
    fields = {"name": "Ann", "email": "a@x.test", "property.level": "High"}
    person = create_person(owner_actor, fields, organization_id=acme.pk)
    assert person.property_values == {"level": "High"}


def test_an_unknown_property_is_refused(owner_actor: Actor, guest: Person) -> None:
    with pytest.raises(Refused) as refused:
        update_person(owner_actor, guest.pk, {"property.nothing": "x"})
    assert [(row.field, row.code) for row in refused.value.errors] == [
        ("property.nothing", "unknown_field")
    ]


def test_s2_45_an_archived_property_keeps_its_values(
    owner_actor: Actor, acme: Organization
) -> None:
    size = define(owner_actor, "Size")
    update_organization(owner_actor, acme.pk, {"property.size": "Large"})
    archive_properties(owner_actor, [size.pk])
    update_organization(owner_actor, acme.pk, {"property.size": "Small", "name": "Acme Doors"})
    unarchive_properties(owner_actor, [size.pk])
    acme.refresh_from_db()
    assert acme.property_values == {"size": "Large"}


def test_the_kind_stays_while_records_have_values(owner_actor: Actor, acme: Organization) -> None:
    size = define(owner_actor, "Size")
    update_property(owner_actor, size.pk, {"kind": "number"})
    update_organization(owner_actor, acme.pk, {"property.size": "5"})
    with pytest.raises(Refused) as refused:
        update_property(owner_actor, size.pk, {"kind": "text"})
    assert (refused.value.code, refused.value.field) == ("kind_in_use", "kind")


def test_a_choice_taken_off_the_list_stays_where_it_stands(
    owner_actor: Actor, acme: Organization
) -> None:
    size = define(owner_actor, "Size", kind="choice", choices=["Small", "Large"])
    update_organization(owner_actor, acme.pk, {"property.size": "Large"})
    update_property(owner_actor, size.pk, {"choices": "Small\nMedium"})
    saved = update_organization(owner_actor, acme.pk, {"property.size": "Large", "name": "Acme 2"})
    assert (saved.name, saved.property_values) == ("Acme 2", {"size": "Large"})


def test_an_order_is_moved_step_by_step(owner_actor: Actor) -> None:
    first, second, third = (define(owner_actor, label) for label in "abc")
    move_property(owner_actor, third.pk, by=-1)
    move_property(owner_actor, first.pk, by=-1)
    rows = CustomProperty.objects.order_by("place").values_list("label", flat=True)
    assert list(rows) == ["a", "c", "b"]
    assert second.place == 2


def test_many_records_get_values_in_one_act(owner_actor: Actor, acme: Organization) -> None:
    define(owner_actor, "Size")
    birch = create_organization(owner_actor, {"name": "Birch"})
    wanted: list[tuple[Any, dict[str, Any]]] = [
        (acme.pk, {"property.size": "S", "tags": ["New"]}),
        (birch.pk, {"tags": ["New"]}),
    ]
    assert len(change_organizations(owner_actor, wanted)) == 2
    rows = Organization.objects.order_by("name_key").values_list("property_values", "tag_text")
    assert list(rows) == [({"size": "S"}, "New"), ({}, "New")]
    assert change_organizations(owner_actor, wanted) == []


def test_only_who_manages_the_workspace_defines_properties(scope: Any) -> None:
    with pytest.raises(Denied):
        define(actor_of(make_agent("m@northstar.test", roles=["Manager"])), "Size")
