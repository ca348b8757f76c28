"""Tie somebody's sign-in to another address.

Who may do this to whom is known by the apps above: their actions check it and then call these.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from portico.accounts.actions.sessions import end_sessions_of
from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.addresses import email_key


def moves_sign_in(user: User, changes: Mapping[str, Sequence[Any]]) -> bool:
    """Whether these changes give somebody who joined another address, confirmed before or not."""
    has_joined = user.has_usable_password() or user.last_login is not None
    if "email" not in changes or not has_joined:
        return False
    return email_key(changes["email"][1]) != email_key(changes["email"][0])


@transaction.atomic
def close_until_confirmed(
    actor: Actor,
    users: Sequence[User],
    *,
    changes: Mapping[UUID, Mapping[str, Sequence[Any]]],
    organization_id: Mapping[UUID, UUID | None],
) -> None:
    """Let nobody in with an address that is not proved yet, after somebody else changed it (R-C28).

    Password, sessions and keys stop working; from the event the old address is told, and the new
    one gets a link to choose a password, which proves it (S2.23). A part of the actions that change
    addresses, which check and save; `changes` hold at least the e-mail of each user, old and new.
    """
    for user in users:
        user.set_unusable_password()
        User.objects.filter(pk=user.pk).update(password=user.password)
    end_sessions_of([user.pk for user in users])
    moves = {user.pk: {"email": changes[user.pk]["email"]} for user in users}
    record(actor, "email.changed", users, changes=moves, organization_id=organization_id)
