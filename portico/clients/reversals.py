"""How changes to organizations and people are taken back."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portico.accounts.actions.avatars import AVATAR
from portico.clients.actions.avatars import restore_avatar
from portico.clients.actions.locations import (
    close_locations,
    reopen_locations,
    undo_creation_of_locations,
    update_location,
)
from portico.clients.actions.memberships import restore_memberships
from portico.clients.actions.merging import take_back_distinction, undo_merge
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
from portico.clients.actions.properties import (
    archive_properties,
    move_property,
    unarchive_properties,
    undo_creation_of_properties,
    update_property,
)
from portico.clients.actions.tags import (
    restore_tags,
    set_tags_of_organizations,
    set_tags_of_people,
    update_tag,
)
from portico.clients.actions.undo import undo_creation
from portico.clients.cleaning import PROPERTY_PREFIX
from portico.clients.models import CustomProperty, Location, Organization, Person, Tag
from portico.history.models import Event
from portico.history.reversals import (
    Kept,
    Restoration,
    add_restoration,
    add_reversal,
    changed_since,
    without_taken_back,
)
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.ids import parse_id
from portico.kit.slices import in_slices
from portico.workspaces.choices import Permission

WARNINGS = ("equal_name", "past_date")
RESTORABLE_OF_ORGANIZATIONS = (
    *("name", "reference", "description", "website", "membership_end_date", "is_active"),
    *("address_street", "address_city", "address_region", "address_postal_code"),
    *("address_country", "tags", "account_managers"),
)
RESTORABLE_OF_PEOPLE = (
    *("name", "given_name", "family_name", "email", "position", "phone", "reference"),
    *("tags", "account_manager"),
)
_OPPOSITES = {"archived": "unarchived", "disabled": "enabled", "closed": "reopened"}


def _restore_organizations(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, before: dict[str, Any]) -> None:
        update_organization(actor, event.subject_id, before, confirm=WARNINGS)

    retag = partial(set_tags_of_organizations, actor)
    return _restore(events, model=Organization, restore=restore, retag=retag)


def _restore_people(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, before: dict[str, Any]) -> None:
        if AVATAR in before:
            restore_avatar(actor, event.subject_id, parse_id(before.pop(AVATAR) or ""))
        if before:
            update_person(actor, event.subject_id, before)

    retag = partial(set_tags_of_people, actor)
    return _restore(events, model=Person, restore=restore, retag=retag)


def _restore_tag(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, before: dict[str, Any]) -> None:
        update_tag(actor, event.subject_id, before)

    return _restore(events, model=Tag, restore=restore)


def _bring_tags_back(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Bring back merged or deleted tags; those who carried them are restored by their own events.

    Undo goes backwards, so that by now the names are back on the records.
    """
    for event in events:
        restore_tags(actor, (event.reversal or {}).get("tags", []))
    return []


def _restore(
    events: Sequence[Event],
    *,
    model: Any,
    restore: Callable[[Event, dict[str, Any]], None],
    retag: Callable[[dict[UUID, Any]], Any] | None = None,
) -> list[Kept]:
    """Give each record the values it had, unless one of them was changed again since.

    Where nothing but tags changed, all records get theirs back at once: such acts are large.
    """
    tagged: dict[UUID, Any] = {}
    kept: list[Kept] = []
    rows = {
        row.pk: row
        for part in in_slices([event.subject_id for event in events])
        for row in model.objects.filter(pk__in=part)
    }
    for event in events:
        row = rows.get(event.subject_id)
        if row is None:
            kept.append(_gone(event))
            continue
        changed = _changed_since(event)
        if changed is not None:
            kept.append(changed_since(event, changed.actor_name, by=changed.actor_id))
            continue
        if retag is not None and set(event.changes) == {"tags"}:
            tagged[row.pk] = event.changes["tags"][0]
            continue
        try:
            before = {field: old for field, (old, _new) in event.changes.items()}
            restore(event, before | (event.reversal or {}))
        except (NotThere, Refused) as refused:
            reason = refused.detail or _("It is no longer there.")
            kept.append(Kept(name=str(row), reason=reason, subject_id=row.pk))
    if retag is not None and tagged:
        retag(tagged)
    return kept


