"""Questions about services and subscriptions."""

import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, F, Q

from portico.clients.querysets import VIEW_CLIENTS
from portico.kit.actors import Actor
from portico.kit.orders import Order, SortColumn
from portico.kit.tenancy.models import TenantQuerySet

MANAGE_SERVICES = "manage_services"

SERVICE_ORDERS = {
    "name": Order("name", (SortColumn("name_key"),)),
    "created_at": Order("created_at", (SortColumn("created_at"),)),
}
SUBSCRIPTION_ORDERS = {
    "since": Order("since", (SortColumn("since"),)),
    "created_at": Order("created_at", (SortColumn("created_at"),)),
}


class ServiceQuerySet(TenantQuerySet[Any]):
    """Services of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them for agents who see clients or set services up.

        What a person may ask for is decided one by one, in `reports.services_for_person`.
        """
        if actor.is_person:
            return self.none()
        return self if actor.may_any(VIEW_CLIENTS, MANAGE_SERVICES) else self.none()

    def active(self) -> Self:
        """Those that can be asked for at all."""
        return self.filter(is_active=True)

    def with_subscribers(self, today: datetime.date) -> Self:
        """Each with `subscribers`: to how many organizations it is open on this day."""
        is_open = Q(subscriptions__since__lte=today) & (
            Q(subscriptions__until__isnull=True) | Q(subscriptions__until__gte=today)
        )
        daily = Q(subscriptions__organization__archived_at__isnull=True)
        counted = Count("subscriptions__organization", filter=is_open & daily, distinct=True)
        return self.annotate(subscribers=counted)


class SubscriptionQuerySet(TenantQuerySet[Any]):
    """Subscriptions of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the organizations that the actor sees."""
        if actor.is_person:
            return self.filter(organization_id=actor.organization_id)
        return self if actor.may(VIEW_CLIENTS) else self.none()

    def of(self, organization_id: UUID, service_id: UUID) -> Self:
        """Those of this organization to this service, past ones too."""
        return self.filter(organization_id=organization_id, service_id=service_id)

    def open_on(self, day: datetime.date) -> Self:
        """Those that hold on this day."""
        return self.not_over_on(day).filter(since__lte=day)

    def not_over_on(self, day: datetime.date) -> Self:
        """Those that hold on this day or later; what ended before it began never holds."""
        lasts = Q(until__gte=day) & Q(until__gte=F("since"))
        return self.filter(Q(until__isnull=True) | lasts)
