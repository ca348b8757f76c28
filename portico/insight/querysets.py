"""Questions about saved views."""

from typing import Any, Self

from django.db.models import Q

from portico.kit.actors import Actor, ActorKind
from portico.kit.tenancy.models import TenantQuerySet

VIEW_CLIENTS = "view_clients"


def sees_views(actor: Actor) -> bool:
    """Whether views are anything to the actor: they are for agents who see clients.

    The operator of a command is none and has no views of their own; shared ones they may name.
    """
    return (actor.is_agent or actor.kind == ActorKind.SYSTEM) and actor.may(VIEW_CLIENTS)


class ViewQuerySet(TenantQuerySet[Any]):
    """Saved views of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own and the shared ones, for agents who see clients."""
        return self.shared_or_of(actor.user_id) if sees_views(actor) else self.none()

    def shared_or_of(self, agent_id: Any) -> Self:
        """The shared ones, and this agent's own."""
        return self.filter(Q(is_shared=True) | Q(owner_id=agent_id))

    def in_order(self) -> Self:
        """As their tabs stand: shared ones first, each group in its order."""
        return self.order_by("-is_shared", "place", "pk")
