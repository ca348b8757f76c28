"""How changes to organizations and people are taken back."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.actions.organizations import (
    archive_organizations,
    unarchive_organizations,
    update_organization,
)
from portico.clients.actions.people import (
    archive_people,
    disable_people,
    enable_people,
    unarchive_people,
    update_person,
)
from portico.clients.actions.undo import undo_creation
from portico.clients.models import Organization, Person
from portico.history.models import Event
from portico.history.reversals import Kept, add_reversal
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.slices import in_slices

WARNINGS = ("equal_name", "past_date")


def _restore_organizations(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, before: dict[str, Any]) -> None:
        update_organization(actor, event.subject_id, before, confirm=WARNINGS)

    return _restore(events, model=Organization, restore=restore)


def _restore_people(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, before: dict[str, Any]) -> None:
        update_person(actor, event.subject_id, before)

    return _restore(events, model=Person, restore=restore)


def _restore(
    events: Sequence[Event], *, model: Any, restore: Callable[[Event, dict[str, Any]], None]
) -> list[Kept]:
    """Give each record the values it had, unless one of them was changed again since."""
    kept: list[Kept] = []
    rows = {
        row.pk: row
        for part in in_slices([event.subject_id for event in events])
        for row in model.objects.filter(pk__in=part)
    }
    for event in events:
        row = rows.get(event.subject_id)
        if row is None:
            kept.append(Kept(name=event.subject_name, reason=_("It is no longer there.")))
            continue
        if _has_changed_since(row, event):
            kept.append(Kept(name=str(row), reason=_changed_by(event)))
            continue
        try:
            restore(event, {field: old for field, (old, _new) in event.changes.items()})
        except (NotThere, Refused) as refused:
            kept.append(Kept(name=str(row), reason=refused.detail or _("It is no longer there.")))
    return kept


def _has_changed_since(row: Any, event: Event) -> bool:
    """Whether another event says something newer about one of the same fields."""
    newer = Event.objects.filter(subject_id=row.pk, kind=event.kind, id__gt=event.pk)
    fields = set(event.changes)
    return any(fields & set(other) for other in newer.values_list("changes", flat=True))


def _changed_by(event: Event) -> str:
    newer = Event.objects.filter(subject_id=event.subject_id, kind=event.kind, id__gt=event.pk)
    name = newer.order_by("-id").values_list("actor_name", flat=True).first()
    return _("Changed since by %(name)s.") % {"name": name}


def _by(
    action: Callable[[Actor, Any], Sequence[Any]], model: Any
) -> Callable[[Actor, Sequence[Event]], list[Kept]]:
    """A reversal that is one bulk action over the same records."""

    def reverse(actor: Actor, events: Sequence[Event]) -> list[Kept]:
        names = {event.subject_id: event.subject_name for event in events}
        rows = model.objects.filter(pk__in=list(names))
        action(actor, rows)
        there = set(rows.values_list("pk", flat=True))
        reason = _("It is no longer there.")
        return [Kept(name=name, reason=reason) for key, name in names.items() if key not in there]

    return reverse


def _remove_created(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Remove what the act created; one call takes organizations and people alike."""
    try:
        act_id = events[0].act_id
        undone = undo_creation(actor, act_id) if act_id else None
    except Refused as refused:
        if refused.code != "nothing_to_undo":
            raise
        return []
    reason = _("It is in use.")
    return [Kept(name=name, reason=reason) for name in undone.kept] if undone else []


add_reversal("organization.created", "person.created", reverse=_remove_created)
add_reversal("organization.updated", reverse=_restore_organizations)
add_reversal("person.updated", reverse=_restore_people)
add_reversal("organization.archived", reverse=_by(unarchive_organizations, Organization))
add_reversal("organization.unarchived", reverse=_by(archive_organizations, Organization))
add_reversal("person.archived", reverse=_by(unarchive_people, Person))
add_reversal("person.unarchived", reverse=_by(archive_people, Person))
add_reversal("person.disabled", reverse=_by(enable_people, Person))
add_reversal("person.enabled", reverse=_by(disable_people, Person))
