"""All or nothing: decided in slices that show progress and stop, then written in one."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.operations.actions import cancel_operation
from portico.operations.models import Operation
from portico.operations.reports import is_cancellable, is_undoable
from portico.operations.tasks import work_off_slice
from portico.transfers.actions import slices
from portico.transfers.actions.imports import check_import, run_import
from tests.transfers.imports import checked, counts_of, prepared, work_off

ROWS = "name\n" + "".join(f"Organization {n}\n" for n in range(7))


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: Any) -> None:
    monkeypatch.setattr(slices, "CHUNKS", dict.fromkeys(slices.CHUNKS, 3))


def running(actor: Actor, content: str = ROWS) -> Operation:
    operation = prepared(actor, "organizations", content, all_or_nothing=True)
    return run_import(actor, operation.pk)


def after_slices(operation: Operation, count: int) -> Operation:
    for _slice in range(count):
        assert work_off_slice()
    operation.refresh_from_db()
    return operation


def test_it_shows_progress_before_anything_is_written(owner_actor: Actor) -> None:
    operation = after_slices(running(owner_actor), 2)
    assert (operation.state, operation.done, operation.total) == ("running", 6, 7)
    assert (is_cancellable(operation), is_undoable(operation)) == (True, False)
    assert not Organization.objects.exists()


def test_it_can_be_cancelled_before_anything_is_written(
    owner_actor: Actor, owner_browser: Client
) -> None:
    operation = after_slices(running(owner_actor), 2)
    cancel_operation(owner_actor, operation.pk)
    work_off()
    operation.refresh_from_db()
    assert (operation.state, counts_of(operation)) == ("cancelled", {})
    assert (Organization.objects.count(), is_undoable(operation)) == (0, False)
    page = owner_browser.get(f"/imports/{operation.pk}/").content.decode()
    assert "Cancelled. Nothing was imported." in page
    assert "Undo import" not in page


def test_it_says_that_it_writes_at_once_and_can_not_be_stopped(
    owner_actor: Actor, owner_browser: Client
) -> None:
    operation = after_slices(running(owner_actor), 3)
    assert not Organization.objects.exists()
    page = owner_browser.get(f"/imports/{operation.pk}/").content.decode()
    assert "Writing 7 rows at once" in page
    assert "/cancel/" not in page
    general = owner_browser.get(f"/operations/{operation.pk}/").content.decode()
    assert "Writing all rows at once" in general
    with pytest.raises(Refused, match="can't be stopped"):
        cancel_operation(owner_actor, operation.pk)
    operation = after_slices(operation, 1)
    assert (operation.state, counts_of(operation)["created"]) == ("done", 7)
    assert (Organization.objects.count(), is_undoable(operation)) == (7, True)


def test_the_page_is_loaded_anew_when_writing_begins(
    owner_actor: Actor, owner_browser: Client
) -> None:
    operation = after_slices(running(owner_actor), 3)
    address = f"/imports/{operation.pk}/?stage="
    poll = owner_browser.get(address + "checking", headers={"hx-request": "true"})
    assert (poll.status_code, poll["HX-Refresh"]) == (204, "true")
    poll = owner_browser.get(address + "at_once", headers={"hx-request": "true"})
    assert (poll.status_code, "Writing 7 rows at once" in poll.content.decode()) == (200, True)
    poll = owner_browser.get(f"/operations/{operation.pk}/progress/?stage=checking")
    assert poll["HX-Refresh"] == "true"


def test_a_wrong_row_stops_it_before_anything_is_written(owner_actor: Actor) -> None:
    operation = running(owner_actor, ROWS + "X\n")
    work_off()
    operation.refresh_from_db()
    assert (operation.state, operation.counts["refused"]) == ("done", 8)
    assert (operation.counts["created"], Organization.objects.count()) == (0, 0)


def test_what_somebody_saves_in_between_still_takes_everything_back(owner_actor: Actor) -> None:
    operation = prepared(
        owner_actor,
        "organizations",
        "name,reference\nAcme,1\nBirch,2\n",
        all_or_nothing=True,
        existing="update",
        match="reference",
    )
    run_import(owner_actor, operation.pk)
    operation = after_slices(operation, 1)
    from tests.factories.clients import make_organization

    make_organization("Other", reference="1", archived_at=operation.created_at)
    work_off()
    operation.refresh_from_db()
    assert (operation.state, operation.counts["refused"]) == ("done", 2)
    assert [row.name for row in Organization.objects.archived_or_not()] == ["Other"]


def test_a_running_check_can_be_cancelled(owner_actor: Actor, owner_browser: Client) -> None:
    operation = prepared(owner_actor, "organizations", ROWS)
    check_import(owner_actor, operation.pk)
    after_slices(operation, 1)
    address = f"/imports/{operation.pk}/"
    page = owner_browser.get(f"{address}check/").content.decode()
    assert f'action="{address}cancel/"' in page
    token = page.split('name="form_token" value="')[1].split('"')[0]
    answer = owner_browser.post(f"{address}cancel/", {"form_token": token})
    assert answer["Location"] == address
    assert "Cancelled. Nothing was imported." in owner_browser.get(address).content.decode()
    operation.refresh_from_db()
    assert (operation.state, counts_of(operation)) == ("cancelled", {})
    assert not work_off_slice()


def test_a_checked_import_that_is_dropped_tells_no_numbers(owner_actor: Actor) -> None:
    operation = checked(owner_actor, prepared(owner_actor, "organizations", ROWS))
    assert counts_of(operation)["created"] == 7
    assert cancel_operation(owner_actor, operation.pk).counts == {}
