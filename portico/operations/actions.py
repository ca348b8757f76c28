"""Start, continue, cancel and undo long work."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.requests import new_request_id
from portico.operations.choices import CANCELLABLE, OperationState, Stage
from portico.operations.models import Operation, OperationRow
from portico.operations.operations import kinds_open_to, operation_kind, stage_of
from portico.operations.querysets import OperationQuerySet
from portico.operations.reports import is_undoable
from portico.workspaces.choices import Permission

_STARTS = (OperationState.DRAFT, OperationState.CHECKING, OperationState.WAITING)
_NEXT = {
    OperationState.DRAFT: (OperationState.CHECKING, OperationState.WAITING),
    OperationState.CHECKED: (
        OperationState.DRAFT,
        OperationState.CHECKING,
        OperationState.WAITING,
    ),
}


@transaction.atomic
def start_operation(
    actor: Actor,
    kind: str,
    *,
    title: str,
    options: Mapping[str, Any] | None = None,
    file: "File[Any] | None" = None,
    state: OperationState = OperationState.WAITING,
) -> Operation:
    """Leave a piece of long work to the worker, or keep a draft of it.

    `state`: waiting (the worker begins at once), checking (it makes a dry run and waits for a
    word), or draft. Raises Denied without the kind's permissions. Its events carry the
    operation's own request id.
    """
    actor.require(*operation_kind(kind).permissions)
    if state not in _STARTS:
        raise ValueError(f"An operation does not begin as {state}.")
    operation = Operation(
        kind=kind,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_user_id=actor.user_id,
        actor_name=actor.name[:254],
        title=title[:254],
        options=dict(options or {}),
        state=state,
        request_id=new_request_id(),
    )
    if file is not None:
        operation.file.save(f"{operation.pk}", file, save=False)
    operation.save()
    if state != OperationState.DRAFT:
        record(actor, "operation.started", [operation])
    return operation


@transaction.atomic
def keep_result(
    actor: Actor,
    kind: str,
    *,
    title: str,
    options: Mapping[str, Any],
    counts: Mapping[str, int],
    rows: Sequence[OperationRow],
) -> Operation:
    """Keep what came of work that was done at once as that of long work is kept.

    It has no undo of its own: that of the act is meant. Raises Denied without the kind's
    permissions.
    """
    actor.require(*operation_kind(kind).permissions)
    total = sum(counts.values())
    operation: Operation = Operation.objects.create(
        kind=kind,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_user_id=actor.user_id,
        actor_name=actor.name[:254],
        title=title[:254],
        options=dict(options),
        state=OperationState.DONE,
        done=total,
        total=total,
        counts=dict(counts),
        request_id=actor.request_id,
        finished_at=timezone.now(),
    )
    for row in rows:
        row.operation = operation
    OperationRow.objects.bulk_create(rows)
    record(actor, "operation.finished", [operation])
    return operation


@transaction.atomic
def continue_operation(
    actor: Actor,
    operation_id: UUID,
    *,
    state: OperationState,
    options: Mapping[str, Any] | None = None,
) -> Operation:
    """Send a draft or a checked operation on its way; `options` replace those it had.

    Counts and progress begin anew. Raises Refused("wrong_state") where that step does not exist.
    """
    operation = _locked(actor, operation_id)
    actor.require(*operation_kind(operation.kind).permissions)
    if state not in _NEXT.get(OperationState(operation.state), ()):
        raise Refused("wrong_state", _("This is under way or over already."), status=409)
    operation.state = state
    operation.counts = {}
    operation.done = 0
    operation.attempts = 0
    if options is not None:
        operation.options = dict(options)
    operation.save()
    operation.rows.all().delete()
    if state != OperationState.DRAFT:
        record(actor, "operation.started", [operation])
    return operation


@transaction.atomic
def cancel_operation(actor: Actor, operation_id: UUID) -> Operation:
    """Stop before the next slice; what was done stays done. One that is over stays as it is.

    Raises Refused("wrong_state") for what is being undone or written at once. Allowed to who
    started it, and to who manages the workspace and may do such work.
    """
    actor.require()
    _refuse_unstoppable(require_visible(actor, operation_id))  # the lock is held until it is over
    operation = _locked(actor, operation_id)
    _refuse_unstoppable(operation)
    if operation.state not in CANCELLABLE:
        return operation
    kind = operation_kind(operation.kind)
    if kind.undo and kind.is_reversible is None and operation.undo_until is None:
        operation.counts = {}  # they told what would have been
    operation.state = OperationState.CANCELLED
    operation.finished_at = timezone.now()
    operation.lease_until = None
    operation.save()
    record(actor, "operation.cancelled", [operation])
    return operation


@transaction.atomic
def undo_operation(actor: Actor, operation_id: UUID) -> Operation:
    """Take back what an operation created, within 30 days (domain.md, "undo creation").

    Only one's own, and only with the permissions that starting it needed; who manages the
    workspace may undo any, with what the kind demands for it: the worker does it, in slices, with
    the rights of the one who started it. Raises Refused("not_undoable").
    """
    operation = _locked(actor, operation_id)
    kind = operation_kind(operation.kind)
    actor.require(*kind.permissions)
    if operation.actor_user_id != actor.user_id:
        actor.require(Permission.MANAGE_WORKSPACE, *kind.undo_of_others)
    if kind.undo is None or not is_undoable(operation):
        raise Refused("not_undoable", _("This can't be undone, or no longer."), status=409)
    operation.state = OperationState.UNDOING
    operation.attempts = 0
    operation.lease_until = None
    operation.save()
    record(actor, "operation.undo_started", [operation])
    return operation


def _refuse_unstoppable(operation: Operation) -> None:
    if operation.state == OperationState.UNDOING:
        raise Refused("wrong_state", _("An undo that has begun is finished."), status=409)
    if stage_of(operation) is Stage.AT_ONCE:
        text = _("All rows are being written at once; that can't be stopped any more.")
        raise Refused("wrong_state", text, status=409)


def require_visible(actor: Actor, operation_id: UUID) -> Operation:
    """The operation, for who may see it and may do such work.

    Its title and counts tell of records, so without its kind's permissions one's own is Denied, and
    somebody else's is unknown (NotThere).
    """
    found: Operation | None = Operation.objects.visible_to(actor).filter(pk=operation_id).first()
    if found is None:
        raise NotThere
    permissions = operation_kind(found.kind).permissions
    if found.actor_user_id != actor.user_id and not actor.may(*permissions):
        raise NotThere
    actor.require(*permissions)
    return found


def visible_operations(actor: Actor) -> OperationQuerySet:
    """Those that the actor may see, of the kinds that they may start."""
    rows: OperationQuerySet = Operation.objects.visible_to(actor)
    return rows.filter(kind__in=kinds_open_to(actor))


def _locked(actor: Actor, operation_id: UUID) -> Operation:
    """The operation, locked against a slice that runs at this moment."""
    rows = Operation.objects.visible_to(actor).select_for_update()
    operation: Operation | None = rows.filter(pk=operation_id).first()
    if operation is None:
        raise NotThere
    return operation
