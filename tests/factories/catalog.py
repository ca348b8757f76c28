"""Services and subscriptions."""

import datetime
from typing import Any

from portico.catalog.models import Service, Subscription
from portico.clients.models import Organization

LONG_AGO = datetime.date(2020, 1, 1)


def make_service(name: str = "Web design", **fields: Any) -> Service:
    """An active service."""
    service: Service = Service.objects.create(name=name, **fields)
    return service


def make_subscription(
    organization: Organization,
    service: Service,
    *,
    since: datetime.date = LONG_AGO,
    until: datetime.date | None = None,
) -> Subscription:
    """A subscription that began long ago and goes on."""
    row: Subscription = Subscription.objects.create(
        organization=organization, service=service, since=since, until=until
    )
    return row
