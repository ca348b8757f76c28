"""`record()`: the only writer of history, and the single source of what follows from an act."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from portico.history.models import Act, Event, FollowUp
from portico.history.receivers import is_followed
from portico.history.reversals import is_reversible
from portico.kit.actors import Actor, ActorKind
from portico.kit.inserting import insert_rows
from portico.kit.making import make_rows
from portico.kit.slices import in_slices

Changes = Mapping[str, Sequence[Any]]
FOLLOW_UP_SLICE = 500


def record(
    actor: Actor,
    kind: str,
    subjects: Sequence[models.Model],
    *,
    changes: Changes | Mapping[UUID, Changes] | None = None,
    organization_id: UUID | Mapping[UUID, UUID | None] | None = None,
    reversal: Mapping[UUID, Any] | None = None,
) -> list[Event]:
    """Write one event per subject, and one follow-up for the call when anybody follows this kind.

    Takes `kind` as `<noun>.<past participle>`; `changes` as {field: [old, new]} for all subjects,
    or keyed by subject id; `organization_id` of the organization in whose history the event also
    stands, or keyed by subject id (an organization's own events stand in it anyway); `reversal`
    keyed by subject id as what undo needs besides. The first kind that can be undone names the
    act. Must run inside the transaction of the act. Returns the events.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the act it records.")
    by_subject = _changes_by_subject(changes, subjects)
    same = {
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name[:254],
        "kind": kind,
        "request_id": actor.request_id,
        "act_id": actor.act_id,
        "ip": actor.ip,
        "way": actor.way,
        "at": timezone.now(),
    }
    each = (
        {
            "subject_type": _type_name(subject),
            "subject_id": subject.pk,
            "subject_name": str(subject)[:254],
            "organization_id": _organization_of(subject, organization_id),
            "changes": _readable(by_subject.get(subject.pk, {})),
            "reversal": (reversal or {}).get(subject.pk),
        }
        for subject in subjects
    )
    events = make_rows(Event, same, each=each)
    insert_rows(events)
    if events:
        _leave_traces(actor, events)
    return events


def _leave_traces(actor: Actor, events: Sequence[Event]) -> None:
    kind = events[0].kind
    if is_followed(kind):
        _enqueue(events)
    if is_reversible(kind) and actor.kind is not ActorKind.SYSTEM:
        _name_act(actor, events)


def count_act(act_id: UUID, records: int) -> None:
    """Say how many records an act changed that was done in slices."""
    Act.objects.filter(pk=act_id).update(records=records)


def _name_act(actor: Actor, events: Sequence[Event]) -> None:
    """Let the first events of an act stand for it; later ones of the same act change nothing."""
    first = events[0]
    act = Act(
        pk=actor.act_id,
        user_id=actor.user_id,
        actor_name=first.actor_name,
        kind=first.kind,
        subject_type=first.subject_type,
        subject_id=first.subject_id,
        subject_name=first.subject_name,
        records=len(events),
        at=first.at,
    )
    Act.objects.bulk_create([act], ignore_conflicts=True)


def _enqueue(events: Sequence[Event]) -> None:
    each = (
        {"event_ids": [str(event.pk) for event in part]}
        for part in in_slices(events, FOLLOW_UP_SLICE)
    )
    insert_rows(make_rows(FollowUp, {"next_attempt_at": timezone.now()}, each=each))


def _changes_by_subject(changes: Any, subjects: Sequence[models.Model]) -> dict[UUID, Any]:
    if not changes:
        return {}
    if isinstance(next(iter(changes)), UUID):
        return dict(changes)
    return {subject.pk: changes for subject in subjects}


def _readable(changes: Changes) -> dict[str, list[Any]]:
    """Old and new as JSON takes them."""
    return {field: [_plain(old), _plain(new)] for field, (old, new) in changes.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _type_name(subject: models.Model) -> str:
    """The domain's word for the record: a proxy's own name, else the model's."""
    return getattr(subject, "record_type", subject._meta.model_name or "")


def _organization_of(
    subject: models.Model, organization_id: UUID | Mapping[UUID, UUID | None] | None
) -> UUID | None:
    if _type_name(subject) == "organization":
        return subject.pk  # type: ignore[no-any-return]
    if isinstance(organization_id, Mapping):
        return organization_id.get(subject.pk)
    return organization_id or getattr(subject, "organization_id", None)
