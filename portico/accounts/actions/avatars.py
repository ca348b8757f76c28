"""The picture of a user: kept, replaced, removed."""

from uuid import UUID

from django.db import transaction

from portico.accounts.models import User
from portico.files.actions.storing import keep_image
from portico.files.models import StoredFile
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, Refused, Stale

AVATAR = "avatar"


@transaction.atomic
def change_own_avatar(actor: Actor, content: bytes | None, *, version: int | None) -> User:
    """Give the actor another avatar, or none; needs no permission, as all of one's own account.

    Raises Stale when somebody saved since `version` was read, Refused for what is no JPG or PNG.
    """
    user: User = User.objects.select_for_update().get(pk=actor.user_id)
    if version is not None and version != user.version:
        raise Stale(user)
    put_avatar(actor, user, avatar_of(content))
    return user


def avatar_of(content: bytes | None) -> StoredFile | None:
    """The kept image for these bytes; None for none. Problems stand at the field `avatar`."""
    if content is None:
        return None
    try:
        return keep_image(content)
    except Refused as refused:
        problem = FieldProblem(AVATAR, refused.code, refused.detail)
        raise Refused(
            refused.code, refused.detail, errors=[problem], status=refused.status
        ) from refused


def put_avatar(
    actor: Actor, user: User, file: StoredFile | None, *, organization_id: UUID | None = None
) -> None:
    """Set the avatar of a locked user and record it; the same one again leaves no trace.

    A part of actions that have checked the permission and the version.
    """
    old = user.avatar
    if old == file:
        return
    user.avatar = file
    user.version += 1
    user.save(update_fields=["avatar", "version"])
    record(
        actor,
        f"{user.kind}.updated",
        [user],
        changes={AVATAR: [_readable(old), _readable(file)]},
        organization_id=organization_id,
        reversal={user.pk: {AVATAR: str(old.pk) if old else None}},
    )


def _readable(file: StoredFile | None) -> str:
    """The image as history names it: its kind and the beginning of its hash."""
    if file is None:
        return ""
    kind = "JPG" if file.media_type == "image/jpeg" else "PNG"
    return f"{kind} {file.sha256[:8]}"
