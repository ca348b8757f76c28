"""The open list of what can be taken back: apps above add to it at start-up."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.slices import in_slices

UNDONE = "act.undone"
REPEATED = "act.repeated"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A record that stays as it is when an act is undone, and why."""

    name: str
    reason: str
    subject_id: UUID | None = None
    changed_by: UUID | None = None

    def reason_for(self, reader: Actor) -> str:
        """Why, to somebody who may be the one who changed it since."""
        is_own = self.changed_by is not None and self.changed_by == reader.id
        return _("Changed since by you.") if is_own else self.reason


def changed_since(event: Event, name: str, *, by: UUID | None) -> Kept:
    """The record of this event stays, because somebody changed it since."""
    reason = _("Changed since by %(name)s.") % {"name": name}
    return Kept(name=event.subject_name, reason=reason, subject_id=event.subject_id, changed_by=by)


def without_taken_back(rows: Sequence[Event]) -> list[Event]:
    """Those of the newer events of some records that still say something, in their order.

    An act that was undone and the act that undid it left a record as it was before both; so Z goes
    back step by step over several changes of one field. Where a record was left alone by the undo,
    what was done to it stands.
    """
    closed: dict[UUID, UUID] = {}
    for part in in_slices(list({row.act_id for row in rows})):
        told = Event.objects.filter(act_id__in=part, kind__in=(UNDONE, REPEATED))
        closed |= dict(told.values_list("act_id", "subject_id"))
    acts: dict[UUID, set[UUID | None]] = {}
    for row in rows:
        acts.setdefault(row.subject_id, set()).add(row.act_id)
    for standing in acts.values():
        for act in sorted(closed.keys() & standing, reverse=True):
            if act in standing and closed[act] in standing:
                standing -= {act, closed[act]}
    return [row for row in rows if row.act_id in acts[row.subject_id]]


Reversal = Callable[[Actor, Sequence[Event]], Sequence[Kept]]

Restore = Callable[[Actor, UUID, Mapping[str, Any]], object]


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """How one field gets an older value back: by the action that changes it, with its permissions.

    `fields` are those that the action takes, also those whose names begin with one of `prefixes`;
    others of the same kind of event offer nothing.
    """

    restore: Restore
    fields: Collection[str]
    permissions: tuple[str, ...]
    prefixes: tuple[str, ...] = ()

    def takes(self, field: str) -> bool:
        """Whether the action takes this field."""
        return field in self.fields or field.startswith(self.prefixes)

    def is_offered(self, actor: Actor, field: str) -> bool:
        """Whether this actor may bring back this field."""
        return self.takes(field) and actor.may(*self.permissions)


_reversals: dict[str, Reversal] = {}
_permissions: dict[str, tuple[str, ...]] = {}
_restorations: dict[str, Restoration] = {}


def add_reversal(*kinds: str, reverse: Reversal, permissions: tuple[str, ...] = ()) -> None:
    """Say how events of these kinds are taken back.

    `reverse(actor, events)` gets the events of these kinds of one act, newest first, inside a
    transaction. It calls the actions that a person would call, so that they check permission,
    leave events and keep counters; a record that has changed since is left alone and returned.
    `permissions` are those without which it is not offered in the history of records for acts of
    others; without any it is offered there for one's own acts only.
    """
    for kind in kinds:
        _reversals[kind] = reverse
        _permissions[kind] = permissions


def add_restoration(kind: str, restoration: Restoration) -> None:
    """Say how a single field of events of this kind gets its old value back."""
    _restorations[kind] = restoration


def restoration_of(kind: str) -> Restoration | None:
    """How fields of this kind of event are brought back, if they can be."""
    return _restorations.get(kind)


def may_be_offered(actor: Actor, kind: str, *, is_own: bool) -> bool:
    """Whether to offer this actor to undo an act of this kind; the actions ask once more."""
    demanded = _permissions.get(kind, ())
    return is_own or (bool(demanded) and actor.may(*demanded))


def is_reversible(kind: str) -> bool:
    """Whether an act of this kind can be undone at all."""
    return kind in _reversals


def reverse_events(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Take back what the events of one act tell, newest kind first.

    Kinds with the same reversal go to it together; kinds that nobody takes back are skipped.
    """
    grouped: dict[Reversal, list[Event]] = {}
    for event in events:
        reverse = _reversals.get(event.kind)
        if reverse is not None:
            grouped.setdefault(reverse, []).append(event)
    return [kept for reverse, told in grouped.items() for kept in reverse(actor, told)]
