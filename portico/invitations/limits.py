"""How many invitations may be sent; without a limit this would be a cannon of mails (R-C16)."""

import datetime
from collections.abc import Iterable
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
    """The limit is reached; `retry_after` says in how many seconds there is room again.

    `is_everybodys`: it is the workspace's limit, so that nobody else can be invited now either.
    """

    def __init__(self, detail: str, *, retry_after: int, is_everybodys: bool = False) -> None:
        super().__init__("too_many_invitations", detail, status=429)
        self.retry_after = retry_after
        self.is_everybodys = is_everybodys


def require_room_to_send(user_id: UUID) -> None:
    """Refuse one more invitation when this user's day or the workspace's hour is full.

    Counted from the events, in the transaction that sends; 20 a day for one user and 200 an hour
    for a workspace, changeable by the settings `invitations_per_day` and `invitations_per_hour`.
    """
    limits = current_scope().settings
    limit = limits.get("invitations_per_day", PER_USER_AND_DAY)
    own = Invitation.objects.filter(user_id=user_id, sent_at__gt=timezone.now() - _DAY)
    # One by one: asked for several at once SQLite walks all events of the workspace.
    sent = [Event.objects.filter(subject_id=key) for key in own.values_list("pk", flat=True)]
    wait = _wait(sent, _DAY, limit=limit)
    if wait:
        text = _("At most %(limit)s invitations a day go to one address. Try again tomorrow.")
        raise TooManyInvitations(text % {"limit": limit}, retry_after=wait)
    limit = hourly_limit()
    wait = _wait([_last_hour()], _HOUR, limit=limit)
    if wait:
        text = _("At most %(limit)s invitations go out within an hour. Try again an hour later.")
        raise TooManyInvitations(text % {"limit": limit}, retry_after=wait, is_everybodys=True)


def hourly_limit() -> int:
    """How many invitations this workspace may send within an hour."""
    limit: int = current_scope().settings.get("invitations_per_hour", PER_WORKSPACE_AND_HOUR)
    return limit


def room_hint(number: int) -> str:
    """That fewer than this number of invitations may go out now, and how many; else ""."""
    limit = hourly_limit()
    sent = _last_hour().filter(kind__in=SENDINGS, at__gt=timezone.now() - _HOUR)
    room = max(0, limit - len(sent.values_list("pk")[:limit]))
    if number <= room:
        return ""
    return _(
        "At most %(limit)s invitations go out within an hour, %(room)s more now."
        " The rest is left out and named."
    ) % {"limit": limit, "room": room}


def _last_hour() -> Any:
    """The events of the last hour, and perhaps a few before."""
    return Event.objects.filter(id__gte=_first_id_of(timezone.now() - _HOUR))


def _wait(histories: Iterable[Any], span: datetime.timedelta, *, limit: int) -> int:
    """In how many seconds there is room for one more in this span; 0 where there is now."""
    since = timezone.now() - span
    moments: list[datetime.datetime] = []
    for events in histories:
        sent = events.filter(kind__in=SENDINGS, at__gt=since).order_by("-id")
        moments += sent.values_list("at", flat=True)[:limit]
    if len(moments) < limit:
        return 0
    wait = sorted(moments, reverse=True)[limit - 1] + span - timezone.now()
    return max(1, int(wait.total_seconds()) + 1)


def _first_id_of(moment: datetime.datetime) -> UUID:
    """The smallest UUIDv7 of this moment, so that the index of ids finds recent events."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80)
