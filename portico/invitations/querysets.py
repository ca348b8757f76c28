"""Questions about invitations."""

import datetime
from typing import Any, Self

from portico.invitations.choices import InvitationState
from portico.kit.actors import Actor
from portico.kit.tenancy.models import TenantQuerySet


class InvitationQuerySet(TenantQuerySet[Any]):
    """Invitations of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of people for who sees clients, those of agents for who manages the team."""
        if not actor.is_agent and not actor.is_unlimited:
            return self.none()
        seen = self if actor.may("view_clients") else self.filter(user__kind="agent")
        return seen if actor.may("manage_team") else seen.exclude(user__kind="agent")

    def pending(self) -> Self:
        """Those not answered, including those whose time is over."""
        return self.filter(state=InvitationState.PENDING)

    def open(self, now: datetime.datetime) -> Self:
        """Those that can still be accepted."""
        return self.pending().filter(expires_at__gt=now)
