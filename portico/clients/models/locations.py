"""Places of organizations."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.clients.models.organizations import Organization
from portico.clients.querysets import LocationQuerySet
from portico.kit.names import name_key
from portico.kit.tenancy.models import TenantManager, TenantModel


class Location(TenantModel):
    """A place of an organization where its work happens: a site, a branch, a flat."""

    record_type = "location"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=200)
    address_street = models.CharField(_("Street"), max_length=500, blank=True)
    address_city = models.CharField(_("City"), max_length=200, blank=True)
    address_region = models.CharField(_("Region"), max_length=200, blank=True)
    address_postal_code = models.CharField(_("Postal code"), max_length=30, blank=True)
    address_country = models.CharField(_("Country"), max_length=100, blank=True)
    area = models.DecimalField(
        _("Area in square metres"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    latitude = models.DecimalField(
        _("Latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("Longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    note = models.TextField(_("Note"), max_length=10_000, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    name_key = models.CharField(max_length=254, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(LocationQuerySet)()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "organization", "name_key", "id"], name="location_of"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sort key true."""
        self.name_key = name_key(self.name)[:254]
        super().save(*args, **kwargs)
