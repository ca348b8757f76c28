"""Invitations into the portal and into the team."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from portico.accounts.choices import Licence
from portico.accounts.models import User
from portico.clients.models import Organization
from portico.invitations.choices import InvitationState
from portico.invitations.querysets import InvitationQuerySet
from portico.kit.tenancy.models import TenantManager, TenantModel
from portico.notifications.models import OutgoingMail
from portico.workspaces.models import Role


class Invitation(TenantModel):
    """One way in, bound to the address it was sent to.

    The token is never stored: it is an HMAC of id, workspace and `generation`; a resend raises the
    generation, which kills the old token.
    """

    record_type = "invitation"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    licence = models.CharField(max_length=10, choices=Licence, blank=True)
    # How many roles were chosen; fewer at acceptance means that one was deleted meanwhile. None
    # chosen: the workspace's default at acceptance (X6).
    role_count = models.PositiveSmallIntegerField(default=0)
    address = models.CharField(max_length=254)
    generation = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=InvitationState, default=InvitationState.PENDING
    )
    # Pending, or cancelled by a change of the address and not sent again: what Team > Invitations
    # lists. Kept by whatever changes the state, so that a page reads nothing but these.
    is_unanswered = models.BooleanField(default=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(OutgoingMail, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(InvitationQuerySet)()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "user", "organization"],
                condition=Q(state=InvitationState.PENDING, organization__isnull=False),
                name="invitation_one_pending",
            ),
            models.UniqueConstraint(
                fields=["workspace", "user"],
                condition=Q(state=InvitationState.PENDING, organization__isnull=True),
                name="invitation_one_pending_direct",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state", "id"], name="invitation_state"),
            models.Index(fields=["workspace", "user", "id"], name="invitation_user"),
            models.Index(
                fields=["workspace", "user", "expires_at"],
                condition=Q(state=InvitationState.PENDING, licence=""),
                name="invitation_pending_of_people",
            ),
            models.Index(
                fields=["workspace", "licence", "id"],
                condition=Q(is_unanswered=True),
                name="invitation_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_for_agent(self) -> bool:
        """Whether it leads into the team; else it leads into the portal."""
        return bool(self.licence)

    def state_at(self, now: datetime.datetime) -> InvitationState:
        """The state, with a pending one whose time is over read as expired."""
        if self.state == InvitationState.PENDING and self.expires_at <= now:
            return InvitationState.EXPIRED
        return InvitationState(self.state)


class InvitationRole(TenantModel):
    """A role that acceptance gives."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="roles")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "invitation", "role"], name="invitation_role_once"
            )
        ]
