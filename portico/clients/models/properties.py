"""Custom properties: fields that a workspace adds to its records."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.clients.choices import PropertyKind, PropertySubject
from portico.kit.tenancy.models import TenantModel


class CustomProperty(TenantModel):
    """A field that a workspace adds to its organizations or people; values stand in the records.

    `property_values` of a record maps the key to the value as JSON has it: text, a number as
    text, a day as YYYY-MM-DD, true or false, the chosen text, a list of them. An archived
    property keeps its values; it is no longer shown or asked for.
    """

    record_type = "property"

    subject = models.CharField(max_length=12, choices=PropertySubject)
    key = models.SlugField(max_length=50)
    label = models.CharField(_("Label"), max_length=100)
    kind = models.CharField(_("Kind"), max_length=10, choices=PropertyKind)
    is_required = models.BooleanField(_("Required"), default=False)
    choices = models.JSONField(default=list, blank=True)
    place = models.PositiveIntegerField(default=0)
    is_visible_to_clients = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "subject", "key"],
                name="property_key_once",
                violation_error_code="key_in_use",
                violation_error_message=_("There is a property with this key already."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