def _changed_since(event: Event) -> Event | None:
    """The newest other event that says something newer about one of the same fields."""
    kinds = (event.kind, f"{event.subject_type}.merged")
    newer = Event.objects.filter(subject_id=event.subject_id, id__gt=event.pk).order_by("-id")
    fields = set(event.changes)
    for other in without_taken_back(list(newer)):
        if other.kind in kinds and fields & set(other.changes):
            return other
    return None


def _gone(event: Event) -> Kept:
    reason = _("It is no longer there.")
    return Kept(name=event.subject_name, reason=reason, subject_id=event.subject_id)


def _switch_back(
    action: Callable[[Actor, Any], Sequence[Any]], model: Any
) -> Callable[[Actor, Sequence[Event]], list[Kept]]:
    """A reversal that is one bulk action over those records that nobody switched since."""

    def reverse(actor: Actor, events: Sequence[Event]) -> list[Kept]:
        switched = _switched_since(events)
        kept = [
            changed_since(event, switched[event.subject_id][0], by=switched[event.subject_id][1])
            for event in events
            if event.subject_id in switched
        ]
        left = {event.subject_id: event for event in events if event.subject_id not in switched}
        there: set[Any] = set()
        for part in in_slices(list(left)):
            there |= set(model.objects.filter(pk__in=part).values_list("pk", flat=True))
        kept += [_gone(event) for key, event in left.items() if key not in there]
        if there:
            action(actor, model.objects.filter(pk__in=there))
        return kept

    return reverse


def _switched_since(events: Sequence[Event]) -> dict[Any, tuple[str, Any]]:
    """Whose state another act switched later, and who did; both ways of a switch count."""
    kinds = {kind for event in events for kind in _both_ways(event.kind)}
    own = {event.act_id for event in events}
    first = min(event.pk for event in events)
    found: dict[Any, tuple[str, Any]] = {}
    for part in in_slices([event.subject_id for event in events]):
        newer = Event.objects.filter(subject_id__in=part, kind__in=kinds, id__gt=first)
        told = without_taken_back(list(newer.exclude(act_id__in=own).order_by("id")))
        found.update({row.subject_id: (row.actor_name, row.actor_id) for row in told})
    return found


def _both_ways(kind: str) -> tuple[str, str]:
    noun, _dot, verb = kind.partition(".")
    other = _OPPOSITES.get(verb) or next(a for a, b in _OPPOSITES.items() if b == verb)
    return kind, f"{noun}.{other}"


