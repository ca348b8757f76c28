"""Imports that change records which are there: by which key, what empty cells mean, undo."""

from typing import Any

import pytest

from portico.clients.actions.people import update_person
from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import CustomProperty, Organization, Person, Tag
from portico.history.actions.undo import last_to_undo
from portico.history.models import Act
from portico.history.reports.acts import recent_acts
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.operations.actions import undo_operation
from portico.operations.models import Operation
from tests.factories.clients import make_organization, make_person
from tests.transfers.imports import bring_in, counts_of, prepared, reasons_of, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def person(email: str, **fields: Any) -> Any:
    return make_person(email, **fields)


def undone(actor: Actor, operation: Operation) -> Operation:
    undo_operation(actor, operation.pk)
    work_off()
    operation.refresh_from_db()
    assert operation.state == "undone", operation.last_error
    return operation


def test_people_are_found_by_the_chosen_key_alone(owner_actor: Actor) -> None:
    person("ann@a.test", name="Ann", reference="1")
    file = "reference,name,email,position\n1,Ann,new@a.test,Boss\n,Bob,bob@a.test,Clerk\n"
    operation = bring_in(owner_actor, "people", file, existing="update", match="reference")

    assert counts_of(operation) == {"rows": 2, "updated": 1, "refused": 1}
    assert reasons_of(operation) == {
        2: "This row has nothing in the column by which records are found."
    }
    assert Person.objects.get().email == "new@a.test"


def test_a_key_that_points_elsewhere_refuses_the_row(owner_actor: Actor) -> None:
    person("ann@a.test", name="Ann", reference="1")
    file = "reference,name,email\n1,Bob,bob@a.test\n"
    operation = bring_in(owner_actor, "people", file, existing="update", match="email")

    assert reasons_of(operation) == {1: "It belongs to Ann, who is there already."}
    assert Person.objects.count() == 1


def test_people_are_found_by_name_where_only_one_has_it(owner_actor: Actor) -> None:
    for email in ("a@a.test", "b@a.test"):
        person(email, name="Kim Lee")
    person("c@a.test", name="Zoë Ott")
    file = "name,position\nZOË  OTT,Boss\nKim Lee,Clerk\nzoë ott,Chief\n"
    operation = bring_in(owner_actor, "people", file, existing="update", match="name")

    assert counts_of(operation)["updated"] == 1
    assert reasons_of(operation)[2] == "There are several clients “Kim Lee”."
    assert Person.objects.get(email="c@a.test").position == "Boss"


def test_organizations_are_found_by_name_even_with_a_reference(owner_actor: Actor) -> None:
    make_organization("Alpha", reference="1")
    make_organization("Beta", reference="2")
    file = "reference,name,website\n9,Alpha,a.test\n1,Beta,b.test\n"
    operation = bring_in(owner_actor, "organizations", file, existing="update", match="name")

    assert counts_of(operation) == {"rows": 2, "updated": 1, "refused": 1}
    assert reasons_of(operation) == {2: "The organization “Alpha” has this reference."}
    assert Organization.objects.get(name="Alpha").reference == "9"


def test_organizations_have_no_address_to_be_found_by(owner_actor: Actor) -> None:
    with pytest.raises(Refused) as caught:
        prepared(owner_actor, "organizations", "name\nAlpha\n", match="email")
    assert caught.value.code == "unknown_choice"


def test_edge_case_45_an_empty_cell_clears_only_where_that_was_asked(owner_actor: Actor) -> None:
    make_organization("Alpha", reference="1", website="https://a.test", address_city="Bern")
    file = "name,reference,website,address.city,tags\nAlpha,1,,,\n"
    kept = bring_in(owner_actor, "organizations", file, existing="update")
    assert counts_of(kept) == {"rows": 1, "unchanged": 1}

    cleared = bring_in(owner_actor, "organizations", file, existing="update", clear_empty=True)
    assert counts_of(cleared) == {"rows": 1, "updated": 1}
    alpha = Organization.objects.get()
    assert (alpha.name, alpha.reference, alpha.website, alpha.address_city) == (
        "Alpha",
        "1",
        "",
        "",
    )


