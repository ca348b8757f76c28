"""Tags, and what carries them."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import User
from portico.clients.choices import TagColour
from portico.clients.models.locations import Location
from portico.clients.models.organizations import Organization
from portico.kit.names import name_key
from portico.kit.tenancy.models import TenantModel


class Tag(TenantModel):
    """A word that marks organizations, people and locations; one of each name in a workspace."""

    record_type = "tag"

    name = models.CharField(_("Name"), max_length=50)
    colour = models.CharField(_("Colour"), max_length=10, choices=TagColour, default=TagColour.GREY)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    name_key = models.CharField(max_length=100, editable=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "name_key"],
                name="tag_name_once",
                violation_error_code="tag_in_use",
                violation_error_message=_("There is a tag of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key of the name true."""
        self.name_key = name_key(self.name)[:100]
        super().save(*args, **kwargs)


class OrganizationTag(TenantModel):
    """An organization carries a tag."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="tag_assignments"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="organizations")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "tag", "organization"], name="organization_tag_once"
            )
        ]


class PersonTag(TenantModel):
    """A person carries a tag."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tag_assignments")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="people")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "tag", "person"], name="person_tag_once")
        ]


class LocationTag(TenantModel):
    """A location carries a tag."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="tag_assignments")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="locations")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "tag", "location"], name="location_tag_once"
            )
        ]