def _remove_created(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Remove what the act created; one call takes organizations and people alike."""
    try:
        act_id = events[0].act_id
        undone = undo_creation(actor, act_id) if act_id else None
    except Refused as refused:
        if refused.code != "nothing_to_undo":
            raise
        return []
    reason = _("It is in use: archive it instead.")
    return [Kept(name=name, reason=reason) for name in undone.kept] if undone else []


def _restore_property(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, before: dict[str, Any]) -> None:
        update_property(actor, event.subject_id, before)

    return _restore(events, model=CustomProperty, restore=restore)


def _move_property_back(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, _before: dict[str, Any]) -> None:
        old, new = event.changes["place"]
        move_property(actor, event.subject_id, by=old - new)

    return _restore(events, model=CustomProperty, restore=restore)


def _remove_created_properties(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Remove the properties of which no record has a value."""
    staying = undo_creation_of_properties(actor, [event.subject_id for event in events])
    reason = _("Records have values of it: archive it instead.")
    return [Kept(name=row.label, reason=reason, subject_id=row.pk) for row in staying]


def _properties_by_id(
    action: Callable[[Actor, list[UUID]], Sequence[Any]],
) -> Callable[[Actor, Any], Sequence[Any]]:
    """An action on properties that takes their ids, as one that takes rows."""
    return lambda actor, rows: action(actor, [row.pk for row in rows])


def _restore_locations(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    def restore(event: Event, before: dict[str, Any]) -> None:
        update_location(actor, event.subject_id, before)

    return _restore(events, model=Location, restore=restore)


def _remove_created_locations(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Remove the places that nothing has touched since."""
    staying = undo_creation_of_locations(actor, [event.subject_id for event in events])
    reason = _("It was changed since.")
    return [Kept(name=row.name, reason=reason, subject_id=row.pk) for row in staying]


def _restore_memberships(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Give each person the memberships they had; an event without them is told by another."""
    kept: list[Kept] = []
    for event in events:
        if not event.reversal:
            continue
        sides = {"wanted": event.reversal["before"], "expected": event.reversal["after"]}
        try:
            restore_memberships(actor, event.subject_id, **sides)
        except (NotThere, Refused) as refused:
            reason = refused.detail or _("It is no longer there.")
            kept.append(Kept(name=event.subject_name, reason=reason, subject_id=event.subject_id))
    return kept


def _take_apart(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Two records again of each that was merged; a refusal says what to undo before."""
    for event in events:
        undo_merge(actor, UUID((event.reversal or {})["merge"]))
    return []


def _compare_again(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Two records that may be one again; taken back already is taken back."""
    for event in events:
        if event.reversal:
            with suppress(NotThere):
                take_back_distinction(actor, UUID(event.reversal["distinction"]))
    return []


_MANAGE = (Permission.MANAGE_CLIENT_ORGANIZATIONS,)
_REMOVE = (Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)

add_reversal("organization.created", "person.created", reverse=_remove_created, permissions=_REMOVE)
add_reversal("organization.updated", reverse=_restore_organizations, permissions=_MANAGE)
add_reversal("person.updated", reverse=_restore_people, permissions=(Permission.EDIT_CLIENTS,))
for _kind, _action, _model, _permission in (
    ("organization.archived", unarchive_organizations, Organization, _REMOVE),
    ("organization.unarchived", archive_organizations, Organization, _REMOVE),
    ("person.archived", unarchive_people, Person, (Permission.DELETE_CLIENTS,)),
    ("person.unarchived", archive_people, Person, (Permission.DELETE_CLIENTS,)),
    ("person.disabled", enable_people, Person, (Permission.EDIT_CLIENTS,)),
    ("person.enabled", disable_people, Person, (Permission.EDIT_CLIENTS,)),
    ("location.closed", reopen_locations, Location, _MANAGE),
    ("location.reopened", close_locations, Location, _MANAGE),
):
    add_reversal(_kind, reverse=_switch_back(_action, _model), permissions=_permission)

add_restoration(
    "organization.updated",
    Restoration(
        restore=lambda actor, key, before: update_organization(
            actor, key, before, confirm=WARNINGS
        ),
        fields=RESTORABLE_OF_ORGANIZATIONS,
        prefixes=(PROPERTY_PREFIX,),
        permissions=_MANAGE,
    ),
)
add_restoration(
    "person.updated",
    Restoration(
        restore=update_person,
        fields=RESTORABLE_OF_PEOPLE,
        prefixes=(PROPERTY_PREFIX,),
        permissions=(Permission.EDIT_CLIENTS,),
    ),
)
add_reversal("tag.updated", reverse=_restore_tag, permissions=(Permission.MANAGE_WORKSPACE,))
add_reversal(
    *("tag.merged", "tag.deleted"),
    reverse=_bring_tags_back,
    permissions=(Permission.MANAGE_WORKSPACE,),
)
_SETTINGS = (Permission.MANAGE_WORKSPACE,)
add_reversal("property.created", reverse=_remove_created_properties, permissions=_SETTINGS)
add_reversal("property.updated", reverse=_restore_property, permissions=_SETTINGS)
add_reversal("property.moved", reverse=_move_property_back, permissions=_SETTINGS)
for _kind, _by_ids in (
    ("property.archived", unarchive_properties),
    ("property.unarchived", archive_properties),
):
    _switch = _switch_back(_properties_by_id(_by_ids), CustomProperty)
    add_reversal(_kind, reverse=_switch, permissions=_SETTINGS)
add_reversal("location.created", reverse=_remove_created_locations, permissions=_MANAGE)
add_reversal("location.updated", reverse=_restore_locations, permissions=_MANAGE)
add_reversal(
    *("membership.created", "membership.updated", "membership.removed", "membership.restored"),
    "person.moved",
    reverse=_restore_memberships,
    permissions=(Permission.EDIT_CLIENTS,),
)
add_reversal("organization.merged", reverse=_take_apart, permissions=_REMOVE)
add_reversal(
    "person.merged",
    reverse=_take_apart,
    permissions=(Permission.DELETE_CLIENTS, Permission.EDIT_CLIENTS),
)
add_reversal("organization.told_apart", reverse=_compare_again, permissions=_MANAGE)
add_reversal("person.told_apart", reverse=_compare_again, permissions=(Permission.EDIT_CLIENTS,))
