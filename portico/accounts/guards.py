"""The open list behind "who gets in": apps above add their facts, one function asks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.kit.tenancy.scope import current_scope


@dataclass(frozen=True)
class EntryRefusal:
    """Why somebody stays outside: a stable code and one plain sentence.

    `may_sign_in`: sign-in works and leads to the closed page (membership ended), instead of being
    refused at the password form.
    """

    code: str
    reason: str
    may_sign_in: bool = False


EntryGuard = Callable[[User, UUID | None], EntryRefusal | None]

_guards: list[EntryGuard] = []


def add_entry_guard(guard: EntryGuard) -> None:
    """Add a fact that may keep a user outside; called at start-up by the app that knows it."""
    if guard not in _guards:
        _guards.append(guard)


def entry_refusal(user: User, organization_id: UUID | None = None) -> EntryRefusal | None:
    """The one function that decides who gets in (X8): None, or the reason why not.

    Asked by page, API, file, feed and background job alike; after the password, after a second
    factor, and at each request. `organization_id` is the one chosen in the portal, if any.
    """
    for guard in (_refusal_of_user, *_guards):
        refusal = guard(user, organization_id)
        if refusal is not None:
            return refusal
    return None


def _refusal_of_user(user: User, _organization_id: UUID | None) -> EntryRefusal | None:
    """The facts that stand on the user's own row."""
    name = current_scope().name
    if user.merged_into_id is not None:
        # The other address is not told: it may have been somebody else's by mistake.
        text = _("Your accounts at %(workspace)s were made one.") % {"workspace": name}
        where = _("Sign in with the address of the other one.")
        return EntryRefusal("merged", f"{text} {where}")
    if user.archived_at is not None or user.is_disabled:
        reason = _("Your access to %(workspace)s is switched off.") % {"workspace": name}
        return EntryRefusal("archived" if user.archived_at else "disabled", reason)
    if not user.has_usable_password():
        reason = _("Open the link in your invitation to choose a password first.")
        return EntryRefusal("invitation_pending", reason)
    return None
