"""Everything a story could have changed, to be compared before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portico.accounts.models import User
from portico.clients.models import Membership, MembershipRole, Organization
from portico.history.models import Event, FollowUp
from portico.invitations.models import Invitation, InvitationRole
from portico.notifications.models import OutgoingMail

STORED: tuple[Any, ...] = (
    *(User, Organization, Membership, MembershipRole),
    *(Invitation, InvitationRole, OutgoingMail, Event, FollowUp),
)
MOVING = {"version", "updated_at", "search_text"}


def stored() -> dict[str, list[Any]]:
    """Every row of what stories are about."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in STORED}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fails when what is done inside changes a row, leaves a line of history or a mail."""
    before = stored()
    yield
    assert stored() == before


def fields_of(record: Any) -> dict[str, Any]:
    """Every field of a record but those that move with each save."""
    row: dict[str, Any] = type(record).objects.filter(pk=record.pk).values().get()
    return {name: value for name, value in row.items() if name not in MOVING}


def told(*kinds: str) -> list[tuple[str, str, str]]:
    """The lines of history of these kinds, oldest first: what, to what, by which way."""
    rows = Event.objects.filter(kind__in=kinds) if kinds else Event.objects.all()
    return list(rows.order_by("id").values_list("kind", "subject_name", "way"))
