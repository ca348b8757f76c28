"""Work off operations, slice by slice."""

import datetime
import gc
import logging
import time
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.history.actions import record
from portico.history.actions.undo import close_act
from portico.kit.actors import Actor
from portico.kit.errors import Refusal
from portico.kit.requests import set_request_id
from portico.kit.tenancy.scope import current_scope
from portico.operations.actions import cancel_operation
from portico.operations.choices import UNFINISHED, OperationState, Stage
from portico.operations.models import Operation
from portico.operations.operations import actor_of, operation_kind, operation_kinds, stage_of
from portico.operations.querysets import LEASE, LONGEST_PAUSE, OperationQuerySet

logger = logging.getLogger("portico.operations")

FIRST_PAUSE = datetime.timedelta(seconds=2)
MOST_ATTEMPTS = 5
HERE_PAUSE_SECONDS = 0.2
UNDO_WITHIN = datetime.timedelta(days=30)
FILES_KEPT = datetime.timedelta(days=30)
SWEPT_AT_ONCE = 1000
PREPARED = (OperationState.DRAFT, OperationState.CHECKED)


def work_off_slice() -> bool:
    """Take the next slice of the oldest operation that is due; False when there is none.

    A slice is one transaction: its rows and the operation's progress, or nothing. One that fails
    is tried again after a pause; after five failures in a row the operation has failed, visibly,
    and blocks nothing. A refusal (a right that is gone) fails it at once.
    """
    operation = _take(Operation.objects.due())
    if operation is None:
        return False
    _work_off(operation)
    # Of what a slice leaves behind the collector would let a worker keep 50 MiB: it seldom looks
    # (config/collector.py). What is older than the slice stays out of it.
    gc.collect(1)
    return True


def work_off_here(operation: Operation) -> Operation:
    """Work off one operation to its end in this process, as commands do; returns it as it is then.

    A worker that takes a slice of it meanwhile disturbs nothing: each row is taken once.
    """
    while True:
        leased = _take(Operation.objects.due().filter(pk=operation.pk))
        if leased is not None:
            _work_off(leased)
            continue
        operation.refresh_from_db()
        if operation.state not in UNFINISHED:
            return operation
        time.sleep(HERE_PAUSE_SECONDS)


def workspaces_held() -> set[UUID]:
    """The workspaces for whose operations this process keeps something open."""
    return {workspace for kind in operation_kinds() for workspace in kind.held().values()}


def let_go_of_ended() -> int:
    """Close what this process keeps open for operations that are over, as after a Cancel."""
    for kind in operation_kinds():
        scope = current_scope()
        keys = [key for key, workspace in kind.held().items() if workspace == scope.id]
        if not keys or kind.let_go is None:
            continue
        rows = Operation.objects.unfinished().filter(pk__in=keys)
        for key in set(keys).difference(rows.values_list("pk", flat=True)):
            kind.let_go(key)
    return 0


