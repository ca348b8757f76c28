"""Make and revoke keys for the API."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.choices import UserKind
from portico.accounts.guards import entry_refusal
from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused
from portico.kit.names import clean_name
from portico.workspaces.actors import user_actor
from portico.workspaces.choices import Permission
from portico.workspaces.keys import hash_of, new_key
from portico.workspaces.models import ApiKey


@transaction.atomic
def create_api_key(
    actor: Actor,
    user: User,
    *,
    name: str,
    permissions: Iterable[str] | None = None,
    expires_at: datetime.datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key with which `user` calls the API; returns its row and the key, shown once.

    Without `permissions` the key may do all that its user may at the time of use; it never may do
    more. Agents with manage_workspace make keys for themselves; keys for others, people included,
    are made by command (domain.md, ApiKey). Raises Refused("permission_not_held") for a
    permission that the user does not hold, and Refused for one who may not come in.
    """
    actor.require(Permission.MANAGE_WORKSPACE)
    if not actor.is_unlimited and actor.user_id != user.pk:
        raise Denied(detail=_("Keys for others are made by command, on the server."))
    refusal = entry_refusal(user)
    if refusal is not None:
        raise Refused(refusal.code, refusal.reason, field="email")
    wanted = None if permissions is None else sorted(set(permissions))
    _refuse_unheld(user, wanted or [])
    key, prefix = new_key()
    row = ApiKey.objects.create(
        user=user,
        name=clean_name(name),
        prefix=prefix,
        hash=hash_of(key),
        permissions=wanted,
        expires_at=expires_at,
    )
    record(actor, "api_key.created", [row], changes={"permissions": [None, wanted]})
    return row, key


@transaction.atomic
def revoke_api_key(actor: Actor, key_id: UUID) -> ApiKey:
    """End a key for good, from the next request on; one already revoked is left as it is."""
    actor.require(Permission.MANAGE_WORKSPACE)
    row: ApiKey | None = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise NotThere
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        record(actor, "api_key.revoked", [row])
    return row


def _refuse_unheld(user: User, wanted: list[str]) -> None:
    held = user_actor(user).permissions
    missing = [code for code in wanted if code not in held]
    if missing:
        detail = _("%(name)s does not hold: %(codes)s.") % {
            "name": user.display_name,
            "codes": ", ".join(missing),
        }
        if user.kind == UserKind.AGENT and held:
            detail += " " + _("Held: %(codes)s.") % {"codes": ", ".join(sorted(held))}
        raise Refused("permission_not_held", detail, field="permissions")
