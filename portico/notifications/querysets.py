"""Questions about outgoing mails."""

import datetime
from typing import Any, Self

from django.db.models import Q
from django.utils import timezone

from portico.kit.tenancy.models import TenantQuerySet
from portico.notifications.choices import MailState

LEASE = datetime.timedelta(minutes=3)
LONGEST_WAIT = datetime.timedelta(hours=1)


class OutgoingMailQuerySet(TenantQuerySet[Any]):
    """Outgoing mails of the present workspace."""

    def waiting(self) -> Self:
        """Those that are still to be sent."""
        return self.filter(state=MailState.WAITING)

    def undelivered(self) -> Self:
        """Those that were given up."""
        return self.filter(state=MailState.UNDELIVERED)

    def due(self) -> Self:
        """Waiting, their time has come, and no worker holds them.

        Times further ahead than any we give were given by a clock that has since been set back;
        they do not count.
        """
        now = timezone.now()
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        come = Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + LONGEST_WAIT * 2)
        return self.waiting().filter(come, free | Q(lease_until__gt=now + LEASE * 2))

    def put_off(self) -> Self:
        """Waiting after at least one attempt that failed."""
        return self.waiting().filter(attempts__gt=0)
