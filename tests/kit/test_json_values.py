"""Values of a JSON column as rows: whichever way a record is written, its rows say the same."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from portico.clients.models import KEPT_VALUES, Organization, Person, PropertyValue
from portico.kit.ids import new_id
from portico.kit.inserting import insert_rows
from portico.kit.json_values import (
    KeepValues,
    count_wrong,
    missing_triggers,
    restore_values,
)
from portico.kit.tenancy.scope import OutsideScope, open_scope
from portico.kit.writing import write_columns
from portico.workspaces.context import scope_of
from tests.factories.clients import make_organization, make_person

IS_SQLITE = connection.vendor == "sqlite"
OF_ORGANIZATIONS, OF_PEOPLE = KEPT_VALUES


def rows_of(subject: str = "organization") -> list[tuple[str, str]]:
    """Key and form of all rows, in the case of SQLite."""
    found = PropertyValue.objects.filter(subject=subject).values_list("key", "form")
    return sorted((key, form.lower()) for key, form in found)


def run(statements: list[str]) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("value", "forms"),
    [
        ("Glass", ["glass"]),
        ("417", ["417"]),
        ("2026-11-22", ["2026-11-22"]),
        (True, ["true"]),
        (False, ["false"]),
        (12, ["12"]),
        (["North", "West"], ["", "north", "west"]),
        (["North", "NORTH"], ["", "north"]),
        ([], [""]),
        ("", [""]),
        ("x" * 150, ["x" * 100]),
        ('say "no"\\', ['say "no"\\']),
    ],
)
def test_a_value_has_a_row_and_each_item_of_a_list_one_more(
    scope: Any, value: Any, forms: list[str]
) -> None:
    make_organization(property_values={"key": value})
    assert rows_of() == [("key", form) for form in forms]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("417", 417),
        ("-0.5", Decimal("-0.5")),
        ("9" * 15, 10**15 - 1),
        ("007", 7),
        ("2026-11-22", None),
        ("1.2.3", None),
        ("-", None),
        ("12 m", None),
        ("", None),
        ("9" * 31, None),
    ],
)
def test_a_text_that_is_a_number_is_kept_as_one(scope: Any, text: str, number: Any) -> None:
    make_organization(property_values={"seats": text})
    assert PropertyValue.objects.values_list("number", flat=True).get() == number


def test_the_largest_number_and_what_is_too_long_for_a_key_do_no_harm(scope: Any) -> None:
    make_organization(property_values={"seats": "9" * 30, "k" * 51: "x", "text": "1" * 2000})
    assert rows_of() == [("seats", "9" * 30), ("text", "1" * 100)]
    assert PropertyValue.objects.exclude(number=None).values_list("key", flat=True).get() == "seats"


def drafted(values: Any) -> Organization:
    made = Organization(name="Acme", property_values=values)
    made.derive_keys()
    return made


def changed(row: Organization) -> Organization:
    row.property_values = {"a": "2"}
    return row


def deleted(row: Organization) -> list[Organization]:
    Organization.objects.filter(pk=row.pk).delete()
    return [drafted({"a": "2"}), drafted({})]


WRITES: dict[str, Callable[[Organization], Any]] = {
    "save": lambda row: changed(row).save(),
    "update": lambda row: Organization.objects.update(property_values={"a": "2"}),
    "bulk_update": lambda row: Organization.objects.bulk_update(
        [changed(row)], ["property_values"]
    ),
    "write_columns": lambda row: write_columns([changed(row)], ["property_values"]),
    "delete and bulk_create": lambda row: Organization.objects.bulk_create(deleted(row)),
    "delete and insert_rows": lambda row: insert_rows(deleted(row)),
}


@pytest.mark.parametrize("way", WRITES)
def test_the_rows_follow_every_way_of_writing(scope: Any, way: str) -> None:
    row = make_organization(property_values={"a": "1", "b": ["x"]})
    WRITES[way](row)
    assert rows_of() == [("a", "2")]


def test_what_is_taken_away_leads_nowhere(scope: Any) -> None:
    organization = make_organization(property_values={"a": "1"})
    person = make_person(property_values={"b": "2"})
    Organization.objects.update(property_values={})
    assert (rows_of(), rows_of("person")) == ([], [("b", "2")])
    Person.objects.all().delete()
    organization.delete()
    assert PropertyValue.objects.count() == 0
    assert person.pk is not None


def test_a_change_of_something_else_leaves_the_rows_alone(scope: Any) -> None:
    row = make_organization(property_values={"a": "1"})
    # A row that nobody but the triggers would put right.
    PropertyValue.objects.update(form="untouched")
    row.name = "Other"
    row.save()
    Organization.objects.update(last_activity_at=datetime.datetime.now(datetime.UTC))
    assert rows_of() == [("a", "untouched")]


def test_rows_stay_in_the_workspace_of_their_record(scope: Any, other_workspace: Any) -> None:
    make_organization(property_values={"a": "ours"})
    with open_scope(scope_of(other_workspace)):
        make_organization(property_values={"a": "theirs"})
        assert rows_of() == [("a", "theirs")]
    assert rows_of() == [("a", "ours")]


def test_rows_are_read_inside_a_workspace_only(db: None) -> None:
    with pytest.raises(OutsideScope):
        rows_of()


def test_what_is_wrong_is_counted(scope: Any) -> None:
    make_organization(property_values={"a": "1", "b": ["x", "y"]})
    assert (count_wrong(connection, OF_ORGANIZATIONS), count_wrong(connection, OF_PEOPLE)) == (0, 0)
    PropertyValue.objects.filter(form="1").delete()
    PropertyValue.objects.filter(key="b", form="").update(record_id=new_id())
    assert count_wrong(connection, OF_ORGANIZATIONS) == 3


def test_lost_triggers_are_set_again_and_the_rows_written_anew(scope: Any) -> None:
    row = make_organization(property_values={"a": "1"})
    assert missing_triggers(connection, KEPT_VALUES) == []
    run(OF_ORGANIZATIONS.drop_triggers(connection.vendor))
    assert missing_triggers(connection, KEPT_VALUES) == OF_ORGANIZATIONS.triggers
    Organization.objects.filter(pk=row.pk).update(property_values={"a": "meanwhile"})
    restore_values(connection, KEPT_VALUES)
    assert rows_of() == [("a", "meanwhile")]
    Organization.objects.update(property_values={"a": "later"})
    assert rows_of() == [("a", "later")]


@pytest.mark.skipif(IS_SQLITE, reason="SQLite's triggers can't be switched off")
def test_triggers_that_are_switched_off_count_as_missing(scope: Any) -> None:
    connection.check_constraints()
    run(["ALTER TABLE clients_organization DISABLE TRIGGER USER"])
    assert missing_triggers(connection, KEPT_VALUES) == OF_ORGANIZATIONS.triggers
    restore_values(connection, KEPT_VALUES)
    assert missing_triggers(connection, KEPT_VALUES) == []


def test_the_step_can_be_taken_back_and_again(scope: Any) -> None:
    make_organization(property_values={"a": "1"})
    connection.check_constraints()
    step = KeepValues(OF_ORGANIZATIONS)
    editor = connection.SchemaEditorClass(connection)
    step.database_backwards("clients", editor, None, None)
    assert missing_triggers(connection, KEPT_VALUES) == OF_ORGANIZATIONS.triggers
    step.database_forwards("clients", editor, None, None)
    assert (rows_of(), missing_triggers(connection, KEPT_VALUES)) == ([("a", "1")], [])
