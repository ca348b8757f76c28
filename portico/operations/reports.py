"""How an operation stands, for pages and endpoints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from portico.operations.choices import CANCELLABLE, UNFINISHED, OperationState, Stage
from portico.operations.models import Operation
from portico.operations.operations import operation_kind, stage_of

# Tone and shape of the mark beside each state.
_LOOKS = {
    OperationState.DRAFT: ("mute", "dashed"),
    OperationState.CHECKING: ("info", "half"),
    OperationState.CHECKED: ("warn", "half"),
    OperationState.WAITING: ("info", "half"),
    OperationState.RUNNING: ("info", "half"),
    OperationState.DONE: ("ok", "dot"),
    OperationState.FAILED: ("bad", "dot"),
    OperationState.CANCELLED: ("mute", "ring"),
    OperationState.UNDOING: ("info", "half"),
    OperationState.UNDONE: ("mute", "ring"),
}

_LEFT_RECORDS = (OperationState.DONE, OperationState.FAILED, OperationState.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is shown of an operation beside its own fields."""

    tone: str
    shape: str
    is_moving: bool
    is_cancellable: bool
    is_undoable: bool
    stage: Stage
    links: Sequence[Mapping[str, str]]
    counts: Mapping[str, int]
    label: Callable[[str], str]


def standing_of(operation: Operation) -> Standing:
    """How it stands now; no query."""
    state = OperationState(operation.state)
    tone, shape = _LOOKS[state]
    kind = operation_kind(operation.kind)
    label = kind.label
    counts = {
        label(name): value
        for name, value in operation.counts.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
    return Standing(
        tone=tone,
        shape=shape,
        is_moving=state in UNFINISHED,
        is_cancellable=is_cancellable(operation),
        is_undoable=is_undoable(operation),
        stage=stage_of(operation),
        links=kind.links(operation) if state in _LEFT_RECORDS else (),
        counts=counts,
        label=label,
    )


def is_cancellable(operation: Operation) -> bool:
    """Whether "Cancel" is offered."""
    return operation.state in CANCELLABLE and stage_of(operation) is not Stage.AT_ONCE


def is_undoable(operation: Operation) -> bool:
    """Whether "Undo" is offered: over, of a kind that can, and within its time."""
    return (
        operation.state in {OperationState.DONE, OperationState.CANCELLED}
        and operation.undo_until is not None
        and timezone.now() < operation.undo_until
    )


def pages_of_acts(act_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Where those of the acts are shown and undone that are operations."""
    found = Operation.objects.filter(pk__in=list(act_ids)).values_list("pk", flat=True)
    return {key: reverse("operations.show", kwargs={"operation_id": key}) for key in found}
