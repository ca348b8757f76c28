"""Create, change, close and reopen the places of organizations; nothing is deleted (S4.47)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.clients.actions.counters import recount_locations
from portico.clients.actions.locks import held, hold_organizations
from portico.clients.actions.tagging import Carrier, assign, tags_named, tags_of
from portico.clients.cleaning.locations import clean_location
from portico.clients.models import Location, LocationTag, Organization, Tag, missing
from portico.clients.querysets import LocationQuerySet
from portico.history.actions import record
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, NotThere, Refused, Stale
from portico.kit.names import name_key
from portico.ui.words import say
from portico.workspaces.choices import Permission

TAGS = "tags"
LOCATIONS = Carrier(
    model=Location, assignment=LocationTag, column="location_id", kind="location.updated"
)


@transaction.atomic
def create_location(actor: Actor, organization_id: UUID, fields: Mapping[str, Any]) -> Location:
    """Add a place to an organization; a name alone is enough.

    Raises NotThere for an organization the actor does not see (Merged for one that became part of
    another), Refused for wrong fields and for an archived organization.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    organization = Organization.objects.visible_to(actor).filter(pk=organization_id).first()
    if organization is None:
        raise missing(actor, Organization, organization_id, field="organization")
    if organization.archived_at is not None:
        text = say("This organization is archived. Unarchive it first.")
        raise Refused("organization_archived", text)
    cleaned = clean_location({"name": "", **fields})
    hold_organizations([organization.pk])
    tags = _tags(actor, cleaned.pop(TAGS, []))
    _require_whole_position(cleaned.get("latitude"), cleaned.get("longitude"))
    location: Location = Location.objects.create(organization=organization, **cleaned)
    assign(LOCATIONS, {location.pk: tags}, old={})
    recount_locations([organization.pk])
    record(actor, "location.created", [location])
    return location


@transaction.atomic
def update_location(
    actor: Actor, location_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> Location:
    """Change fields of a place as read at `version`; what stays the same leaves no trace.

    Raises NotThere, Stale (with the present record), Refused.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    location = _locked(actor, location_id)
    if version is not None and version != location.version:
        raise Stale(location)
    cleaned = clean_location(changes)
    wanted = cleaned.pop(TAGS, None)
    changed = {
        field: [getattr(location, field), value]
        for field, value in cleaned.items()
        if getattr(location, field) != value
    }
    for field, (_old, new) in changed.items():
        setattr(location, field, new)
    _require_whole_position(location.latitude, location.longitude)
    columns = list(changed)
    changed |= _retag(actor, location, wanted)
    if changed:
        location.version += 1
        location.save(update_fields=[*columns, "name_key", "version", "updated_at"])
        record(actor, "location.updated", [location], changes=changed)
    return location


@transaction.atomic
def close_locations(actor: Actor, locations: LocationQuerySet) -> list[Location]:
    """Close places: they keep their data, no longer count and are not offered (S4.47)."""
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    return _switch(actor, locations.visible_to(actor).open(), is_open=False)


@transaction.atomic
def reopen_locations(actor: Actor, locations: LocationQuerySet) -> list[Location]:
    """Open closed places again: they count and are offered as before."""
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    return _switch(actor, locations.visible_to(actor).closed(), is_open=True)


@transaction.atomic
def undo_creation_of_locations(actor: Actor, location_ids: Sequence[UUID]) -> list[Location]:
    """Remove for good those that nothing has touched since they were created.

    Returns the ones that stay: changed, closed or reopened meanwhile.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    places = Location.objects.filter(pk__in=location_ids)
    hold_organizations(places.values_list("organization_id", flat=True))
    rows = list(held(places))
    later = Event.objects.filter(subject_id__in=[row.pk for row in rows])
    touched = set(later.exclude(kind="location.created").values_list("subject_id", flat=True))
    touched |= {row.pk for row in rows if row.version > 1}
    leaving = [row for row in rows if row.pk not in touched]
    record(actor, "location.removed", leaving)
    Location.objects.filter(pk__in=[row.pk for row in leaving]).delete()
    recount_locations(row.organization_id for row in leaving)
    return [row for row in rows if row.pk in touched]


def _switch(actor: Actor, rows: LocationQuerySet, *, is_open: bool) -> list[Location]:
    hold_organizations(rows.values_list("organization_id", flat=True))
    changed = list(held(rows))
    now = timezone.now()
    Location.objects.filter(pk__in=[row.pk for row in changed]).update(
        archived_at=None if is_open else now, version=F("version") + 1, updated_at=now
    )
    recount_locations(row.organization_id for row in changed)
    places = {row.pk: row.organization_id for row in changed}
    kind = "location.reopened" if is_open else "location.closed"
    record(actor, kind, changed, organization_id=places)
    return changed


def _locked(actor: Actor, location_id: UUID) -> Location:
    rows = Location.objects.visible_to(actor).filter(pk=location_id)
    hold_organizations(rows.values_list("organization_id", flat=True))
    location: Location | None = held(rows).first()
    if location is None:
        raise NotThere
    return location


def _tags(actor: Actor, names: Sequence[str]) -> list[Tag]:
    known = tags_named(actor, names) if names else {}
    return [known[name_key(name)] for name in names]


def _retag(actor: Actor, location: Location, names: Sequence[str] | None) -> dict[str, list[Any]]:
    """Give it these tags and no others; None leaves them as they are."""
    if names is None:
        return {}
    old, new = tags_of(LOCATIONS, [location.pk])[location.pk], _tags(actor, names)
    if {tag.pk for tag in old} == {tag.pk for tag in new}:
        return {}
    assign(LOCATIONS, {location.pk: new}, old={location.pk: old})
    return {TAGS: [[tag.name for tag in old], sorted(tag.name for tag in new)]}


def _require_whole_position(latitude: Any, longitude: Any) -> None:
    """A place on the map has both coordinates, or none."""
    if (latitude is None) == (longitude is None):
        return
    missing = "latitude" if latitude is None else "longitude"
    text = _("Enter both latitude and longitude, or neither.")
    raise Refused("invalid", text, errors=[FieldProblem(missing, "incomplete_position", text)])
