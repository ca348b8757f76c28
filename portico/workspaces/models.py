"""The tenant: workspace, plan, agents, roles of both kinds, API keys."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portico.accounts.choices import Clock, DateOrder, DateSeparator, UserKind
from portico.accounts.models import User, UserManager
from portico.kit.ids import new_id
from portico.kit.tenancy.models import TenantManager, TenantModel
from portico.workspaces.choices import Preset, RoleKind
from portico.workspaces.querysets import ApiKeyQuerySet

DEFAULT_ACCENT = "#0d5f68"


class Workspace(models.Model):
    """The business that runs Portico for its own clients. Nothing is shared between two."""

    record_type = "workspace"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("Name"), max_length=200)
    slug = models.SlugField(unique=True)
    hostname = models.CharField(max_length=253, unique=True, blank=True, default="")
    accent = models.CharField(max_length=7, default=DEFAULT_ACCENT)
    preset = models.CharField(max_length=20, default=Preset.AGENCY)
    time_zone = models.CharField(max_length=50, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    date_order = models.CharField(max_length=3, choices=DateOrder, default=DateOrder.MONTH_FIRST)
    date_separator = models.CharField(
        max_length=1, choices=DateSeparator, default=DateSeparator.SLASH
    )
    clock = models.CharField(max_length=2, choices=Clock, default=Clock.TWELVE)
    settings = models.JSONField(default=dict)
    support_contact = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    support_text = models.CharField(_("Support contact"), max_length=200, blank=True, default="")
    mail_accepted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Plan(TenantModel):
    """What the operator grants a workspace; none means unlimited. One row per workspace."""

    name = models.CharField(max_length=100, default="Unlimited")
    person_limit = models.PositiveIntegerField(null=True)
    full_licences = models.PositiveIntegerField(null=True)
    read_only_licences = models.PositiveIntegerField(null=True)
    features = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace"], name="plan_one_per_workspace")
        ]


class AgentManager(UserManager):  # type: ignore[misc,valid-type]
    """Agents of the present workspace."""

    def get_queryset(self) -> Any:
        """Users of the kind agent."""
        return super().get_queryset().filter(kind=UserKind.AGENT)


class Agent(User):
    """A person of the workspace's own team."""

    record_type = "agent"

    objects: ClassVar[Any] = AgentManager()

    class Meta:
        proxy = True
        base_manager_name = "objects"
        default_manager_name = "objects"


class Role(TenantModel):
    """A named set of permissions. Roles add up; there is no "deny"."""

    record_type = "role"

    kind = models.CharField(max_length=10, choices=RoleKind)
    name = models.CharField(max_length=100)
    permissions = models.JSONField(default=list)
    is_system = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "kind", "name"], name="role_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class RoleAssignment(TenantModel):
    """An agent holds a role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user", "role"], name="agent_role_once")
        ]


class ApiKey(TenantModel):
    """A key for the API. What it may do: its permissions and its user's, at the time of use."""

    record_type = "api_key"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20)
    hash = models.CharField(max_length=64)
    permissions = models.JSONField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(ApiKeyQuerySet)()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "hash"], name="api_key_hash_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "user"], condition=Q(revoked_at__isnull=True), name="key_user"
            )
        ]

    def __str__(self) -> str:
        return self.name
