"""Questions about API keys of the present workspace."""

from typing import Any, Self

from django.db.models import Q

from portico.kit.tenancy.models import TenantQuerySet


class ApiKeyQuerySet(TenantQuerySet[Any]):
    """Keys of the present workspace."""

    def usable(self, now: Any) -> Self:
        """Those neither revoked nor expired at this moment."""
        not_expired = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(not_expired, revoked_at__isnull=True)
