"""/api/v1/organizations."""

import datetime
from collections.abc import Sequence
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
from portico.clients.choices import PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX, property_fields
from portico.clients.filters import asked_pages, organizations_meant
from portico.clients.models import Organization, missing, survivor_id_of
from portico.clients.querysets import OrganizationQuerySet
from portico.clients.reports import organization_managers, property_keys, tag_names
from portico.clients.schemas import (
    OrganizationChange,
    OrganizationCreate,
    OrganizationList,
    OrganizationOut,
)
from portico.kit.dates import today_in
from portico.kit.endpoints import (
    answer_list,
    endpoint,
    offered_version,
    required_version,
    with_etag,
)
from portico.kit.errors import Stale
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import one_of
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.choices import Permission

router = Router(tags=["organizations"])
ADDRESS = ("street", "city", "region", "postal_code", "country")
MEMBERS = {f"address_{part}": f"address/{part}" for part in ADDRESS} | {
    PROPERTY_PREFIX: "properties/"
}

OWN_FIELDS = (
    *("version", "name", "reference", "description", "website", "membership_end_date"),
    *("is_active", "archived_at", "people_count", "location_count", "created_at", "updated_at"),
    "last_activity_at",
)


@router.get("/organizations", response=OrganizationList)
@endpoint("organizations.list", parameters=None, permissions=(Permission.VIEW_CLIENTS,))
def list_organizations(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> HttpResponse:
    """List organizations: `q`, `state`, `status`, `sort`, `cursor`, `limit` (at most 200)."""
    chosen = organizations_meant(request.actor, request.GET)
    page = keyset_page(
        asked_pages(request.actor, chosen),
        chosen.order,
        cursor=cursor,
        limit=limit,
        context=chosen.fingerprint,
    )
    return answer_list(organization_bodies(page.items), page)


@router.post("/organizations", response={201: OrganizationOut})
@endpoint(
    "organizations.create",
    permissions=(Permission.MANAGE_CLIENT_ORGANIZATIONS,),
    writes=True,
    members=MEMBERS,
)
def create(request: Any, response: HttpResponse, body: OrganizationCreate) -> Any:
    """Create an organization. A warning answers 409 `needs_confirmation`."""
    fields = body.dict(exclude={"confirm", "address", "properties"})
    fields |= property_fields(body.properties)
    fields |= {f"address_{part}": value for part, value in body.address.dict().items()}
    organization = create_organization(request.actor, fields, confirm=body.confirm)
    return Status(201, _answer(response, organization))


@router.get("/organizations/{uuid:organization_id}", response=OrganizationOut)
@endpoint("organizations.show", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, response: HttpResponse, organization_id: UUID) -> Any:
    """One organization, with its version as ETag; a merged one is answered by its survivor."""
    survivor_id = survivor_id_of(Organization, organization_id)
    return _answer(response, _found(request, survivor_id or organization_id))


@router.patch("/organizations/{uuid:organization_id}", response=OrganizationOut)
@endpoint(
    "organizations.edit",
    permissions=(Permission.MANAGE_CLIENT_ORGANIZATIONS,),
    writes=True,
    members=MEMBERS,
)
def change(
    request: Any, response: HttpResponse, organization_id: UUID, body: OrganizationChange
) -> Any:
    """Change the fields that are sent; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True, exclude={"confirm", "address", "properties"})
    if body.address is not None:
        parts = body.address.dict(exclude_unset=True)
        changes |= {f"address_{part}": value for part, value in parts.items()}
    changes |= property_fields(body.properties or {})
    organization = update_organization(
        request.actor, organization_id, changes, version=version, confirm=body.confirm
    )
    return _answer(response, organization)


@router.delete("/organizations/{uuid:organization_id}", response={204: None})
@endpoint(
    "organizations.delete",
    parameters={"confirm": one_of(("DELETE",))},
    permissions=(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
    members={"confirmation": "confirm"},
)
def delete(request: Any, organization_id: UUID, *, confirm: str = "") -> Any:
    """Delete for good: needs If-Match and `?confirm=DELETE`."""
    version = required_version(request)
    delete_organization(request.actor, organization_id, confirmation=confirm, version=version)
    return Status(204, None)


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


def organization_bodies(organizations: Sequence[Organization]) -> list[dict[str, Any]]:
    """The organizations' fields as OrganizationOut has them; two queries more for all."""
    today = _today()
    managers = organization_managers([row.pk for row in organizations])
    keys = property_keys(PropertySubject.ORGANIZATION) if organizations else []
    return [
        {
            **_own_fields(row),
            "membership_status": row.membership_status(today),
            "tags": tag_names(row),
            "account_managers": [
                {"id": one.id, "name": one.name, "email": one.email, "is_first": one.is_first}
                for one in managers[row.pk]
            ],
            "properties": {key: row.property_values.get(key) for key in keys},
        }
        for row in organizations
    ]


def _own_fields(organization: Organization) -> dict[str, Any]:
    return {
        "object": "organization",
        "id": organization.pk,
        "address": {part: getattr(organization, f"address_{part}") for part in ADDRESS},
        **{name: getattr(organization, name) for name in OWN_FIELDS},
    }


def _today() -> datetime.date:
    return today_in(current_scope().time_zone)


def _answer(response: HttpResponse, organization: Organization) -> dict[str, Any]:
    with_etag(response, organization.version)
    return organization_bodies([organization])[0]


def _found(request: Any, organization_id: UUID) -> Organization:
    found: Organization | None = (
        Organization.objects.visible_to(request.actor).filter(pk=organization_id).first()
    )
    if found is None:
        raise missing(request.actor, Organization, organization_id)
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
