"""Custom properties: fields that a workspace adds to its records."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.clients.choices import PropertyKind, PropertySubject
from portico.kit.json_values import FORM_LENGTH, KEY_LENGTH, JsonValues
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


class PropertyValue(TenantModel):
    """What leads from a value of a custom property to the record that has it (decision 15).

    Written by triggers alone, see `kit.json_values`; the record's `property_values` are the truth.
    SQLite can't rebuild this table while the triggers name it: a migration that changes it takes
    them away first, by `KeepValues` reversed, and sets them afterwards.
    """

    # A row is found by what it says; an id of its own would be one more index to write.
    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("record_id", "key", "form")
    subject = models.CharField(max_length=12, choices=PropertySubject)
    record_id = models.UUIDField()
    key = models.CharField(max_length=KEY_LENGTH)
    form = models.CharField(max_length=FORM_LENGTH)
    number = models.DecimalField(max_digits=60, decimal_places=30, null=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "subject", "key", "form", "record_id"], name="property_value"
            ),
            models.Index(
                fields=["workspace", "subject", "key", "number", "record_id"],
                condition=models.Q(number__isnull=False),
                name="property_number",
            ),
        ]


# The columns whose values stand there.
KEPT_VALUES = tuple(
    JsonValues(
        source=source, column="property_values", rows="clients_propertyvalue", subject=subject
    )
    for subject, source in (
        (PropertySubject.ORGANIZATION.value, "clients_organization"),
        (PropertySubject.PERSON.value, "accounts_user"),
    )
)
