"""The state of their invitation, as something to narrow lists of people by, and to sort them by."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import (
    BY_NAME,
    FilterField,
    FilterKind,
    Hanging,
    add_filter_field,
    add_sorting,
    hanging_on,
    order_of_ranks,
)
from portico.invitations.models import Invitation
from portico.kit.narrowing import led, linked, unlinked, walking
from portico.kit.orders import Order, Rank
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


def _disabled(rows: Any) -> Any:
    return rows.filter(is_disabled=True)


def _unanswered(_owner: None) -> Any:
    return Invitation.objects.pending().filter(licence="")


def _joined(rows: Any) -> Any:
    rows = walking(rows)
    return rows.filter(unlinked(rows, _unanswered(None), column="user_id"), is_disabled=False)


def _status() -> Order:
    """As the column has it: disabled, then invited and not joined; then all others.

    One query, which says how those invited are found.
    """
    invited = hanging_on(None, _unanswered, column="user_id")
    return order_of_ranks(
        "status",
        Rank(_disabled, BY_NAME),
        Rank(_Enabled(invited), BY_NAME),
        Rank(_joined, BY_NAME, stays_last=True),
    )


@dataclass(frozen=True)
class _Enabled:
    """Of some people those who are not disabled."""

    people: Hanging

    def __call__(self, rows: Any) -> Any:
        """Those of the rows."""
        return self.people(rows.filter(is_disabled=False))


add_sorting(PropertySubject.PERSON, "status", order=_status)
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
