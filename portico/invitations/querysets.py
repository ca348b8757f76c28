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
        return self.of_kinds(people=actor.may("view_clients"), agents=actor.may("manage_team"))

    def of_kinds(self, *, people: bool, agents: bool) -> Self:
        """Those of people, of agents, of both or of nobody."""
        seen = self if people else self.filter(user__kind="agent")
        return seen if agents else seen.exclude(user__kind="agent")

    def pending(self) -> Self:
        """Those not answered, including those whose time is over."""
        return self.filter(state=InvitationState.PENDING)

    def open(self, now: datetime.datetime) -> Self:
        """Those that can still be accepted."""
        return self.pending().filter(expires_at__gt=now)
