"""End sessions."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from portico.accounts.models import Session, User
from portico.history.actions import record
from portico.kit.actors import Actor


def end_sessions_of(user_ids: Collection[UUID], *, except_key: str = "") -> int:
    """Delete the sessions of these users but one, in the transaction of the act that ends them.

    Returns how many ended. A part of other actions, which check and record; not one by itself.
    """
    others = Session.objects.filter(user_id__in=user_ids).exclude(session_key=except_key)
    ended: int = others.delete()[0]
    return ended


@transaction.atomic
def end_other_sessions(actor: Actor, *, present_session: str) -> int:
    """Sign the actor out everywhere but here; returns how many sessions ended."""
    ended = end_sessions_of([_own_id(actor)], except_key=present_session)
    if ended:
        record(actor, "sessions.ended", [User.objects.get(pk=actor.user_id)])
    return ended


def _own_id(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise ValueError("Only a user has sessions.")
    return actor.user_id
