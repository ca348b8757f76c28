"""Changes of many records as a kind of long work."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.bulk import ID_LENGTH, OF_ACT, RECORDS, Outcome, apply, rows_of
from portico.clients.choices import BULK_CHANGE
from portico.history.actions import count_act
from portico.history.models import Act, Event
from portico.history.reversals import reverse_events
from portico.kit.actors import Way
from portico.operations.models import Operation, OperationRow
from portico.operations.operations import OperationKind, actor_of, register_operation
from portico.ui.words import say
from portico.workspaces.choices import Permission

SLICE = 500
_UNDONE_FROM = "undone_from"


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
    """Take the act back, newest first, a slice at a time; records that changed since stay.

    In slices as it was done: in one transaction, thousands of records would keep everybody else
    from saving until the last of them is back.
    """
    if Act.objects.filter(pk=operation.pk, undone_at=None).first() is None:
        return True
    if _UNDONE_FROM not in operation.options:
        operation.done = 0
    events = list(_events_left(operation)[:SLICE])
    actor = actor_of(operation)
    kept = reverse_events(actor, events)
    operation.done += len(events)
    operation.counts = {
        **operation.counts,
        "kept": operation.counts.get("kept", 0) + len(kept),
    }
    if len(events) < SLICE:
        count_act(actor.act_id, operation.counts["changed"] - operation.counts["kept"])
        return True
    operation.options = {**operation.options, _UNDONE_FROM: str(events[-1].pk)}
    return False


def _events_left(operation: Operation) -> QuerySet[Event]:
    events: QuerySet[Event] = Event.objects.filter(act_id=operation.pk).order_by("-id")
    last = operation.options.get(_UNDONE_FROM)
    return events.filter(id__lt=UUID(last)) if last else events


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
    rows = rows_of(outcome, after=operation.done)
    for row in rows:
        row.operation = operation
    OperationRow.objects.bulk_create(rows)


def _label(name: str) -> str:
    words = {
        "changed": _("Changed"),
        "same": _("Already so"),
        "skipped": _("Left as they were"),
        "missing": _("No longer there"),
        "kept": _("Changed since, so kept"),
    }
    return words.get(name, name)


def _links(operation: Operation) -> list[dict[str, str]]:
    """Where the records are found that were changed."""
    if not operation.counts.get("changed"):
        return []
    records = operation.options["act"].partition(".")[0]
    label = say("Show people") if records == "people" else say("Show organizations")
    act = operation.options.get(OF_ACT, operation.pk)
    return [{"label": label, "url": reverse(f"{records}.list") + f"?act={act}&state=all"}]


def _pages_of(operation: Operation, ids: Collection[UUID]) -> dict[UUID, str]:
    records = operation.options["act"].partition(".")[0]
    there = RECORDS[records].objects.filter(pk__in=ids).values_list("pk", flat=True)
    return {key: reverse(f"{records}.show", kwargs={"id": key}) for key in there}


register_operation(
    OperationKind(
        name=BULK_CHANGE,
        take_slice=take_slice,
        undo=undo,
        is_reversible=lambda operation: Act.objects.filter(pk=operation.pk).exists(),
        permissions=(Permission.VIEW_CLIENTS,),
        undo_of_others=(
            Permission.EDIT_CLIENTS,
            Permission.DELETE_CLIENTS,
            Permission.MANAGE_CLIENT_ORGANIZATIONS,
        ),
        way=Way.PAGE,
        label=_label,
        links=_links,
        pages_of=_pages_of,
    )
)
