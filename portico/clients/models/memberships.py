"""How people belong to organizations, and with which client roles."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from portico.accounts.models import User
from portico.clients.models.organizations import Organization
from portico.clients.querysets import MembershipQuerySet
from portico.kit.tenancy.models import TenantManager, TenantModel
from portico.workspaces.models import Role


class MembershipManager(TenantManager.from_queryset(MembershipQuerySet)):  # type: ignore[misc]
    """Memberships of the present workspace."""


class Membership(TenantModel):
    """How a person belongs to an organization; without one: directly with the workspace."""

    record_type = "membership"

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, related_name="memberships"
    )
    is_primary = models.BooleanField(default=False)
    archived_with_organization = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = MembershipManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "person", "organization"],
                condition=Q(organization__isnull=False),
                name="membership_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "person"],
                condition=Q(organization__isnull=True),
                name="membership_direct_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "person"],
                condition=Q(is_primary=True),
                name="membership_one_primary",
            ),
        ]
        indexes: ClassVar = [
            # With the flag, so that SQLite need not read the rows: it would scan the table instead.
            models.Index(
                fields=["workspace", "organization", "person", "is_primary"],
                name="membership_people",
            ),
        ]


class MembershipRole(TenantModel):
    """A client role held in a membership."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="role_assignments"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="membership_roles")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "membership", "role"], name="membership_role_once"
            )
        ]
