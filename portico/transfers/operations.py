"""Imports as a kind of long work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portico.clients.actions.undo import (
    CREATIONS,
    Undone,
    take_back_some,
    take_back_tags,
    tell_undone,
)
from portico.history.models import Event
from portico.history.reversals import is_reversible, reverse_events
from portico.kit.actors import Actor, Way
from portico.kit.errors import Refused
from portico.operations.choices import Stage
from portico.operations.models import Operation
from portico.operations.operations import OperationKind, actor_of, register_operation
from portico.transfers.actions.sessions import WRITING, held, let_go
from portico.transfers.actions.slices import work_slice
from portico.transfers.choices import IMPORT
from portico.transfers.reports import label_of, record_links
from portico.workspaces.choices import Permission

UNDO_SLICE = 100
REMOVAL_SLICE = 500
SHOWN_KEPT = 50
_REMOVED = "removed_from"
_REVERSED = "undone_from"


def take_slice(operation: Operation) -> bool:
    """Check or import the next rows, with the rights that the one who asked has now."""
    return work_slice(operation, actor_of(operation))


def undo(operation: Operation) -> bool:
    """Remove what the import created, then give back values that it changed, slice by slice.

    At the end the tags go that it created and that nothing uses.

    Records that somebody has worked with since stay as they are and are named.
    """
    actor = actor_of(operation)
    is_done = _undo_slice(operation, actor)
    if is_done:
        take_back_tags(actor, operation.pk)
    return is_done


def _undo_slice(operation: Operation, actor: Actor) -> bool:
    if _REVERSED not in operation.options:
        if _remove_created(operation, actor):
            operation.options = {**operation.options, _REVERSED: None}
            return not _changes_left(operation).exists()
        return False
    events = list(_changes_left(operation)[:UNDO_SLICE])
    kept = reverse_events(actor, events)
    _keep(operation, [f"{item.name}: {item.reason}" for item in kept])
    restored = len({event.subject_id for event in events}) - len({item.name for item in kept})
    _count(operation, restored=max(restored, 0))
    if events:
        operation.options = {**operation.options, _REVERSED: str(events[-1].pk)}
    return len(events) < UNDO_SLICE


def stage_of(operation: Operation) -> Stage:
    """All or nothing is decided first, and then written at once."""
    if not operation.options["asked"]["all_or_nothing"]:
        return Stage.SLICES
    return Stage.AT_ONCE if WRITING in operation.options else Stage.CHECKING


def _remove_created(operation: Operation, actor: Actor) -> bool:
    """Remove the next of what the import created; True when all of it was seen."""
    before = operation.options.get(_REMOVED)
    try:
        part = take_back_some(
            actor, operation.pk, before=UUID(before) if before else None, most=REMOVAL_SLICE
        )
    except Refused as refused:
        if refused.code != "nothing_to_undo":
            raise
        return True
    undone = part.undone
    operation.done = (
        len(undone.kept) + undone.organizations + undone.people + (operation.done if before else 0)
    )
    _count(operation, organizations_removed=undone.organizations, people_removed=undone.people)
    _keep(operation, undone.kept)
    operation.options = {**operation.options, _REMOVED: str(part.last)}
    if part.is_last:
        tell_undone(actor, operation, _undone(operation))
    return part.is_last


def _undone(operation: Operation) -> Undone:
    counts, kept = operation.counts, operation.options.get("kept", [])
    return Undone(
        organizations=counts["organizations_removed"],
        people=counts["people_removed"],
        kept=tuple(kept),
    )


def _changes_left(operation: Operation) -> Any:
    """The events of the import that change what was there before it, the newest first."""
    own = Event.objects.filter(act_id=operation.pk).exclude(kind__in=CREATIONS)
    kinds = set(own.order_by().values_list("kind", flat=True).distinct())
    events = own.filter(kind__in=[kind for kind in kinds if is_reversible(kind)]).order_by("-id")
    last = operation.options.get(_REVERSED)
    return events if last is None else events.filter(id__lt=UUID(last))


def _keep(operation: Operation, names: Sequence[str]) -> None:
    kept = [*operation.options.get("kept", []), *names]
    operation.options = {**operation.options, "kept": kept[:SHOWN_KEPT]}
    _count(operation, kept=len(names))


def _count(operation: Operation, **numbers: int) -> None:
    counts = operation.counts
    added = {name: counts.get(name, 0) + number for name, number in numbers.items()}
    operation.counts = {**counts, **added}


register_operation(
    OperationKind(
        name=IMPORT,
        take_slice=take_slice,
        undo=undo,
        stage_of=stage_of,
        held=held,
        let_go=let_go,
        permissions=(Permission.IMPORT_CLIENTS,),
        undo_of_others=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
        way=Way.IMPORT,
        label=label_of,
        links=record_links,
    )
)
