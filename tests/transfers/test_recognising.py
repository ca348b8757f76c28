"""What an import knows from earlier ones: the same file, the same columns."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Person
from portico.kit.actors import Actor
from portico.operations.actions import undo_operation
from portico.operations.models import Operation
from portico.transfers.actions.imports import change_mapping, choose_sheet
from portico.transfers.actions.preparing import prepare_import
from portico.transfers.reports import choices_notice, mapping_notice, same_file_notice
from tests.config.commands.conftest import Portico, portico
from tests.factories.workspaces import actor_of, make_agent
from tests.transfers.imports import bring_in, checked, counts_of, imported, prepared, work_off
from tests.transfers.reading.workbooks import workbook

__all__ = ["portico"]

pytestmark = pytest.mark.django_db

FILE = "Wer,Post,Was\nAnn,ann@a.test,Boss\n"
MAPPING = {"Wer": "name", "Post": "email", "Was": "position"}


def test_columns_that_were_imported_before_mean_what_they_meant(owner_actor: Actor) -> None:
    first = bring_in(owner_actor, "people", FILE, mapping=MAPPING, organization="Alpha")
    assert mapping_notice(first) == ""
    second = prepared(owner_actor, "people", "Post,Wer,Was\nbob@b.test,Bob,Clerk\n")

    assert second.options["asked"]["mapping"] == MAPPING
    assert mapping_notice(second).startswith("The columns are filled in as they were for “clients")
    assert prepared(owner_actor, "people", "Wer,Post\nBob,b\n").options["asked"]["mapping"] == {}
    assert prepared(owner_actor, "organizations", FILE).options["asked"]["mapping"] == {}


def test_a_mapping_that_was_only_tried_is_not_remembered(owner_actor: Actor) -> None:
    tried = prepared(owner_actor, "people", FILE, mapping=MAPPING, organization="Alpha")
    checked(owner_actor, tried)

    assert prepared(owner_actor, "people", FILE).options["asked"]["mapping"] == {}


def test_what_maps_by_itself_is_not_told_as_remembered(owner_actor: Actor) -> None:
    file = "name,email\nAnn,ann@a.test\n"
    bring_in(owner_actor, "people", file, organization="Alpha")

    assert mapping_notice(prepared(owner_actor, "people", file)) == ""


def test_the_page_says_where_the_columns_come_from(
    owner_browser: Client, owner_actor: Actor
) -> None:
    bring_in(owner_actor, "people", FILE, mapping=MAPPING, organization="Alpha")
    operation = prepared(owner_actor, "people", FILE)
    page = owner_browser.get(f"/imports/{operation.pk}/mapping/").content.decode()

    assert "The columns are filled in as they were for" in page
    assert "This very file was imported on" in page


def again(actor: Actor, content: str = FILE) -> Operation:
    """The file as the page shows it, before anything is chosen."""
    return prepare_import(actor, "people", content=content.encode(), name="clients.csv")


def chosen(operation: Operation) -> tuple[str, str]:
    return operation.options["asked"]["existing"], operation.options["asked"]["match"]


UPDATING = {"existing": "update", "match": "email", "clear_empty": True, "organization": "Alpha"}


def test_records_are_changed_as_they_were_with_the_same_columns(
    owner_actor: Actor, owner_browser: Client
) -> None:
    first = bring_in(owner_actor, "people", FILE, mapping=MAPPING, **UPDATING)
    assert choices_notice(first) == ""
    second = again(owner_actor, "Post,Wer,Was\nbob@b.test,Bob,Clerk\n")
    assert chosen(second) == ("update", "email")
    assert not second.options["asked"]["clear_empty"]
    said = "Records that are there already are changed, found by “E-mail address”, as for “clients"
    assert choices_notice(second).startswith(said)
    page = owner_browser.get(f"/imports/{second.pk}/mapping/").content.decode()
    assert said in page
    assert page.count("selected>Change what the file says differently") == 1
    assert page.count('value="email" selected>E-mail address') == 1


def test_only_the_last_import_with_these_columns_is_followed(owner_actor: Actor) -> None:
    bring_in(owner_actor, "people", FILE, mapping=MAPPING, **UPDATING)
    assert chosen(again(owner_actor, "Wer,Post\nBob,b@b.test\n")) == ("skip", "auto")
    bring_in(owner_actor, "people", FILE, organization="Alpha", existing="skip", match="auto")
    assert chosen(again(owner_actor)) == ("skip", "auto")


def test_what_is_chosen_otherwise_is_told_no_longer(owner_actor: Actor) -> None:
    bring_in(owner_actor, "people", FILE, mapping=MAPPING, **UPDATING)
    for choices in ({"existing": "skip"}, {"match": "name"}):
        operation = prepared(owner_actor, "people", FILE, **choices)
        assert choices_notice(operation) == ""


def test_who_may_change_nobody_is_not_led_to_it(owner_actor: Actor) -> None:
    bring_in(owner_actor, "people", FILE, mapping=MAPPING, **UPDATING)
    agent = make_agent("may@northstar.test", permissions=["import_clients", "create_clients"])
    assert chosen(again(actor_of(agent))) == ("skip", "auto")


def test_another_sheet_does_not_keep_what_was_remembered_of_the_first(
    owner_actor: Actor,
) -> None:
    sheets = {"One": [["Wer", "Post"], ["Ann", "a@a.test"]], "Two": [["name"], ["Bob"]]}
    content = workbook(sheets)
    first = prepare_import(owner_actor, "people", content=content, name="two.xlsx")
    change_mapping(
        owner_actor, first.pk, mapping={"Wer": "name", "Post": "email"}, choices=UPDATING
    )
    imported(owner_actor, first)
    second = prepare_import(owner_actor, "people", content=content, name="two.xlsx")
    assert chosen(second) == ("update", "email")
    assert chosen(choose_sheet(owner_actor, second.pk, sheet="Two")) == ("skip", "auto")
    assert chosen(choose_sheet(owner_actor, second.pk, sheet="One")) == ("update", "email")


def test_the_command_does_what_its_options_say(
    portico: Portico, tmp_path: Path, owner_actor: Actor
) -> None:
    bring_in(owner_actor, "people", FILE, mapping=MAPPING, **UPDATING)
    path = tmp_path / "people.csv"
    path.write_text("Wer,Post,Was\nAnna,ann@a.test,Boss\n")
    words = ["import", "people", str(path), "--workspace", "northstar", "--json"]
    counts = json.loads(portico(*words).out)
    assert (counts["updated"], counts["duplicates"]) == (0, 1)
    assert [notice["code"] for notice in counts["notices"]] == ["mapping_remembered"]


def test_edge_case_46_the_command_names_the_earlier_import_and_its_day(
    portico: Portico, tmp_path: Path, scope: Any
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,email\nAnn,ann@a.test\n")
    words = ["import", "people", str(path), "--workspace", "northstar", "--json"]
    words += ["--organization", "Alpha"]
    first = json.loads(portico(*words).out)
    second = json.loads(portico(*words).out)

    assert "notices" not in first
    (notice,) = second["notices"]
    assert (notice["code"], notice["import_id"]) == ("same_file", first["import_id"])
    assert notice["at"][:4].isdecimal()
    assert (second["created"], second["duplicates"]) == (0, 1)


def test_an_import_that_was_undone_is_no_earlier_import(owner_actor: Actor) -> None:
    file = "name,email\nAnn,ann@a.test\n"
    operation = bring_in(owner_actor, "people", file, organization="Alpha")
    undo_operation(owner_actor, operation.pk)
    work_off()
    again = prepared(owner_actor, "people", file, organization="Alpha")

    assert same_file_notice(again) == ""
    assert counts_of(checked(owner_actor, again))["created"] == 1
    assert Person.objects.count() == 0
