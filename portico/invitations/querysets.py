"""Questions about invitations."""

import datetime
from typing import Any, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from portico.invitations.choices import InvitationState
from portico.kit.actors import Actor
from portico.kit.tenancy.models import TenantQuerySet


class InvitationQuerySet(TenantQuerySet[Any]):
    """Invitations of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of people for who sees clients, those of agents for who manages the team."""
        if not actor.is_agent and not actor.is_unlimited:
            return self.none()
        return self.of_kinds(people=actor.may("view_clients"), agents=actor.may("manage_team"))

    def of_kinds(self, *, people: bool, agents: bool) -> Self:
        """Those of people, of agents, of both or of nobody."""
        seen = self if people else self.filter(user__kind="agent")
        return seen if agents else seen.exclude(user__kind="agent")

    def pending(self) -> Self:
        """Those not answered, including those whose time is over."""
        return self.filter(state=InvitationState.PENDING)

    def unanswered(self) -> Self:
        """The pending ones, and each user's newest where a change of the address cancelled it.

        Such a one waits to be sent to the new address, until its user has come in by another way.
        Alike to `was_readdressed`, which says it of one.
        """
        later = self.model.objects.filter(user_id=OuterRef("user_id"), pk__gt=OuterRef("pk"))
        readdressed = Q(
            ~Exists(later),
            ~Q(user__email_key=F("sent_to")),
            user__archived_at__isnull=True,
            user__password__startswith=UNUSABLE_PASSWORD_PREFIX,
        )
        rows = self.filter(is_unanswered=True).alias(sent_to=Lower(F("address")))
        return rows.filter(Q(state=InvitationState.PENDING) | readdressed)

    def open(self, now: datetime.datetime) -> Self:
        """Those that can still be accepted."""
        return self.pending().filter(expires_at__gt=now)
