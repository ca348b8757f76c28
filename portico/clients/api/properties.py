"""/api/v1/properties."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.clients.actions.properties import (
    archive_properties,
    create_property,
    unarchive_properties,
    update_property,
)
from portico.clients.models import CustomProperty
from portico.clients.schemas import PropertyChange, PropertyCreate, PropertyList, PropertyOut
from portico.kit.endpoints import endpoint, offered_version, required_version, with_etag
from portico.kit.errors import NotThere, Stale
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.workspaces.choices import Permission

router = Router(tags=["properties"])
MANAGE = (Permission.MANAGE_WORKSPACE,)
IN_PLACE = Order("place", (SortColumn("subject"), SortColumn("place"), SortColumn("created_at")))


@router.get("/properties", response=PropertyList)
@endpoint("properties.list", parameters=("cursor", "limit"), permissions=(Permission.VIEW_CLIENTS,))
def list_properties(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """The custom properties, archived ones too, in their order: `cursor`, `limit`."""
    page = keyset_page(CustomProperty.objects.all(), IN_PLACE, cursor=cursor, limit=limit)
    return {
        "items": [_body(row) for row in page.items],
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/properties", response={201: PropertyOut})
@endpoint("properties.create", permissions=MANAGE, writes=True)
def create(request: Any, response: HttpResponse, body: PropertyCreate) -> Any:
    """Add a property of organizations or people; the key comes from the label."""
    fields = body.dict(exclude={"subject"})
    return Status(201, _answer(response, create_property(request.actor, body.subject, fields)))


@router.get("/properties/{uuid:property_id}", response=PropertyOut)
@endpoint("properties.show", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, response: HttpResponse, property_id: UUID) -> Any:
    """One property, with its version as ETag."""
    return _answer(response, _found(property_id))


@router.patch("/properties/{uuid:property_id}", response=PropertyOut)
@endpoint("properties.edit", permissions=MANAGE, writes=True)
def change(request: Any, response: HttpResponse, property_id: UUID, body: PropertyChange) -> Any:
    """Change a property; its kind only while no record has a value. Needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True)
    return _answer(response, update_property(request.actor, property_id, changes, version=version))


@router.post("/properties/{uuid:property_id}/archive", response=PropertyOut)
@endpoint("properties.archive_one", permissions=MANAGE, writes=True)
def archive_one(request: Any, response: HttpResponse, property_id: UUID) -> Any:
    """Take a property out of use; its values are kept."""
    _compare(request, _found(property_id))
    archive_properties(request.actor, [property_id])
    return _answer(response, _found(property_id))


@router.post("/properties/{uuid:property_id}/unarchive", response=PropertyOut)
@endpoint("properties.unarchive_one", permissions=MANAGE, writes=True)
def unarchive_one(request: Any, response: HttpResponse, property_id: UUID) -> Any:
    """Bring a property back, with its values."""
    _compare(request, _found(property_id))
    unarchive_properties(request.actor, [property_id])
    return _answer(response, _found(property_id))


def _body(definition: CustomProperty) -> dict[str, Any]:
    return {
        "id": definition.pk,
        "version": definition.version,
        "subject": definition.subject,
        "key": definition.key,
        "label": definition.label,
        "kind": definition.kind,
        "choices": definition.choices,
        "is_required": definition.is_required,
        "is_visible_to_clients": definition.is_visible_to_clients,
        "archived_at": definition.archived_at,
        "created_at": definition.created_at,
    }


def _answer(response: HttpResponse, definition: CustomProperty) -> dict[str, Any]:
    with_etag(response, definition.version)
    return _body(definition)


def _found(property_id: UUID) -> CustomProperty:
    found: CustomProperty | None = CustomProperty.objects.filter(pk=property_id).first()
    if found is None:
        raise NotThere
    return found


def _compare(request: Any, definition: CustomProperty) -> None:
    version = offered_version(request)
    if version is not None and version != definition.version:
        raise Stale(definition)
