"""Exports in slices: each record once, by whichever process, until they are cancelled."""

from typing import Any

import pytest

from portico.config.commands.worker import work_everywhere
from portico.kit.actors import Actor
from portico.operations.actions import cancel_operation
from portico.operations.choices import OperationState
from portico.operations.tasks import work_off_here, work_off_slice
from portico.transfers.actions.exports import start_export
from portico.transfers.exports import running
from tests.factories.clients import make_organization
from tests.transfers.test_exports import exported, names


@pytest.fixture
def small_slices(monkeypatch: Any) -> None:
    monkeypatch.setattr(running, "SLICE", 3)


@pytest.mark.usefixtures("small_slices", "scope")
@pytest.mark.parametrize("count", [0, 2, 3, 7])
def test_slices_hold_each_record_once(owner_actor: Actor, count: int) -> None:
    for number in range(count):
        make_organization(f"O {number}")
    assert names(exported(owner_actor, "organizations")) == [f"O {n}" for n in range(count)]


@pytest.mark.usefixtures("small_slices")
def test_another_process_goes_on_with_a_whole_file(owner_actor: Actor) -> None:
    for number in range(20):
        make_organization(f"O {number:02}")
    operation = start_export(owner_actor, "organizations", filters={})
    assert work_off_slice()
    first = dict(running._sessions)
    running._sessions.clear()
    for _slice in range(4):
        running.close_sessions()
        assert work_off_slice()
    other = dict(running._sessions)
    running._sessions.clear()
    running._sessions.update(first)
    operation = work_off_here(operation)
    running._sessions.update(other)
    running.close_sessions()
    with operation.result_file.open("rb") as file:
        assert names(file.read()) == [f"O {n:02}" for n in range(20)]
    assert (operation.done, operation.total, operation.counts) == (20, 20, {"rows": 20})


@pytest.mark.usefixtures("small_slices")
def test_it_can_be_cancelled(owner_actor: Actor) -> None:
    for number in range(10):
        make_organization(f"O {number}")
    operation = start_export(owner_actor, "organizations", filters={})
    assert work_off_slice()
    cancel_operation(owner_actor, operation.pk)
    assert not work_off_slice()
    running.close_sessions()
    operation.refresh_from_db()
    assert (operation.state, bool(operation.result_file)) == (OperationState.CANCELLED, False)


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_cancelled_export_leaves_no_file_behind(
    owner_actor: Actor, tmp_path: Any, monkeypatch: Any, form: Any
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for number in range(10):
        make_organization(f"O {number}")
    operation = start_export(owner_actor, "organizations", filters={}, form=form)
    assert work_everywhere()
    session = running._sessions[operation.pk]
    assert not session.file.closed
    cancel_operation(owner_actor, operation.pk)
    work_everywhere()
    assert (running._sessions, session.file.closed) == ({}, True)
    assert list(tmp_path.iterdir()) == []
