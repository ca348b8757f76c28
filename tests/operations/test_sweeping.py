"""Files of operations are kept for 30 days after they were over."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from portico.history.models import Event
from portico.kit.actors import Actor
from portico.operations.actions import start_operation
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.operations.tasks import sweep_operations, work_off_slice

Begin = Callable[..., Operation]


@pytest.fixture
def begin(owner_actor: Actor, settings: Any, tmp_path: Any) -> Begin:
    """Start an operation with a file."""
    settings.MEDIA_ROOT = tmp_path

    def begun(state: OperationState = OperationState.WAITING) -> Operation:
        file = ContentFile(b"personal")
        return start_operation(owner_actor, "count", title="Ten", file=file, state=state)

    return begun


def later(days: int) -> Any:
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False)


def files_of(operation: Operation) -> list[bool]:
    present = Operation.objects.get(pk=operation.pk)
    places = [operation.file.storage.exists(str(operation.file.name))]
    return [bool(present.file), bool(present.result_file), *places]


def test_files_of_a_finished_operation_go_after_thirty_days_the_operation_stays(
    begin: Begin, django_capture_on_commit_callbacks: Any
) -> None:
    operation = begin()
    while work_off_slice():
        pass
    operation.refresh_from_db()
    operation.result_file.save("made.csv", ContentFile(b"rows"))
    result = str(operation.result_file.name)
    with later(29):
        assert sweep_operations() == 0
        assert files_of(operation) == [True, True, True]
    with later(31), django_capture_on_commit_callbacks(execute=True):
        assert sweep_operations() == 2
    assert files_of(operation) == [False, False, False]
    assert not operation.result_file.storage.exists(result)
    assert Operation.objects.get().counts == {"created": 10}


def test_files_of_work_that_is_not_over_stay(begin: Begin) -> None:
    operation = begin()
    work_off_slice()
    with later(90):
        assert sweep_operations() == 0
    assert files_of(operation) == [True, False, True]


def test_a_preparation_that_nobody_went_on_with_is_cancelled_and_its_file_goes(
    begin: Begin, django_capture_on_commit_callbacks: Any
) -> None:
    operation = begin(OperationState.DRAFT)
    with later(31), django_capture_on_commit_callbacks(execute=True):
        sweep_operations()
    with later(62), django_capture_on_commit_callbacks(execute=True):
        sweep_operations()
    assert Operation.objects.get().state == OperationState.CANCELLED
    assert files_of(operation) == [False, False, False]
    cancelled = Event.objects.get(kind="operation.cancelled")
    assert cancelled.actor_kind == "system"