def sweep_operations() -> int:
    """Let go of files 30 days after their operation was over: a part of the worker's sweep.

    A preparation that nobody went on with for as long is cancelled, as its author could have done.
    The operation itself, its numbers and its events stay; taking it back reads no file.
    """
    before = timezone.now() - FILES_KEPT
    for left in Operation.objects.filter(state__in=PREPARED, created_at__lt=before):
        cancel_operation(_system(left), left.pk)
    over = Operation.objects.exclude(state__in=(*UNFINISHED, *PREPARED)).filter(
        Q(finished_at__lt=before) | Q(state=OperationState.CANCELLED, created_at__lt=before)
    )
    with_file = over.filter(Q(file__gt="") | Q(result_file__gt=""))
    keys = list(with_file.order_by("pk").values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    return sum(_let_go(key) for key in keys)


@transaction.atomic
def _let_go(key: UUID) -> int:
    """Forget the files first, remove them when that is sure; returns how many went."""
    operation = Operation.objects.select_for_update().get(pk=key)
    files = [file for file in (operation.file, operation.result_file) if file]
    for file in files:
        transaction.on_commit(partial(file.storage.delete, file.name))
    Operation.objects.filter(pk=key).update(file="", result_file="")
    return len(files)


def _work_off(operation: Operation) -> None:
    set_request_id(operation.request_id)
    try:
        _prepare(operation)
        _run_slice(operation)
    except Refusal as refusal:
        _fail(operation, refusal.detail or refusal.code)
    except Exception as error:
        logger.exception("a slice of %s failed", operation.kind)
        _pause(operation, f"{type(error).__name__}: {error}"[:1000])
    finally:
        set_request_id("")


def _prepare(operation: Operation) -> None:
    """What a kind does outside the transaction of its slice; the lease begins anew after it."""
    prepare = operation_kind(operation.kind).prepare
    if prepare is None:
        return
    prepare(operation)
    until = timezone.now() + LEASE
    held = Operation.objects.filter(pk=operation.pk, lease_until=operation.lease_until)
    if held.update(lease_until=until):
        operation.lease_until = until


def _take(due: OperationQuerySet) -> Operation | None:
    """Lease an operation to this worker and count the attempt: a poison one is found out."""
    key = due.order_by("created_at").values_list("pk", flat=True).first()
    if key is None:
        return None
    begun = Case(
        When(state=OperationState.WAITING, then=Value(OperationState.RUNNING)), default=F("state")
    )
    taken = (
        Operation.objects.due()
        .filter(pk=key)
        .update(state=begun, attempts=F("attempts") + 1, lease_until=timezone.now() + LEASE)
    )
    if not taken:
        return None
    operation: Operation = Operation.objects.get(pk=key)
    if operation.attempts > MOST_ATTEMPTS:
        _fail(operation, operation.last_error or _("It stopped five times without a word."))
        return None
    return operation


@transaction.atomic
def _run_slice(leased: Operation) -> None:
    """One slice, under the row's lock: whoever cancels waits, and is then obeyed."""
    rows = Operation.objects.select_for_update(skip_locked=True)
    operation = rows.filter(pk=leased.pk, lease_until=leased.lease_until).unfinished().first()
    if operation is None:
        return
    kind = operation_kind(operation.kind)
    is_undo = operation.state == OperationState.UNDOING
    if is_undo and kind.undo is None:
        raise ValueError(f"{kind.name} can't be undone.")
    is_finished = kind.undo(operation) if is_undo and kind.undo else kind.take_slice(operation)
    operation.attempts = 0
    operation.lease_until = None
    operation.last_error = ""
    if is_finished:
        _finish(operation)
    elif _has_written(operation) and _leaves_undo(operation):
        operation.undo_until = timezone.now() + UNDO_WITHIN  # also what is cancelled half-way
    operation.save()


def _has_written(operation: Operation) -> bool:
    return operation.state == OperationState.RUNNING and stage_of(operation) is Stage.SLICES


def _leaves_undo(operation: Operation) -> bool:
    kind = operation_kind(operation.kind)
    is_reversible = kind.is_reversible is None or kind.is_reversible(operation)
    return kind.undo is not None and is_reversible


def _finish(operation: Operation) -> None:
    if operation.state == OperationState.CHECKING:
        operation.state = OperationState.CHECKED
        return
    operation.finished_at = timezone.now()
    if operation.state == OperationState.UNDOING:
        close_act(actor_of(operation), operation.pk)
        operation.state = OperationState.UNDONE
        operation.undo_until = None
        record(_system(operation), "operation.undone", [operation])
        return
    operation.state = OperationState.DONE
    if _leaves_undo(operation):
        operation.undo_until = operation.finished_at + UNDO_WITHIN
    record(_system(operation), "operation.finished", [operation])


def _pause(operation: Operation, error: str) -> None:
    """Give the lease back later: it is also the pause before the next attempt."""
    if operation.attempts >= MOST_ATTEMPTS:
        _fail(operation, error)
        return
    pause = min(FIRST_PAUSE * 2**operation.attempts, LONGEST_PAUSE)
    held = Operation.objects.filter(pk=operation.pk, lease_until=operation.lease_until)
    held.update(lease_until=timezone.now() + pause, last_error=error)


@transaction.atomic
def _fail(operation: Operation, error: str) -> None:
    held = Operation.objects.filter(pk=operation.pk, lease_until=operation.lease_until)
    failed = held.update(
        state=OperationState.FAILED,
        lease_until=None,
        last_error=error,
        finished_at=timezone.now(),
    )
    if failed:
        record(_system(operation), "operation.failed", [operation])


def _system(operation: Operation) -> Actor:
    """What happens at the end happens by itself, under the operation's request id."""
    way = operation_kind(operation.kind).way
    return Actor.system(current_scope().id, request_id=operation.request_id, way=way)
