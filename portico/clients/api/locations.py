"""/api/v1/locations."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.clients.actions.locations import (
    LOCATIONS,
    close_locations,
    create_location,
    reopen_locations,
    update_location,
)
from portico.clients.actions.tagging import tags_of
from portico.clients.cleaning.locations import ADDRESS
from portico.clients.models import Location, Organization, standing_id
from portico.clients.querysets import LOCATION_ORDER, LocationQuerySet
from portico.clients.schemas import LocationChange, LocationCreate, LocationList, LocationOut
from portico.kit.endpoints import (
    endpoint,
    list_filters,
    offered_version,
    required_version,
    with_etag,
)
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.ids import parse_id
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import ID, PAGING, one_of
from portico.workspaces.choices import Permission

router = Router(tags=["locations"])
LOCATION_FILTERS = ("organization", "state")
STATES = ("open", "closed", "all")
LIST_PARAMETERS = {"organization": ID, "state": one_of(STATES, default="open"), **PAGING}
MEMBERS = {"organization": "organization_id"} | {
    f"address_{part}": f"address/{part}" for part in ADDRESS
}
MANAGE = (Permission.MANAGE_CLIENT_ORGANIZATIONS,)


@router.get("/locations", response=LocationList)
@endpoint("locations.list", parameters=LIST_PARAMETERS, permissions=(Permission.VIEW_CLIENTS,))
def list_locations(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List locations: `organization` (an id), `state` open | closed | all, `cursor`, `limit`."""
    given = list_filters(request.GET, LOCATION_FILTERS)
    rows = _narrowed(Location.objects.visible_to(request.actor), given)
    page = keyset_page(
        rows, LOCATION_ORDER, cursor=cursor, limit=limit, context=repr(sorted(given.items()))
    )
    return {
        "items": location_bodies(page.items),
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/locations", response={201: LocationOut})
@endpoint("locations.create", permissions=MANAGE, writes=True, members=MEMBERS)
def create(request: Any, response: HttpResponse, body: LocationCreate) -> Any:
    """Add a place to an organization."""
    fields = body.dict(exclude={"organization_id", "address"})
    fields |= {f"address_{part}": value for part, value in body.address.dict().items()}
    location = create_location(request.actor, body.organization_id, fields)
    return Status(201, _answer(response, location))


@router.get("/locations/{uuid:location_id}", response=LocationOut)
@endpoint("locations.show", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, response: HttpResponse, location_id: UUID) -> Any:
    """One place, with its version as ETag."""
    return _answer(response, _found(request, location_id))


@router.patch("/locations/{uuid:location_id}", response=LocationOut)
@endpoint("locations.edit", permissions=MANAGE, writes=True, members=MEMBERS)
def change(request: Any, response: HttpResponse, location_id: UUID, body: LocationChange) -> Any:
    """Change the fields that are sent; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True, exclude={"address"})
    if body.address is not None:
        parts = body.address.dict(exclude_unset=True)
        changes |= {f"address_{part}": value for part, value in parts.items()}
    return _answer(response, update_location(request.actor, location_id, changes, version=version))


@router.post("/locations/{uuid:location_id}/close", response=LocationOut)
@endpoint("locations.close", permissions=MANAGE, writes=True)
def close(request: Any, response: HttpResponse, location_id: UUID) -> Any:
    """Close a place; it keeps its data. If-Match is honoured when sent."""
    close_locations(request.actor, _one(request, location_id))
    return _answer(response, _found(request, location_id))


@router.post("/locations/{uuid:location_id}/reopen", response=LocationOut)
@endpoint("locations.reopen", permissions=MANAGE, writes=True)
def reopen(request: Any, response: HttpResponse, location_id: UUID) -> Any:
    """Open a closed place again. If-Match is honoured when sent."""
    reopen_locations(request.actor, _one(request, location_id))
    return _answer(response, _found(request, location_id))


def location_bodies(locations: Sequence[Location]) -> list[dict[str, Any]]:
    """The locations' fields as LocationOut has them, with their tags in one query for all."""
    tags = tags_of(LOCATIONS, [row.pk for row in locations])
    return [_body(row, [tag.name for tag in tags[row.pk]]) for row in locations]


def _body(location: Location, tags: list[str]) -> dict[str, Any]:
    return {
        "id": location.pk,
        "version": location.version,
        "organization_id": location.organization_id,
        "name": location.name,
        "address": {part: getattr(location, f"address_{part}") for part in ADDRESS},
        "area": _text(location.area),
        "latitude": _text(location.latitude),
        "longitude": _text(location.longitude),
        "tags": tags,
        "note": location.note,
        "archived_at": location.archived_at,
        "created_at": location.created_at,
        "updated_at": location.updated_at,
    }


def _text(number: Any) -> str | None:
    return None if number is None else str(number)


def _answer(response: HttpResponse, location: Location) -> dict[str, Any]:
    with_etag(response, location.version)
    return location_bodies([location])[0]


def _narrowed(rows: LocationQuerySet, given: Mapping[str, str]) -> LocationQuerySet:
    state = given.get("state", "open")
    if state not in STATES:
        raise Refused("invalid", "state: open, closed, all", field="state", status=400)
    if state != "all":
        rows = rows.open() if state == "open" else rows.closed()
    if "organization" not in given:
        return rows
    key = parse_id(given["organization"])
    return rows.filter(organization_id=standing_id(Organization, key)) if key else rows.none()


def _found(request: Any, location_id: UUID) -> Location:
    rows = Location.objects.visible_to(request.actor).filter(pk=location_id)
    found: Location | None = rows.first()
    if found is None:
        raise NotThere
    return found


def _one(request: Any, location_id: UUID) -> LocationQuerySet:
    """The one named row as a queryset, after its version was compared where one was sent."""
    location = _found(request, location_id)
    version = offered_version(request)
    if version is not None and version != location.version:
        raise Stale(location)
    rows: LocationQuerySet = Location.objects.filter(pk=location_id, version=location.version)
    return rows
