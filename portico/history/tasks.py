"""Work off what follows from recorded events, in the workspace of each."""

import datetime

from django.db import transaction
from django.utils import timezone

from portico.history.models import Event, FollowUp
from portico.history.receivers import call_receivers

FIRST_WAIT = datetime.timedelta(seconds=5)
LONGEST_WAIT = datetime.timedelta(hours=1)


def follow_up(limit: int = 100) -> int:
    """Take due follow-ups of the present workspace and do what follows from them.

    Each is one transaction: what follows is written and the row is gone, or neither; a failing one
    is put off and blocks nothing. Returns how many were worked off.
    """
    due = FollowUp.objects.filter(next_attempt_at__lte=timezone.now()).order_by("next_attempt_at")
    done = 0
    for key in list(due.values_list("pk", flat=True)[:limit]):
        done += _follow_one(key)
    return done


def _follow_one(key: object) -> int:
    try:
        with transaction.atomic():
            row = FollowUp.objects.select_for_update(skip_locked=True).filter(pk=key).first()
            if row is None:
                return 0
            call_receivers(list(Event.objects.filter(pk__in=row.event_ids).order_by("id")))
            row.delete()
    except Exception as error:
        _put_off(key, error)
        return 0
    return 1


def _put_off(key: object, error: Exception) -> None:
    row = FollowUp.objects.filter(pk=key).first()
    if row is None:
        return
    row.attempts += 1
    row.next_attempt_at = timezone.now() + min(
        FIRST_WAIT * 2 ** min(row.attempts, 12), LONGEST_WAIT
    )
    row.last_error = f"{type(error).__name__}: {error}"[:1000]
    row.save()
