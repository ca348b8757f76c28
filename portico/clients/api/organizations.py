"""/api/v1/organizations."""

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.clients.actions.organizations import (
    archive_organizations,
    create_organization,
    delete_organization,
    unarchive_organizations,
    update_organization,
)
from portico.clients.filters import OrganizationFilter, filters_of
from portico.clients.models import Organization
from portico.clients.querysets import OrganizationQuerySet
from portico.clients.schemas import (
    BulkResult,
    OrganizationChange,
    OrganizationCreate,
    OrganizationList,
    OrganizationOut,
    SelectionBody,
)
from portico.kit.dates import today_in
from portico.kit.endpoints import (
    endpoint,
    offered_version,
    required_version,
    with_etag,
)
from portico.kit.errors import NotThere, Stale
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.selection import Selection, require_all_found
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.choices import Permission

router = Router(tags=["organizations"])
ADDRESS = ("street", "city", "region", "postal_code", "country")
ADDRESS_MEMBERS = {f"address_{part}": f"address/{part}" for part in ADDRESS}


@router.get("/organizations", response=OrganizationList)
@endpoint("organizations.list", parameters=None, permissions=(Permission.VIEW_CLIENTS,))
def list_organizations(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List organizations: `q`, `state`, `status`, `sort`, `cursor`, `limit` (at most 200)."""
    chosen = OrganizationFilter.read_strictly(filters_of(request.GET), me=request.actor.user_id)
    today = _today()
    page = keyset_page(
        chosen.of(Organization.objects.visible_to(request.actor)),
        chosen.order,
        cursor=cursor,
        limit=limit,
        context=chosen.fingerprint,
    )
    return {
        "items": [organization_body(row, today) for row in page.items],
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/organizations", response={201: OrganizationOut})
@endpoint(
    "organizations.create",
    permissions=(Permission.MANAGE_CLIENT_ORGANIZATIONS,),
    writes=True,
    members=ADDRESS_MEMBERS,
)
def create(request: Any, response: HttpResponse, body: OrganizationCreate) -> Any:
    """Create an organization. A warning answers 409 `needs_confirmation`."""
    fields = body.dict(exclude={"confirm", "address"})
    fields |= {f"address_{part}": value for part, value in body.address.dict().items()}
    organization = create_organization(request.actor, fields, confirm=body.confirm)
    return Status(201, _answer(response, organization))


@router.get("/organizations/{uuid:organization_id}", response=OrganizationOut)
@endpoint("organizations.show", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, response: HttpResponse, organization_id: UUID) -> Any:
    """One organization, with its version as ETag."""
    return _answer(response, _found(request, organization_id))


@router.patch("/organizations/{uuid:organization_id}", response=OrganizationOut)
@endpoint(
    "organizations.edit",
    permissions=(Permission.MANAGE_CLIENT_ORGANIZATIONS,),
    writes=True,
    members=ADDRESS_MEMBERS,
)
def change(
    request: Any, response: HttpResponse, organization_id: UUID, body: OrganizationChange
) -> Any:
    """Change the fields that are sent; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True, exclude={"confirm", "address"})
    if body.address is not None:
        parts = body.address.dict(exclude_unset=True)
        changes |= {f"address_{part}": value for part, value in parts.items()}
    organization = update_organization(
        request.actor, organization_id, changes, version=version, confirm=body.confirm
    )
    return _answer(response, organization)


@router.delete("/organizations/{uuid:organization_id}", response={204: None})
@endpoint(
    "organizations.delete",
    parameters=("confirm",),
    permissions=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
    members={"confirmation": "confirm"},
)
def delete(request: Any, organization_id: UUID, *, confirm: str = "") -> Any:
    """Delete for good: needs If-Match and `?confirm=DELETE`."""
    version = required_version(request)
    delete_organization(request.actor, organization_id, confirmation=confirm, version=version)
    return Status(204, None)


@router.post("/organizations/archive", response=BulkResult)
@endpoint(
    "organizations.archive",
    permissions=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
)
def archive(request: Any, body: SelectionBody) -> Any:
    """Archive the ids, or all that match the filter."""
    done = archive_organizations(request.actor, _chosen(request, body.selection()))
    return {"done": len(done), "ids": [row.pk for row in done]}


@router.post("/organizations/unarchive", response=BulkResult)
@endpoint(
    "organizations.unarchive",
    permissions=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
)
def unarchive(request: Any, body: SelectionBody) -> Any:
    """Bring back the ids, or all that match the filter."""
    done = unarchive_organizations(request.actor, _chosen(request, body.selection()))
    return {"done": len(done), "ids": [row.pk for row in done]}


@router.post("/organizations/{uuid:organization_id}/archive", response=OrganizationOut)
@endpoint(
    "organizations.archive_one",
    permissions=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
)
def archive_one(request: Any, response: HttpResponse, organization_id: UUID) -> Any:
    """Archive one; If-Match is honoured when sent."""
    archive_organizations(request.actor, _one(request, organization_id))
    return _answer(response, _found(request, organization_id))


@router.post("/organizations/{uuid:organization_id}/unarchive", response=OrganizationOut)
@endpoint(
    "organizations.unarchive_one",
    permissions=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
)
def unarchive_one(request: Any, response: HttpResponse, organization_id: UUID) -> Any:
    """Bring one back; If-Match is honoured when sent."""
    unarchive_organizations(request.actor, _one(request, organization_id))
    return _answer(response, _found(request, organization_id))


def organization_body(organization: Organization, today: datetime.date) -> dict[str, Any]:
    """The organization's fields as OrganizationOut has them."""
    return {
        "id": organization.pk,
        "version": organization.version,
        "name": organization.name,
        "reference": organization.reference,
        "description": organization.description,
        "website": organization.website,
        "address": {part: getattr(organization, f"address_{part}") for part in ADDRESS},
        "membership_end_date": organization.membership_end_date,
        "membership_status": organization.membership_status(today),
        "is_active": organization.is_active,
        "archived_at": organization.archived_at,
        "people_count": organization.people_count,
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
        "last_activity_at": organization.last_activity_at,
    }


def _today() -> datetime.date:
    return today_in(current_scope().time_zone)


def _answer(response: HttpResponse, organization: Organization) -> dict[str, Any]:
    with_etag(response, organization.version)
    return organization_body(organization, _today())


def _found(request: Any, organization_id: UUID) -> Organization:
    found: Organization | None = (
        Organization.objects.visible_to(request.actor).filter(pk=organization_id).first()
    )
    if found is None:
        raise NotThere
    return found


def _one(request: Any, organization_id: UUID) -> OrganizationQuerySet:
    """The one named row as a queryset, after its version was compared where one was sent."""
    organization = _found(request, organization_id)
    version = offered_version(request)
    if version is not None and version != organization.version:
        raise Stale(organization)
    rows: OrganizationQuerySet = Organization.objects.filter(
        pk=organization_id, version=organization.version
    )
    return rows


def _chosen(request: Any, selection: Selection) -> OrganizationQuerySet:
    rows: OrganizationQuerySet = Organization.objects.visible_to(request.actor)
    if selection.is_all:
        return OrganizationFilter.read_strictly(
            filters_of(selection.filters), me=request.actor.user_id
        ).of(rows)
    rows = rows.filter(pk__in=list(selection.ids))
    require_all_found(selection, rows.count())
    return rows
