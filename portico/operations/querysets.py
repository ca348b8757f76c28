"""Questions about operations."""

import datetime
from typing import Any, Self

from django.db.models import Q
from django.utils import timezone

from portico.kit.actors import Actor
from portico.kit.tenancy.models import TenantQuerySet
from portico.operations.choices import UNFINISHED
from portico.workspaces.choices import Permission

LEASE = datetime.timedelta(seconds=30)
LONGEST_PAUSE = datetime.timedelta(minutes=10)


class OperationQuerySet(TenantQuerySet[Any]):
    """Operations of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own; all of them for who manages the workspace."""
        if actor.may(Permission.MANAGE_WORKSPACE):
            return self
        return self.filter(actor_user_id=actor.user_id, actor_user_id__isnull=False)

    def unfinished(self) -> Self:
        """Those that the worker works on."""
        return self.filter(state__in=UNFINISHED)

    def due(self) -> Self:
        """Unfinished and leased to nobody.

        A lease further ahead than any we give was given by a clock that has since been set back;
        it does not count.
        """
        now = timezone.now()
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.unfinished().filter(free | Q(lease_until__gt=now + LONGEST_PAUSE * 2))
