"""How changes of services and subscriptions are taken back."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.catalog.actions.services import remove_unused_services, update_service
from portico.catalog.actions.subscriptions import end_subscription, update_subscription
from portico.history.models import Event
from portico.history.reversals import Kept, add_reversal, changed_since, without_taken_back
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.workspaces.choices import Permission

DAYS = ("since", "until")
Reverse = Callable[[Actor, Event], object]


def _one_by_one(reverse: Reverse) -> Callable[[Actor, Sequence[Event]], list[Kept]]:
    """A reversal that takes back each record that nobody changed since."""

    def reverse_all(actor: Actor, events: Sequence[Event]) -> list[Kept]:
        kept: list[Kept] = []
        for event in events:
            stays = _what_stays(actor, event, reverse)
            if stays:
                kept.append(stays)
        return kept

    return reverse_all


def _what_stays(actor: Actor, event: Event, reverse: Reverse) -> Kept | None:
    newer = Event.objects.filter(subject_id=event.subject_id, id__gt=event.pk)
    others = newer.exclude(act_id=event.act_id).order_by("-id")
    other = next(iter(without_taken_back(list(others))), None)
    if other is not None:
        return changed_since(event, other.actor_name, by=other.actor_id)
    try:
        reverse(actor, event)
    except (NotThere, Refused) as refused:
        reason = refused.detail or _("It is no longer there.")
        return Kept(name=event.subject_name, reason=reason, subject_id=event.subject_id)
    return None


def _before(event: Event) -> dict[str, Any]:
    return {field: old for field, (old, _new) in event.changes.items()}


def _days_before(event: Event) -> dict[str, Any]:
    before = _before(event)
    return {
        name: datetime.date.fromisoformat(before[name]) if before[name] else None
        for name in DAYS
        if name in before
    }


def _remove_services(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    removed = {row.pk for row in remove_unused_services(actor, [row.subject_id for row in events])}
    reason = _("It is in use.")
    return [
        Kept(name=event.subject_name, reason=reason, subject_id=event.subject_id)
        for event in events
        if event.subject_id not in removed
    ]


_SERVICES = (Permission.MANAGE_SERVICES,)
_ORGANIZATIONS = (Permission.MANAGE_CLIENT_ORGANIZATIONS,)
_restore_days = _one_by_one(
    lambda actor, event: update_subscription(actor, event.subject_id, _days_before(event))
)

add_reversal("service.created", reverse=_remove_services, permissions=_SERVICES)
add_reversal(
    "service.updated",
    reverse=_one_by_one(
        lambda actor, event: update_service(actor, event.subject_id, _before(event))
    ),
    permissions=_SERVICES,
)
add_reversal(
    "subscription.created",
    reverse=_one_by_one(lambda actor, event: end_subscription(actor, event.subject_id)),
    permissions=_ORGANIZATIONS,
)
add_reversal(
    "subscription.ended",
    "subscription.updated",
    reverse=_restore_days,
    permissions=_ORGANIZATIONS,
)
