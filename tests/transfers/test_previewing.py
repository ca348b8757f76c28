"""What the check page tells before an import changes records that are there."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import CustomProperty, Tag
from portico.kit.actors import Actor
from portico.operations.models import Operation
from portico.transfers.reports import changing_rows, shown_rows
from tests.factories.clients import make_organization, make_person
from tests.transfers.imports import checked, prepared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope"), pytest.mark.once]


def updating(actor: Actor, kind: Any, file: str, **choices: Any) -> Operation:
    """An updating import after its check."""
    return checked(actor, prepared(actor, kind, file, existing="update", **choices))


def told(operation: Operation) -> dict[int, list[tuple[str, str, str]]]:
    """Row number to what would change: the label, what stands there, what the file says."""
    return {
        row["row"]: [(one["label"], one["old"], one["new"]) for one in row["changes"]]
        for row in changing_rows(operation)
    }


def test_each_changing_row_tells_what_stands_there_and_what_the_file_says(
    owner_actor: Actor,
) -> None:
    for key, kind in (("shirt", PropertyKind.CHOICES), ("since", PropertyKind.DATE)):
        CustomProperty.objects.create(
            subject=PropertySubject.PERSON, key=key, label=key, kind=kind, choices=["S", "M"]
        )
    make_person("ann@a.test", name="Ann Lee", position="Clerk", property_values={"shirt": ["S"]})
    make_person("bob@a.test", name="Bob Lee")
    file = (
        "email,name,position,property.shirt,property.since,tags,is_disabled\n"
        "ann@a.test,Ann Lee,Boss,M;S,2027-03-31,VIP,yes\n"
        "bob@a.test,Bob Lee,,,,,\n"
    )
    operation = updating(owner_actor, "people", file)

    assert told(operation) == {
        1: [
            ("Position", "Clerk", "Boss"),
            ("Tags", "", "VIP"),
            ("shirt", "S", "S; M"),
            ("since", "", "03/31/2027"),
            ("Disabled", "No", "Yes"),
        ]
    }
    assert not Tag.objects.exists()


def test_what_empty_cells_clear_and_the_person_of_an_organization_are_told_too(
    owner_actor: Actor,
) -> None:
    acme = make_organization("Acme", website="https://acme.test", address_city="Graz")
    make_person("ann@a.test", name="Ann", organization=acme)
    file = (
        "name,website,address.city,account_managers,contact.name,contact.email,contact.phone\n"
        "Acme,,Linz,owner@northstar.test,Ann,ann@a.test,+43 1\n"
    )
    operation = updating(owner_actor, "organizations", file, clear_empty=True)

    assert told(operation) == {
        1: [
            ("City", "Graz", "Linz"),
            ("Account managers", "", "owner@northstar.test"),
            ("Website", "https://acme.test", ""),
            ("Client: Phone", "", "+43 1"),
        ]
    }


def test_changing_rows_and_rows_left_alone_are_found_behind_the_first_ones(
    owner_browser: Client, owner_actor: Actor
) -> None:
    for n in range(14):
        make_person(f"p{n}@a.test", name=f"P {n}")
    rows = [f"p{n}@a.test,P {n},{'Boss' if n > 11 else ''}" for n in range(14)]
    file = "\n".join(["email,name,position", *rows, "x,Wrong,"])
    operation = updating(owner_actor, "people", file)

    assert sorted(told(operation)) == [13, 14]
    assert [row["row"] for row in shown_rows(operation, "")] == list(range(1, 11))
    assert [row["row"] for row in shown_rows(operation, "same")] == list(range(1, 13))
    page = owner_browser.get(f"/imports/{operation.pk}/check/?rows=updated").content.decode()
    assert "2 to change" in page
    assert "12 left alone" in page
    assert "<ins>Boss</ins>" in page


def test_a_file_that_changes_nothing_says_so(owner_browser: Client, owner_actor: Actor) -> None:
    make_person("ann@a.test", name="Ann")
    operation = updating(owner_actor, "people", "email,name\nann@a.test,Ann\n")
    page = owner_browser.get(f"/imports/{operation.pk}/check/").content.decode()

    assert "There is nothing to import: everything in this file is so already." in page


@pytest.mark.once
def test_a_file_without_rows_and_one_with_one_row_are_told_so(
    owner_browser: Client, owner_actor: Actor
) -> None:
    nothing = checked(owner_actor, prepared(owner_actor, "people", "email,name\n"))
    page = owner_browser.get(f"/imports/{nothing.pk}/check/").text
    assert "There is nothing to import: no row stands below the names of the columns." in page
    one = prepared(owner_actor, "people", "email,name\nann@a.test,Ann\n")
    assert "Check 1 row<" in owner_browser.get(f"/imports/{one.pk}/mapping/").text
