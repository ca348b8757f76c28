"""The state of their invitation, as something to narrow lists of people by, and to sort them by."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import (
    FilterField,
    FilterKind,
    add_filter_field,
    add_sort_value,
    ranked,
)
from portico.invitations.models import Invitation
from portico.kit.narrowing import led, linked, unlinked
from portico.kit.prepared import present_moment

PENDING, EXPIRED, NONE = "pending", "expired", "none"


def _narrow(rows: Any, *, operator: str, value: str) -> Any:
    """`pending`: invited, the link works; `expired`: invited, it no longer does; `none`: never."""
    del operator  # there is only one
    if value == NONE:
        return rows.filter(unlinked(rows, Invitation.objects.all(), column="user_id"))
    return rows.filter(linked(rows, _invitations(value), column="user_id"))


def _leads(rows: Any, *, operator: str, value: str) -> list[Any] | None:
    """Each person once, however many invitations they have."""
    del operator
    if value == NONE:
        return None
    return [led(rows, _invitations(value), column="user_id").distinct()]


def _invitations(value: str) -> Any:
    # Those of agents carry a licence; the index of pending ones leaves them out.
    pending = Invitation.objects.pending().filter(licence="")
    comparison = "expires_at__gt" if value == PENDING else "expires_at__lte"
    return pending.filter(**{comparison: present_moment()})


def _status() -> Any:
    """Disabled, then invited and not joined; then all that are as they should be."""
    unanswered = Invitation.objects.pending().filter(licence="", user_id=OuterRef("pk"))
    return ranked(Q(is_disabled=True), Exists(unanswered))


add_sort_value(PropertySubject.PERSON, "status", value=_status)
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
        leads=_leads,
        is_indexed=True,
    ),
)
