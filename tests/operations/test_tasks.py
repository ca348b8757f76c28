"""Operations: slices, cancel, undo, failure, and the rights of whoever started them."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portico.clients.models import Organization
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused
from portico.operations.actions import (
    cancel_operation,
    continue_operation,
    start_operation,
    undo_operation,
)
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.operations.operations import actor_of
from portico.operations.tasks import MOST_ATTEMPTS, work_off_slice
from portico.workspaces.models import Agent
from tests.factories.workspaces import actor_of as actor_of_user
from tests.factories.workspaces import make_agent


@pytest.fixture
def counting(owner_actor: Actor) -> Operation:
    """An operation that makes ten organizations."""
    return start_operation(owner_actor, "count", title="Ten organizations")


def kinds_of(operation: Operation) -> list[str]:
    return list(Event.objects.about(operation).order_by("id").values_list("kind", flat=True))


def test_an_operation_advances_slice_by_slice(counting: Operation) -> None:
    seen = []
    while work_off_slice():
        counting.refresh_from_db()
        seen.append((counting.state, counting.done, Organization.objects.count()))
    assert seen == [("running", 3, 3), ("running", 6, 6), ("running", 9, 9), ("done", 10, 10)]
    assert counting.counts == {"created": 10}
    assert counting.attempts == 0
    assert counting.finished_at is not None
    assert kinds_of(counting) == ["operation.started", "operation.finished"]


def test_a_slice_that_fails_leaves_nothing_and_is_tried_again_then_given_up(
    owner_actor: Actor,
) -> None:
    failing = start_operation(owner_actor, "fail", title="Fails")
    moment = timezone.now()
    with time_machine.travel(moment, tick=False) as traveller:
        tries = 0
        while failing.state in {OperationState.WAITING, OperationState.RUNNING}:
            traveller.shift(datetime.timedelta(minutes=11))
            assert work_off_slice()
            tries += 1
            failing.refresh_from_db()
    assert tries == MOST_ATTEMPTS
    assert failing.state == OperationState.FAILED
    assert failing.last_error == "ZeroDivisionError: by design"
    assert Organization.objects.count() == 0
    assert kinds_of(failing) == ["operation.started", "operation.failed"]


def test_a_failing_operation_blocks_no_other(owner_actor: Actor) -> None:
    start_operation(owner_actor, "fail", title="Fails")
    counting = start_operation(owner_actor, "count", title="Ten organizations")
    while work_off_slice():
        pass
    counting.refresh_from_db()
    assert counting.state == OperationState.DONE


def test_an_operation_whose_worker_died_is_left_alone_until_its_lease_is_over(
    counting: Operation,
) -> None:
    work_off_slice()
    later = timezone.now() + datetime.timedelta(seconds=20)
    Operation.objects.update(lease_until=later)
    assert work_off_slice() is False
    with time_machine.travel(later + datetime.timedelta(seconds=1)):
        while work_off_slice():
            pass
    counting.refresh_from_db()
    assert (counting.state, Organization.objects.count()) == (OperationState.DONE, 10)


def test_one_that_kills_its_worker_every_time_is_found_out(counting: Operation) -> None:
    Operation.objects.update(attempts=MOST_ATTEMPTS, lease_until=timezone.now())
    assert work_off_slice() is False
    counting.refresh_from_db()
    assert counting.state == OperationState.FAILED


def test_cancel_keeps_what_was_done_and_stops_there(
    counting: Operation, owner_actor: Actor
) -> None:
    work_off_slice()
    cancel_operation(owner_actor, counting.pk)
    assert work_off_slice() is False
    counting.refresh_from_db()
    assert (counting.state, Organization.objects.count()) == (OperationState.CANCELLED, 3)
    assert kinds_of(counting) == ["operation.started", "operation.cancelled"]


def test_undo_takes_back_what_was_made(counting: Operation, owner_actor: Actor) -> None:
    while work_off_slice():
        pass
    undo_operation(owner_actor, counting.pk)
    assert Organization.objects.count() == 10
    while work_off_slice():
        pass
    counting.refresh_from_db()
    assert (counting.state, Organization.objects.count()) == (OperationState.UNDONE, 0)
    with pytest.raises(Refused, match="can't be undone"):
        undo_operation(owner_actor, counting.pk)


def test_what_was_cancelled_half_way_can_be_undone(counting: Operation, owner_actor: Actor) -> None:
    work_off_slice()
    cancel_operation(owner_actor, counting.pk)
    undo_operation(owner_actor, counting.pk)
    while work_off_slice():
        pass
    assert Organization.objects.count() == 0


def test_undo_ends_after_thirty_days(counting: Operation, owner_actor: Actor) -> None:
    while work_off_slice():
        pass
    with (
        time_machine.travel(timezone.now() + datetime.timedelta(days=30, seconds=1)),
        pytest.raises(Refused, match="can't be undone"),
    ):
        undo_operation(owner_actor, counting.pk)


def test_a_dry_run_waits_for_a_word(owner_actor: Actor) -> None:
    draft = start_operation(
        owner_actor, "count", title="Ten", state=OperationState.DRAFT, options={"a": 1}
    )
    assert work_off_slice() is False
    continue_operation(owner_actor, draft.pk, state=OperationState.CHECKING, options={"a": 2})
    while work_off_slice():
        pass
    draft.refresh_from_db()
    assert (draft.state, draft.options, draft.done) == (OperationState.CHECKED, {"a": 2}, 10)
    continue_operation(owner_actor, draft.pk, state=OperationState.WAITING)
    draft.refresh_from_db()
    assert (draft.done, draft.rows.count()) == (0, 0)
    with pytest.raises(Refused, match="under way"):
        continue_operation(owner_actor, draft.pk, state=OperationState.WAITING)


def test_only_who_may_do_it_by_hand_may_start_it(viewer: Agent) -> None:
    with pytest.raises(Denied):
        start_operation(actor_of_user(viewer), "count", title="Ten")
    assert Operation.objects.count() == 0


def test_another_agent_neither_sees_nor_cancels_it(counting: Operation) -> None:
    other = make_agent("manager@northstar.test", roles=["Manager"])
    with pytest.raises(NotThere):
        cancel_operation(actor_of_user(other), counting.pk)


def test_it_goes_on_with_the_rights_its_starter_has_now(counting: Operation, owner: Agent) -> None:
    actor = actor_of(counting)
    assert (actor.user_id, actor.request_id) == (owner.pk, counting.request_id)
    Agent.objects.filter(pk=owner.pk).update(is_disabled=True)
    with pytest.raises(Refused, match="Olga Owner may no longer do this"):
        actor_of(counting)


def test_a_refusal_fails_it_at_once_with_its_reason(owner_actor: Actor, monkeypatch: Any) -> None:
    from portico.operations import operations

    def refuse(_operation: Operation) -> bool:
        raise Refused("actor_gone", "You may no longer do this.")

    operations.register_operation(operations.OperationKind(name="refuse", take_slice=refuse))
    operation = start_operation(owner_actor, "refuse", title="Refused")
    work_off_slice()
    operation.refresh_from_db()
    assert (operation.state, operation.last_error) == (
        OperationState.FAILED,
        "You may no longer do this.",
    )
