"""The state of their invitation, as something to narrow lists of people by."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import FilterField, FilterKind, add_filter_field
from portico.invitations.models import Invitation
from portico.kit.narrowing import linked, unlinked

PENDING, EXPIRED, NONE = "pending", "expired", "none"


def _narrow(rows: Any, *, operator: str, value: str) -> Any:
    """`pending`: invited, the link works; `expired`: invited, it no longer does; `none`: never."""
    del operator  # there is only one
    if value == NONE:
        return rows.filter(unlinked(Invitation.objects.all(), "user_id"))
    # Those of agents carry a licence; the index of pending ones leaves them out.
    pending = Invitation.objects.pending().filter(licence="")
    now = timezone.now()
    if value == PENDING:
        return rows.filter(linked(rows, pending.filter(expires_at__gt=now), column="user_id"))
    return rows.filter(linked(rows, pending.filter(expires_at__lte=now), column="user_id"))


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
