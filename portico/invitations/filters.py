"""The state of their invitation, as something to narrow lists of people by."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import FilterField, FilterKind, add_filter_field
from portico.invitations.models import Invitation

PENDING, EXPIRED, NONE = "pending", "expired", "none"


def _narrow(rows: Any, *, operator: str, value: str) -> Any:
    """`pending`: invited, the link works; `expired`: invited, it no longer does; `none`: never."""
    del operator  # there is only one
    invited = Invitation.objects.filter(user__kind="person")
    if value == NONE:
        return rows.exclude(pk__in=invited.values("user_id"))
    now = timezone.now()
    if value == PENDING:
        return rows.filter(pk__in=invited.open(now).values("user_id"))
    over = invited.pending().filter(expires_at__lte=now)
    return rows.filter(pk__in=over.values("user_id"))


add_filter_field(
    PropertySubject.PERSON,
    FilterField(
        name="invitation",
        label=lambda: _("Invitation"),
        kind=FilterKind.CHOICE,
        choices=lambda: [
            (PENDING, _("Invited, not joined")),
            (EXPIRED, _("Invitation expired")),
            (NONE, _("Never invited")),
        ],
        narrow=_narrow,
        is_indexed=True,
    ),
)
