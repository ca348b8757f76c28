"""Switch somebody's sign-in off and on.

Who may do this to whom is known by the apps above: their actions check it and then call these.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.sessions import end_sessions_of
from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor
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
