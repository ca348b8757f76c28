"""Undo an act: take back, newest first, what its events tell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.history.actions.recording import record
from portico.history.models import UNDO_FOR, Act, Event
from portico.history.reports import VIEW_HISTORY
from portico.history.reversals import (
    REPEATED,
    UNDONE,
    Kept,
    is_reversible,
    restoration_of,
    reverse_events,
)
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused


@dataclass(frozen=True, kw_only=True)
class Undone:
    """The act that was undone, and the records that stay because they changed since."""

    act: Act
    kept: tuple[Kept, ...]


@transaction.atomic
def undo_act(actor: Actor, act_id: UUID) -> Undone:
    """Take back everything an act did, within 30 days of it (ui.md 1, rule 1).

    Whether the actor may is asked by the actions that do it. Records that somebody changed since
    stay and are named. Raises NotThere, Denied, and Refused("already_undone", "undo_expired",
    "changed_since" when there is nothing left that could be taken back).
    """
    act = Act.objects.filter(pk=act_id).select_for_update().first()
    if act is None:
        raise NotThere
    if act.undone_at is not None:
        raise Refused("already_undone", _("This was undone already."), status=409)
    if act.at < timezone.now() - UNDO_FOR:
        raise Refused("undo_expired", _("This can be undone for 30 days; they are over."))
    kept = _reverse(actor, act_id)
    close_act(actor, act_id)
    _name_alike(actor, act)
    return Undone(act=act, kept=kept)


def _name_alike(actor: Actor, act: Act) -> None:
    """Let the undo be told by the kind of record that the act was about, not by what came first."""
    told = Event.objects.filter(act_id=actor.act_id, subject_type=act.subject_type)
    first = told.order_by("id").first()
    if first is None:
        return
    Act.objects.filter(pk=actor.act_id).update(
        kind=first.kind,
        subject_type=first.subject_type,
        subject_id=first.subject_id,
        subject_name=first.subject_name,
        records=told.filter(kind=first.kind).count(),
    )


def close_act(actor: Actor, act_id: UUID) -> None:
    """Note that an act is undone, and tell it: `act.undone`, or `act.repeated` of what was an undo.

    The actor's own act is then known as an undo (`last_to_undo`). Does nothing for an act that
    could never be undone or is undone already.
    """
    act = Act.objects.filter(pk=act_id, undone_at=None).first()
    if act is None:
        return
    was_undo = Event.objects.filter(act_id=act_id, kind=UNDONE).exists()
    Act.objects.filter(pk=act_id).update(undone_at=timezone.now())
    record(actor, REPEATED if was_undo else UNDONE, [act])


def last_to_undo(actor: Actor, *, passing: Collection[UUID] = ()) -> UUID | None:
    """The actor's newest act that stands and is no undo itself; None when nothing is left.

    `passing` are those that could not be taken back and are not tried again.
    """
    undoing = Event.objects.filter(act_id=OuterRef("pk"), kind=UNDONE)
    acts = Act.objects.filter(~Exists(undoing), user_id=actor.user_id, undone_at=None)
    acts = acts.filter(at__gt=timezone.now() - UNDO_FOR).exclude(pk__in=list(passing))
    newest: UUID | None = acts.order_by("-id").values_list("pk", flat=True).first()
    return newest


def _reverse(actor: Actor, act_id: UUID) -> tuple[Kept, ...]:
    events = list(Event.objects.filter(act_id=act_id).order_by("-id"))
    kept = reverse_events(actor, events)
    if events and _nothing_done(events, kept):
        reasons = " ".join(dict.fromkeys(item.reason_for(actor) for item in kept))
        raise Refused("changed_since", reasons, status=409)
    return tuple(kept)


def _nothing_done(events: Sequence[Event], kept: Sequence[Kept]) -> bool:
    """Whether every record of the act stays as it is."""
    keys = {item.subject_id for item in kept}
    names = {item.name for item in kept if item.subject_id is None}
    told = [event for event in events if is_reversible(event.kind)]
    return all(event.subject_id in keys or event.subject_name in names for event in told)


@transaction.atomic
def restore_value(actor: Actor, event_id: UUID, field: str) -> Event:
    """Give one field the value back that it had before this event, whatever came after.

    Raises Denied without the permissions to read history or to change the record, NotThere for an
    event or field that has nothing to bring back, and what the action refuses.
    """
    actor.require(VIEW_HISTORY)
    event: Event | None = Event.objects.filter(pk=event_id).first()
    restoration = restoration_of(event.kind) if event else None
    if event is None or restoration is None or not restoration.takes(field):
        raise NotThere
    actor.require(*restoration.permissions)
    if field not in event.changes:
        raise NotThere
    # What reads as names in History is kept as ids beside it.
    before = event.reversal if event.reversal and field in event.reversal else None
    value = before[field] if before else event.changes[field][0]
    restoration.restore(actor, event.subject_id, {field: value})
    return event
