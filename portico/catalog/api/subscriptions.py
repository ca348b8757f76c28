"""/api/v1/subscriptions."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.catalog.actions.subscriptions import (
    end_subscription,
    subscribe_organization,
    update_subscription,
)
from portico.catalog.filters import chosen_flag, chosen_id, chosen_order, fingerprint_of
from portico.catalog.models import Subscription
from portico.catalog.querysets import SUBSCRIPTION_ORDERS
from portico.catalog.reports import SERVICES
from portico.catalog.schemas import (
    SubscriptionChange,
    SubscriptionCreate,
    SubscriptionEnd,
    SubscriptionList,
    SubscriptionOut,
)
from portico.clients.models import Organization, standing_id
from portico.kit.dates import today_in
from portico.kit.endpoints import endpoint, offered_version, required_version, with_etag
from portico.kit.errors import NotThere
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import ID, PAGING, TRUE_OR_FALSE, sorted_by
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.choices import Permission

router = Router(tags=["subscriptions"])
IDS = ("organization", "service")
OPEN = "is_open"
LIST_PARAMETERS = {
    **dict.fromkeys(IDS, ID),
    OPEN: TRUE_OR_FALSE,
    "sort": sorted_by(SUBSCRIPTION_ORDERS, default="since"),
    **PAGING,
}
MEMBERS = {"organization": "organization_id", "service": "service_id"}
READING = (Permission.VIEW_CLIENTS,)
CHANGING = (Permission.MANAGE_CLIENT_ORGANIZATIONS,)


@router.get("/subscriptions", response=SubscriptionList)
@endpoint(
    "subscriptions.list",
    parameters=LIST_PARAMETERS,
    permissions=READING,
    module=SERVICES,
)
def list_subscriptions(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List subscriptions: `organization`, `service`, `is_open` (today), `sort` and paging."""
    rows = Subscription.objects.visible_to(request.actor)
    for name in IDS:
        wanted = chosen_id(name, request.GET.get(name))
        if name == "organization" and wanted:
            wanted = {key: standing_id(Organization, value) for key, value in wanted.items()}
        rows = rows.filter(**wanted)
    is_open = chosen_flag(OPEN, request.GET.get(OPEN)).get(OPEN)
    if is_open is not None:
        held = Subscription.objects.open_on(today_in(current_scope().time_zone)).values("pk")
        rows = rows.filter(pk__in=held) if is_open else rows.exclude(pk__in=held)
    order = chosen_order(SUBSCRIPTION_ORDERS, request.GET.get("sort"), default="since")
    context = fingerprint_of(request.GET)
    page = keyset_page(rows, order, cursor=cursor, limit=limit, context=context)
    return {
        "items": page.items,
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/subscriptions", response={201: SubscriptionOut})
@endpoint(
    "subscriptions.create", permissions=CHANGING, writes=True, module=SERVICES, members=MEMBERS
)
def create(request: Any, response: HttpResponse, body: SubscriptionCreate) -> Any:
    """Let an organization ask for a service, from today unless `since` says otherwise."""
    row = subscribe_organization(
        request.actor, body.organization_id, body.service_id, since=body.since, until=body.until
    )
    return Status(201, _answer(response, row))


@router.get("/subscriptions/{uuid:subscription_id}", response=SubscriptionOut)
@endpoint("subscriptions.show", permissions=READING, module=SERVICES)
def show(request: Any, response: HttpResponse, subscription_id: UUID) -> Any:
    """One subscription, with its version as ETag."""
    rows = Subscription.objects.visible_to(request.actor)
    row: Subscription | None = rows.filter(pk=subscription_id).first()
    if row is None:
        raise NotThere
    return _answer(response, row)


@router.patch("/subscriptions/{uuid:subscription_id}", response=SubscriptionOut)
@endpoint("subscriptions.edit", permissions=CHANGING, writes=True, module=SERVICES, members=MEMBERS)
def change(
    request: Any, response: HttpResponse, subscription_id: UUID, body: SubscriptionChange
) -> Any:
    """Change the first or the last day; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True)
    row = update_subscription(request.actor, subscription_id, changes, version=version)
    return _answer(response, row)


@router.post("/subscriptions/{uuid:subscription_id}/end", response=SubscriptionOut)
@endpoint("subscriptions.end", permissions=CHANGING, writes=True, module=SERVICES)
def end(
    request: Any,
    response: HttpResponse,
    subscription_id: UUID,
    body: SubscriptionEnd | None = None,
) -> Any:
    """End it: with the day `until`, or at once; If-Match is honoured when sent."""
    until = body.until if body else None
    version = offered_version(request)
    row = end_subscription(request.actor, subscription_id, until=until, version=version)
    return _answer(response, row)


def _answer(response: HttpResponse, row: Subscription) -> Subscription:
    with_etag(response, row.version)
    return row
