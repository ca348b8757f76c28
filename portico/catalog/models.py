"""Services the workspace sells, and the organizations subscribed to them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portico.catalog.querysets import ServiceQuerySet, SubscriptionQuerySet
from portico.clients.models import Organization
from portico.kit.names import name_key
from portico.kit.tenancy.models import TenantManager, TenantModel


class ServiceManager(TenantManager.from_queryset(ServiceQuerySet)):  # type: ignore[misc]
    """Services of the present workspace."""


class SubscriptionManager(
    TenantManager.from_queryset(SubscriptionQuerySet)  # type: ignore[misc]
):
    """Subscriptions of the present workspace."""


class Service(TenantModel):
    """Something the workspace sells and an organization may be subscribed to."""

    record_type = "service"

    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Description"), max_length=10_000, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    for_everyone = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    name_key = models.CharField(max_length=254, editable=False)

    objects: ClassVar[Any] = ServiceManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "name_key"],
                name="service_name_once",
                violation_error_code="service_in_use",
                violation_error_message=_("There is a service of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key of the name true."""
        self.name_key = name_key(self.name)[:254]
        super().save(*args, **kwargs)


class Subscription(TenantModel):
    """An organization may ask for a service, from `since` to `until` (both days included)."""

    record_type = "subscription"

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="subscriptions"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="subscriptions")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = SubscriptionManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "organization", "service"],
                condition=Q(until__isnull=True),
                name="subscription_open_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "service", "organization"], name="subscription_service"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.organization}"
