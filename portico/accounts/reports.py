"""What others ask about users and their sign-in."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.links import CHOICE, RESET
from portico.accounts.models import Session, User
from portico.history.models import UNDO_FOR, Event
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import current_scope

SIGNED_IN_WITH = "signed_in_with"
SIGNED_IN_FROM = "signed_in_from"

# The first that fits wins: each of the later ones is also named by those before it.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, kw_only=True)
class OwnSession:
    """A place where somebody is signed in, as they know it again."""

    device: str
    ip: str
    signed_in_at: datetime.datetime
    last_seen_at: datetime.datetime
    is_present: bool


def password_reset_link(user: User) -> str:
    """A new link to reset this user's password, on the workspace's own host.

    It works once, for 24 hours, and dies by itself when the user signs in, changes the password or
    the address. Made when the mail is sent and stored nowhere; the mail goes to `user.email`, never
    to what was typed (R-C46). Ask only for users with a usable password who may sign in.
    """
    return RESET.address(user)


def choose_password_link(user: User) -> str:
    """A new link to choose a password, for users without one too (`portico signin-link`).

    It works once, for 72 hours: the token covers the present password hash and the last sign-in.
    """
    return CHOICE.address(user)


def own_sessions(actor: Actor, *, present_key: str | None) -> list[OwnSession]:
    """Where the actor is signed in, the present session first, then the last seen first."""
    rows = Session.objects.filter(user_id=actor.user_id).order_by("-last_seen_at", "-created_at")
    sessions = [_shown(row, present_key) for row in rows]
    return sorted(sessions, key=lambda session: not session.is_present)


def contact_of(user: User) -> User | None:
    """Whom somebody shut out may ask: the account manager, else the workspace's support contact."""
    keys = [user.account_manager_id, current_scope().settings.get("support_contact_id")]
    contacts = User.objects.active().filter(pk__in=[key for key in keys if key])
    found = {contact.pk: contact for contact in contacts}
    return next((found[key] for key in keys if key in found), None)


def _shown(row: Session, present_key: str | None) -> OwnSession:
    kept = row.get_decoded()
    return OwnSession(
        device=device_name(kept.get(SIGNED_IN_WITH, "")),
        ip=kept.get(SIGNED_IN_FROM, ""),
        signed_in_at=row.created_at,
        last_seen_at=row.last_seen_at or row.created_at,
        is_present=row.session_key == present_key,
    )


def device_name(user_agent: str) -> str:
    """A browser and a system in words out of what the browser says of itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def avatars_in_use(file_ids: Collection[UUID]) -> set[UUID]:
    """Those of these files that are somebody's avatar, or were until an act that can be undone.

    What an erased person had is used by nobody, whatever could be undone.
    """
    used = set(User.objects.filter(avatar_id__in=file_ids).values_list("avatar_id", flat=True))
    left = {str(key): key for key in file_ids if key not in used}
    if not left:
        return used
    changed = Event.objects.filter(
        kind__in=["person.updated", "agent.updated"],
        at__gt=timezone.now() - UNDO_FOR,
        reversal__avatar__in=list(left),
    )
    erased = User.objects.filter(erased_at__isnull=False).values("pk")
    told = changed.exclude(subject_id__in=erased)
    return used | {left[key] for key in told.values_list("reversal__avatar", flat=True)}
