"""Questions about saved views."""

from typing import Any, Self

from django.db.models import Q

from portico.kit.actors import Actor
from portico.kit.tenancy.models import TenantQuerySet

VIEW_CLIENTS = "view_clients"


class ViewQuerySet(TenantQuerySet[Any]):
    """Saved views of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own and the shared ones, for agents who see clients."""
        if not actor.is_agent or not actor.may(VIEW_CLIENTS):
            return self.none()
        return self.filter(Q(is_shared=True) | Q(owner_id=actor.user_id))

    def in_order(self) -> Self:
        """As their tabs stand: shared ones first, each group in its order."""
        return self.order_by("-is_shared", "place", "pk")
