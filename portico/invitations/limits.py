"""How many invitations may be sent; without a limit this would be a cannon of mails (R-C16)."""

import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.history.models import Event
from portico.invitations.models import Invitation
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import current_scope

SENDINGS = ("invitation.sent", "invitation.resent")
PER_USER_AND_DAY = 20
PER_WORKSPACE_AND_HOUR = 200
_DAY = datetime.timedelta(days=1)
_HOUR = datetime.timedelta(hours=1)


class TooManyInvitations(Refused):
    """The limit is reached; `retry_after` says in how many seconds there is room again."""

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__("too_many_invitations", detail, status=429)
        self.retry_after = retry_after


def require_room_to_send(user_id: UUID) -> None:
    """Refuse one more invitation when this user's day or the workspace's hour is full.

    Counted from the events, in the transaction that sends; 20 a day for one user and 200 an hour
    for a workspace, changeable by the settings `invitations_per_day` and `invitations_per_hour`.
    """
    limits = current_scope().settings
    own = Invitation.objects.filter(user_id=user_id).values("pk")
    sent_to_user = Event.objects.filter(subject_id__in=own)
    _require(sent_to_user, _DAY, limit=limits.get("invitations_per_day", PER_USER_AND_DAY))
    recent = Event.objects.filter(id__gte=_first_id_of(timezone.now() - _HOUR))
    _require(recent, _HOUR, limit=limits.get("invitations_per_hour", PER_WORKSPACE_AND_HOUR))


def _require(events: Any, span: datetime.timedelta, *, limit: int) -> None:
    since = timezone.now() - span
    sent = events.filter(kind__in=SENDINGS, at__gt=since)
    moments = list(sent.order_by("-id").values_list("at", flat=True)[:limit])
    if len(moments) < limit:
        return
    wait = moments[-1] + span - timezone.now()
    raise TooManyInvitations(
        _("Too many invitations were sent. Try again later."),
        retry_after=max(1, int(wait.total_seconds()) + 1),
    )


def _first_id_of(moment: datetime.datetime) -> UUID:
    """The smallest UUIDv7 of this moment, so that the index of ids finds recent events."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80)
