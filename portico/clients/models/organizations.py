"""Organizations, and the agents who look after them."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import LIST_STATES, User
from portico.accounts.querysets import ARCHIVED_OR_NOT, SORTED_APART
from portico.clients.choices import ENDING_WITHIN_DAYS, MembershipStatus
from portico.clients.querysets import SORTED_TEXTS_OF_ORGANIZATIONS, OrganizationQuerySet
from portico.kit.names import name_key, search_fold
from portico.kit.sort_keys import SortKey
from portico.kit.tenancy.models import TenantManager, TenantModel
from portico.workspaces.presets import uses_membership_ends


class Organization(TenantModel):
    """A client account: the company, household or partner that the workspace serves."""

    record_type = "organization"

    name = models.CharField(_("Name"), max_length=200)
    reference = models.CharField(_("Reference"), max_length=100, blank=True)
    description = models.TextField(_("Description"), max_length=10_000, blank=True)
    website = models.CharField(_("Website"), max_length=500, blank=True)
    address_street = models.CharField(_("Street"), max_length=500, blank=True)
    address_city = models.CharField(_("City"), max_length=200, blank=True)
    address_region = models.CharField(_("Region"), max_length=200, blank=True)
    address_postal_code = models.CharField(_("Postal code"), max_length=30, blank=True)
    address_country = models.CharField(_("Country"), max_length=100, blank=True)
    membership_end_date = models.DateField(_("Membership end date"), null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Its own index holds the few that were merged: a plain one would be taken for "not merged".
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    property_values = models.JSONField(default=dict, blank=True)
    people_count = models.PositiveIntegerField(default=0)
    location_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    last_activity_at = models.DateTimeField(null=True, blank=True)
    name_key = models.CharField(max_length=254, editable=False)
    tag_text = models.TextField(blank=True, editable=False)
    search_text = models.TextField(editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(OrganizationQuerySet)()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "reference"],
                condition=~Q(reference=""),
                name="organization_reference_once",
                violation_error_code="reference_in_use",
                violation_error_message=_("This reference is in use."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", *columns, "id"],
                condition=condition,
                name=f"org_{columns[0][:10]}_{view}",
            )
            for columns in (
                ("name_key",),
                ("created_at",),
                ("people_count", "name_key"),
                ("location_count", "name_key"),
                ("membership_end_date",),
                ("last_activity_at",),
            )
            for view, condition in LIST_STATES.items()
        ]
        indexes.append(
            models.Index(
                fields=["workspace", "updated_at", "id"],
                condition=LIST_STATES["active"] & SORTED_APART,
                name="org_updated_active",
            )
        )
        indexes.extend(
            models.Index(
                *(F("workspace"), SortKey(column), F("name_key"), F("id")),
                condition=LIST_STATES["active"] & SORTED_APART,
                name=f"org_by_{column}",
            )
            for column in SORTED_TEXTS_OF_ORGANIZATIONS.values()
        )
        indexes.append(
            models.Index(
                fields=["workspace", "name_key", "id"],
                condition=ARCHIVED_OR_NOT,
                name="org_name_key_all",
            )
        )
        indexes.append(
            models.Index(
                fields=["workspace", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="org_merged",
            )
        )
        indexes.append(
            models.Index(
                fields=["workspace", "name_key", "id"],
                condition=Q(archived_at__isnull=True, is_active=False),
                name="org_inactive",
            )
        )
        indexes.append(
            models.Index(
                fields=["workspace", "website"],
                condition=~Q(website=""),
                name="org_website",
            )
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the derived keys true, whatever was changed."""
        self.derive_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *DERIVED_FIELDS}
        super().save(*args, **kwargs)

    def derive_keys(self) -> None:
        """Fill what is computed from other fields: the key of the name, the search text."""
        self.name_key = name_key(self.name)[:254]
        self.search_text = search_fold(
            " ".join(filter(None, (self.name, self.reference, self.tag_text)))
        )

    def membership_status(self, today: datetime.date) -> MembershipStatus:
        """What the end date says on this day (the workspace's own date), where it is used."""
        end = self.membership_end_date
        if end is None or not uses_membership_ends():
            return MembershipStatus.OPEN
        if end > today + datetime.timedelta(days=ENDING_WITHIN_DAYS):
            return MembershipStatus.OPEN
        return MembershipStatus.ENDED if end < today else MembershipStatus.ENDING


DERIVED_FIELDS = ("name_key", "search_text", "updated_at")


class AccountManager(TenantModel):
    """An agent who looks after an organization; any number, one first."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="account_managers"
    )
    agent = models.ForeignKey(User, on_delete=models.CASCADE, related_name="managed_organizations")
    is_first = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "organization", "agent"], name="account_manager_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "organization"],
                condition=Q(is_first=True),
                name="account_manager_one_first",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "agent", "organization", "is_first"],
                name="account_manager_of",
            ),
        ]
