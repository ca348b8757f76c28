"""Sweep what served its purpose: form tokens, idempotency keys, sessions that ended."""

import datetime

from django.utils import timezone

from portico.accounts.models import Session
from portico.kit.models import FormToken, IdempotencyKey

KEPT = datetime.timedelta(hours=24)


def sweep() -> int:
    """Remove them in the present workspace; returns how many rows went."""
    now = timezone.now()
    gone = 0
    for rows in (
        FormToken.objects.filter(created_at__lt=now - KEPT),
        IdempotencyKey.objects.filter(created_at__lt=now - KEPT),
        Session.objects.filter(expire_date__lt=now),
    ):
        gone += rows.delete()[0]
    return gone
