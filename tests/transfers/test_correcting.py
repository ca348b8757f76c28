"""Wrong rows repaired on the check page: kept with the import, used by check and run."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.operations.models import Operation
from portico.transfers.actions.imports import change_mapping, correct_import
from tests.transfers.imports import (
    checked,
    counts_of,
    failures_of,
    imported,
    prepared,
    reasons_of,
    work_off,
)

pytestmark = pytest.mark.django_db

FILE = "name,email,note\nAnn,ann@a.test,x\nBob,bob,y\nCid,,z\nDee,d,w,further\n"


def refused(actor: Actor, content: str = FILE, **choices: Any) -> Operation:
    choices = {"organization": "Alpha", **choices}
    return checked(actor, prepared(actor, "people", content, **choices))


def corrected(actor: Actor, operation: Operation, cells: Any) -> Operation:
    correct_import(actor, operation.pk, cells)
    work_off()
    operation.refresh_from_db()
    assert operation.state == "checked", operation.last_error
    return operation


def test_the_refused_rows_are_kept_with_their_mapped_cells_and_reasons(owner_actor: Actor) -> None:
    operation = refused(owner_actor)

    assert [(row["row"], row["cells"]) for row in operation.options["to_fix"]] == [
        (2, {"name": "Bob", "email": "bob"}),
        (3, {"name": "Cid", "email": ""}),
        (4, {"name": "Dee", "email": "d"}),
    ]


def test_corrected_cells_are_checked_and_imported_in_place_of_the_files(
    owner_actor: Actor,
) -> None:
    operation = refused(owner_actor)
    cells = {2: {"email": "bob@b.test"}, 4: {"email": "dee@d.test", "name": "Dee Dee"}}
    operation = corrected(owner_actor, operation, cells)
    assert counts_of(operation)["created"] == 3
    assert reasons_of(operation) == {3: "The e-mail address is missing."}

    imported(owner_actor, operation)
    told = Person.objects.order_by("name").values_list("name", "email")
    assert list(told) == [
        ("Ann", "ann@a.test"),
        ("Bob", "bob@b.test"),
        ("Dee Dee", "dee@d.test"),
    ]


def test_a_second_correction_keeps_the_first(owner_actor: Actor) -> None:
    operation = corrected(owner_actor, refused(owner_actor), {2: {"email": "bob@b.test"}})
    operation = corrected(owner_actor, operation, {3: {"email": "still wrong"}})

    assert operation.options["corrections"] == {
        "2": {"email": "bob@b.test"},
        "3": {"email": "still wrong"},
    }
    assert "Cid,still wrong,z" in failures_of(operation)
    assert counts_of(operation)["created"] == 2


def test_a_correction_may_make_a_duplicate(owner_actor: Actor) -> None:
    operation = corrected(owner_actor, refused(owner_actor), {2: {"email": "ANN@a.test"}})

    assert reasons_of(operation)[2] == "Row 1 of this file is the same."


def test_only_shown_cells_of_refused_rows_can_be_corrected(owner_actor: Actor) -> None:
    cells = {1: {"name": "Zed"}, 2: {"note": "n", "nowhere": "n"}, 99: {"name": "Q"}}
    operation = corrected(owner_actor, refused(owner_actor), cells)

    assert operation.options["corrections"] == {}


def test_corrections_survive_another_mapping(owner_actor: Actor) -> None:
    operation = corrected(owner_actor, refused(owner_actor), {2: {"email": "bob@b.test"}})
    change_mapping(owner_actor, operation.pk, mapping={"note": "position"})
    operation = checked(owner_actor, operation)

    assert counts_of(operation)["created"] == 2


def test_an_import_that_is_over_is_not_corrected(owner_actor: Actor) -> None:
    operation = imported(owner_actor, refused(owner_actor))
    with pytest.raises(Refused) as caught:
        correct_import(owner_actor, operation.pk, {2: {"email": "bob@b.test"}})
    assert caught.value.code == "wrong_state"


def test_a_repaired_file_passes_all_or_nothing(owner_actor: Actor) -> None:
    operation = refused(owner_actor, "name,email\nAnn,a@a.test\nBob,b\n", all_or_nothing=True)
    operation = corrected(owner_actor, operation, {2: {"email": "b@b.test"}})
    imported(owner_actor, operation)

    assert (Person.objects.count(), Organization.objects.count()) == (2, 1)


def test_the_page_shows_the_cells_with_their_reasons_and_takes_corrections(
    owner_browser: Client, owner_actor: Actor
) -> None:
    operation = refused(owner_actor)
    page = owner_browser.get(f"/imports/{operation.pk}/check/").content.decode()
    assert 'name="cell-2-1" value="bob"' in page
    assert "Enter one e-mail address" in page
    assert "The row has more cells than the header" in page

    answer = owner_browser.post(
        f"/imports/{operation.pk}/correct/", {"cell-2-1": "bob@b.test", "cell-3-0": "Cid"}
    )
    assert answer["Location"] == f"/imports/{operation.pk}/check/"
    work_off()
    operation.refresh_from_db()
    assert operation.options["corrections"] == {"2": {"email": "bob@b.test"}}
    page = owner_browser.get(f"/imports/{operation.pk}/check/").content.decode()
    assert "1 row was corrected here" in page


def test_words_on_two_lines_of_a_cell_stay_two_words_beside_a_corrected_one(
    owner_browser: Client, owner_actor: Actor
) -> None:
    """A text field drops line breaks: what it was given must have blanks in their place."""
    file = 'name,email,position\nBob,bob,"Head of\nsales"\n'
    operation = refused(owner_actor, file)
    page = owner_browser.get(f"/imports/{operation.pk}/check/").content.decode()
    assert 'value="Head of sales"' in page

    posted = {"cell-1-1": "bob@b.test", "cell-1-2": "Head of sales"}
    owner_browser.post(f"/imports/{operation.pk}/correct/", posted)
    work_off()
    operation.refresh_from_db()
    assert operation.options["corrections"] == {"1": {"email": "bob@b.test"}}
