"""Passwords: asked for anew, chosen, changed.

Hashing takes longer than a write lock should be held, so it is done before each transaction.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from portico.accounts.actions.sessions import end_sessions_of
from portico.accounts.models import User
from portico.accounts.passwords import checked_hash
from portico.history.actions import record
from portico.kit.actors import Actor, ActorKind, Way
from portico.kit.errors import Refused
from portico.kit.requests import current_request_id

CHANGED = "password.changed"


@transaction.atomic
def request_password_reset(user: User) -> None:
    """Record that a link was asked for; what follows from the event mails it.

    Nobody is signed in when it is asked for, so the system acts. The caller has made sure that the
    user may get one (`forms.ResetPasswordForm`).
    """
    actor = Actor.system(user.workspace_id, request_id=current_request_id(), way=Way.PAGE)
    record(actor, "password.reset_requested", [user])


def change_password(actor: Actor, *, current: str, new: str, present_session: str = "") -> User:
    """Change the actor's own password; their other sessions end (R-C44), keys stay.

    Raises Refused at `oldpassword` when the present one is wrong, at `password1` when the new one
    breaks a rule (domain.md, Passwords).
    """
    user = User.objects.get(pk=actor.user_id)
    if not user.check_password(current):
        raise _wrong()
    encoded = checked_hash(new, user)
    with transaction.atomic():
        row = _locked(user)
        if row.password != user.password:
            raise _wrong()
        _replace(actor, row, encoded)
        end_sessions_of([row.pk], except_key=present_session)
    return row


def choose_password(
    user: User, new: str, *, is_still_valid: Callable[[User], bool], ip: str | None = None
) -> User:
    """Set the password of somebody who came by a one-time link; all their sessions end, keys stay.

    `is_still_valid` is asked again under the lock, so that of two who came by the same link at the
    same moment one wins. Raises Refused at `password1`, or `dead_link`.
    """
    encoded = checked_hash(new, user)
    with transaction.atomic():
        row = _locked(user)
        if not is_still_valid(row):
            raise Refused("dead_link", _("This link has been used."), status=410)
        _replace(as_themselves(row, ip=ip), row, encoded)
        end_sessions_of([row.pk])
    return row


def set_first_password(user: User, encoded: str, *, ip: str | None = None) -> None:
    """Store the password that a new user chose (invitation, first run), within their transaction.

    Takes what `passwords.checked_hash` returned before that transaction began.
    """
    _replace(as_themselves(user, ip=ip), user, encoded)


def as_themselves(user: User, *, ip: str | None = None) -> Actor:
    """The actor of what somebody does to their own account before they are signed in."""
    return Actor(
        kind=ActorKind.USER,
        id=user.pk,
        name=user.display_name,
        workspace_id=user.workspace_id,
        user_id=user.pk,
        user_kind=user.kind,
        licence=user.licence or None,
        request_id=current_request_id(),
        ip=ip,
        way=Way.PAGE,
    )


def _locked(user: User) -> User:
    row: User = User.objects.select_for_update().get(pk=user.pk)
    return row


@transaction.atomic
def _replace(actor: Actor, user: User, encoded: str) -> None:
    """Store the hash and say that it changed; not more than that."""
    user.password = encoded
    User.objects.filter(pk=user.pk).update(password=encoded)
    record(actor, CHANGED, [user])


def _wrong() -> Refused:
    return Refused("wrong_password", _("This is not your present password."), field="oldpassword")
