"""What an import knows from earlier ones: the same file, the same columns."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Person
from portico.kit.actors import Actor
from portico.operations.actions import undo_operation
from portico.transfers.reports import mapping_notice, same_file_notice
from tests.config.commands.conftest import Portico, portico
from tests.transfers.imports import bring_in, checked, counts_of, prepared, work_off

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
