"""/api/v1/services."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.catalog.actions.services import create_service, update_service
from portico.catalog.filters import chosen_flag, chosen_order, fingerprint_of
from portico.catalog.models import Service
from portico.catalog.querysets import SERVICE_ORDERS
from portico.catalog.reports import SERVICES, requestable_services
from portico.catalog.schemas import ServiceChange, ServiceCreate, ServiceList, ServiceOut
from portico.kit.endpoints import endpoint, required_version, with_etag
from portico.kit.errors import NotThere
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import PAGING, TRUE_OR_FALSE, sorted_by
from portico.kit.policies import Audience
from portico.workspaces.choices import Permission

router = Router(tags=["services"])
FLAGS = ("is_active", "for_everyone")
LIST_PARAMETERS = {
    **dict.fromkeys(FLAGS, TRUE_OR_FALSE),
    "sort": sorted_by(SERVICE_ORDERS, default="name"),
    **PAGING,
}


@router.get("/services", response=ServiceList)
@endpoint(
    "services.list",
    parameters=LIST_PARAMETERS,
    audience=Audience.SIGNED_IN,
    module=SERVICES,
)
def list_services(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List services: `is_active`, `for_everyone`, `sort` (name, created_at), `cursor`, `limit`.

    A person's key sees those that the person may ask for.
    """
    rows = _visible(request)
    for name in FLAGS:
        rows = rows.filter(**chosen_flag(name, request.GET.get(name)))
    order = chosen_order(SERVICE_ORDERS, request.GET.get("sort"), default="name")
    context = fingerprint_of(request.GET)
    page = keyset_page(rows, order, cursor=cursor, limit=limit, context=context)
    return {
        "items": page.items,
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/services", response={201: ServiceOut})
@endpoint(
    "services.create", permissions=(Permission.MANAGE_SERVICES,), writes=True, module=SERVICES
)
def create(request: Any, response: HttpResponse, body: ServiceCreate) -> Any:
    """Create a service."""
    return Status(201, _answer(response, create_service(request.actor, body.dict())))


@router.get("/services/{uuid:service_id}", response=ServiceOut)
@endpoint("services.show", audience=Audience.SIGNED_IN, module=SERVICES)
def show(request: Any, response: HttpResponse, service_id: UUID) -> Any:
    """One service, with its version as ETag."""
    service: Service | None = _visible(request).filter(pk=service_id).first()
    if service is None:
        raise NotThere
    return _answer(response, service)


@router.patch("/services/{uuid:service_id}", response=ServiceOut)
@endpoint("services.edit", permissions=(Permission.MANAGE_SERVICES,), writes=True, module=SERVICES)
def change(request: Any, response: HttpResponse, service_id: UUID, body: ServiceChange) -> Any:
    """Change the fields that are sent; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True)
    service = update_service(request.actor, service_id, changes, version=version)
    return _answer(response, service)


def _visible(request: Any) -> Any:
    if request.actor.is_person:
        return Service.objects.filter(pk__in=requestable_services(request.actor))
    return Service.objects.visible_to(request.actor)


def _answer(response: HttpResponse, service: Service) -> Service:
    with_etag(response, service.version)
    return service
