"""Changes of many records as a kind of long work."""

from uuid import UUID

from django.utils.translation import gettext as _

from portico.clients.actions.bulk import ID_LENGTH, RECORDS, Outcome, apply
from portico.clients.choices import BULK_CHANGE
from portico.history.actions import count_act
from portico.history.actions.undo import undo_act
from portico.kit.actors import Way
from portico.kit.errors import NotThere, Refused
from portico.operations.models import Operation, OperationRow
from portico.operations.operations import OperationKind, actor_of, register_operation

SLICE = 500


def take_slice(operation: Operation) -> bool:
    """Change the next records, with the rights that the one who asked has now."""
    act = operation.options["act"]
    ids = _next_ids(operation)
    rows = RECORDS[act.partition(".")[0]].objects.filter(pk__in=ids)
    found = rows.count()
    outcome = apply(actor_of(operation), act, rows, arguments=operation.options["arguments"])
    _note(operation, outcome, missing=len(ids) - found)
    operation.done += len(ids)
    if operation.done < operation.total:
        return False
    count_act(operation.pk, operation.counts["changed"])
    return True


def undo(operation: Operation) -> bool:
    """Take the whole act back; records that changed since stay."""
    try:
        undone = undo_act(actor_of(operation), operation.pk)
    except NotThere:
        return True
    except Refused as refused:
        if refused.code not in {"already_undone", "changed_since"}:
            raise
        return True
    operation.counts = {**operation.counts, "kept": len(undone.kept)}
    return True


def _next_ids(operation: Operation) -> list[UUID]:
    with operation.file.open("rb") as file:
        file.seek(operation.done * ID_LENGTH)
        packed = file.read(SLICE * ID_LENGTH)
    starts = range(0, len(packed), ID_LENGTH)
    return [UUID(bytes=packed[start : start + ID_LENGTH]) for start in starts]


def _note(operation: Operation, outcome: Outcome, *, missing: int) -> None:
    counts = {"changed": 0, "same": 0, "skipped": 0, "missing": 0} | operation.counts
    slice_size = min(SLICE, operation.total - operation.done)
    counts["changed"] += outcome.done
    counts["skipped"] += len(outcome.skipped)
    counts["missing"] += missing
    counts["same"] += slice_size - outcome.done - len(outcome.skipped) - missing
    operation.counts = counts
    OperationRow.objects.bulk_create(
        OperationRow(
            operation=operation,
            number=operation.done + place,
            outcome="skipped",
            reason=f"{skipped.name}: {skipped.reason}",
            record_id=skipped.id,
        )
        for place, skipped in enumerate(outcome.skipped, start=1)
    )


def _label(name: str) -> str:
    words = {
        "changed": _("Changed"),
        "same": _("Already so"),
        "skipped": _("Left as they were"),
        "missing": _("No longer there"),
        "kept": _("Changed since, so kept"),
    }
    return words.get(name, name)


register_operation(
    OperationKind(name=BULK_CHANGE, take_slice=take_slice, undo=undo, way=Way.PAGE, label=_label)
)