def test_edge_case_45_names_addresses_and_unmapped_fields_stay(owner_actor: Actor) -> None:
    person("ann@a.test", name="Ann", reference="1", position="Boss", phone="1")
    file = "reference,name,email,phone\n1,Ann,,\n2,Bob,bob@a.test,\n"
    settings = {"existing": "update", "match": "reference", "clear_empty": True}
    bring_in(owner_actor, "people", file, organization="Alpha", **settings)

    ann = Person.objects.get(reference="1")
    assert (ann.name, ann.email, ann.position, ann.phone) == ("Ann", "ann@a.test", "Boss", "")


def test_a_new_person_needs_the_address_that_a_changed_one_has(owner_actor: Actor) -> None:
    person("ann@a.test", name="Ann", reference="1")
    file = "reference,name,position\n1,Ann,Boss\n2,Bob,Clerk\n"
    operation = bring_in(owner_actor, "people", file, existing="update", organization="Alpha")

    assert counts_of(operation)["updated"] == 1
    assert reasons_of(operation) == {2: "The e-mail address is missing."}


def test_undo_gives_changed_values_back_and_removes_what_was_created(owner_actor: Actor) -> None:
    ann = person("ann@a.test", name="Ann", position="Boss")
    person("bob@a.test", name="Bob", position="Clerk")
    Tag.objects.create(name="VIP")
    file = (
        "name,email,position,tags\nAnn,ann@a.test,Chief,VIP\nBob,bob@a.test,Chief,\n"
        "Cid,cid@a.test,,\n"
    )
    operation = bring_in(owner_actor, "people", file, existing="update", organization="Alpha")
    assert counts_of(operation)["updated"] == 2
    update_person(owner_actor, ann.pk, {"position": "President"})
    operation = undone(owner_actor, operation)

    assert Act.objects.get(pk=operation.pk).undone_at is not None
    assert last_to_undo(owner_actor) == owner_actor.act_id
    assert operation.counts["people_removed"] == 1
    assert operation.counts["restored"] == 1
    assert operation.options["kept"] == ["Ann: Changed since by Olga Owner."]
    told = Person.objects.order_by("name").values_list("name", "position")
    assert list(told) == [("Ann", "President"), ("Bob", "Clerk")]


def test_undo_gives_back_tags_and_property_values(owner_actor: Actor) -> None:
    CustomProperty.objects.create(
        subject=PropertySubject.PERSON, key="shirt", label="Shirt", kind=PropertyKind.TEXT
    )
    head = "name,email,tags,property.shirt,phone\n"
    bring_in(owner_actor, "people", f"{head}Ann,ann@a.test,VIP,S,1\n", organization="Alpha")
    file = f'{head}Ann,ann@a.test,"Web, Retainer",L,\n'
    operation = bring_in(owner_actor, "people", file, existing="update", clear_empty=True)
    ann = Person.objects.get()
    told = (ann.tag_text, ann.property_values, ann.phone)
    assert told == ("Retainer\nWeb", {"shirt": "L"}, "")
    operation = undone(owner_actor, operation)

    ann = Person.objects.get()
    assert (operation.counts["restored"], operation.counts.get("kept", 0)) == (1, 0)
    assert (ann.tag_text, ann.property_values, ann.phone) == ("VIP", {"shirt": "S"}, "1")


def test_undo_of_many_changes_goes_slice_by_slice(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portico.transfers.operations.UNDO_SLICE", 3)
    bring_in(owner_actor, "organizations", "name\n" + "".join(f"Org {n}\n" for n in range(7)))
    file = "name,website\n" + "".join(f"Org {n},o{n}.test\n" for n in range(7))
    operation = bring_in(owner_actor, "organizations", file, existing="update")
    operation = undone(owner_actor, operation)

    assert operation.counts["restored"] == 7
    assert set(Organization.objects.values_list("website", flat=True)) == {""}


def test_recent_changes_names_no_fields_of_rows_that_change_different_ones(
    owner_actor: Actor,
) -> None:
    """The first row's field stood for all of them: "Changed 2 clients: Phone"."""
    for name in ("ann", "bob"):
        person(f"{name}@a.test", name=name)
    file = "email,phone,position\nann@a.test,+43 1,\nbob@a.test,,Boss\n"
    bring_in(owner_actor, "people", file, existing="update")
    bring_in(owner_actor, "people", "email,phone\nann@a.test,+43 2\n", existing="update")

    assert [line.what for line in recent_acts(owner_actor)] == [
        "changed the client ann: Phone",
        "changed 2 clients",
    ]
