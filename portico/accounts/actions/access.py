"""Switch somebody's sign-in off and on, and tie it to another address.

Who may do this to whom is known by the apps above: their actions check it and then call these.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.sessions import end_sessions_of
from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.addresses import email_key
from portico.kit.errors import Refused


@transaction.atomic
def disable_user(actor: Actor, user: User, *, organization_id: UUID | None = None) -> User:
    """Switch the sign-in of this user off; their sessions end, their keys are refused (R-C42).

    Raises Refused("own_account"): nobody disables themselves. Doing it twice changes nothing.
    """
    if actor.user_id == user.pk:
        raise Refused("own_account", _("You can't disable your own account."))
    return _switch(actor, user, "disabled", organization_id=organization_id)


@transaction.atomic
def enable_user(actor: Actor, user: User, *, organization_id: UUID | None = None) -> User:
    """Switch the sign-in of this user on again, with the same password and roles (S3.25)."""
    return _switch(actor, user, "enabled", organization_id=organization_id)


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


def _switch(actor: Actor, user: User, verb: str, *, organization_id: UUID | None) -> User:
    is_disabled = verb == "disabled"
    changed = User.objects.filter(pk=user.pk, is_disabled=not is_disabled).update(
        is_disabled=is_disabled, version=F("version") + 1, updated_at=timezone.now()
    )
    if is_disabled:
        end_sessions_of([user.pk])
    if changed:
        record(actor, f"{user.kind}.{verb}", [user], organization_id=organization_id)
    user.refresh_from_db()
    return user
