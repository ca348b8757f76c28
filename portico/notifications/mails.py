"""The open list of kinds of mail: apps above add to it at start-up, from their own `mails.py`.

    @mail_kind(
        "invitation.sent",
        template="invitations/mails/invitation",
        subject=invitation_subject,
        carries_link=True,
    )
    def invitation_context(mail: OutgoingMail) -> MailContext | None: ...

`template` names a pair: `<template>.txt` extends `notifications/mails/mail.txt`, `<template>.html`
extends `notifications/mails/mail.html`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.kit.tenancy.scope import current_scope
from portico.notifications.models import OutgoingMail

MailContext = Mapping[str, Any]
"""What the templates get. With `reply_to` = (name, address) answers go there."""


@dataclass(frozen=True, kw_only=True)
class MailKind:
    """A kind of mail.

    `subject` is asked once, when the mail is queued. `context` is asked at each sending, so that
    links are made at the last moment and never stored; None says that the mail became moot, and
    it is cancelled. `carries_link`: its body opens a door and is shown to nobody.
    """

    name: str
    template: str
    subject: Callable[[OutgoingMail], str]
    context: Callable[[OutgoingMail], MailContext | None]
    carries_link: bool = False


_kinds: dict[str, MailKind] = {}

ContextSource = Callable[[OutgoingMail], MailContext | None]


def mail_kind(
    name: str,
    *,
    template: str,
    subject: Callable[[OutgoingMail], str],
    carries_link: bool = False,
) -> Callable[[ContextSource], ContextSource]:
    """Register the decorated function as the context of a kind of mail."""

    def register(context: ContextSource) -> ContextSource:
        _kinds[name] = MailKind(
            name=name,
            template=template,
            subject=subject,
            context=context,
            carries_link=carries_link,
        )
        return context

    return register


def kind_of(name: str) -> MailKind:
    """The kind with this name; raises KeyError for an unknown one."""
    return _kinds[name]


def _test_subject(_mail: OutgoingMail) -> str:
    return _("Test mail of %(workspace)s") % {"workspace": current_scope().name}


@mail_kind("mail.tested", template="notifications/mails/test", subject=_test_subject)
def test_context(mail: OutgoingMail) -> MailContext | None:
    """The mail by which an agent sees that mail works."""
    return {"address": mail.address}


def _reset_subject(_mail: OutgoingMail) -> str:
    return _("Choose a new password for %(workspace)s") % {"workspace": current_scope().name}


@mail_kind(
    "password.reset",
    template="notifications/mails/password_reset",
    subject=_reset_subject,
    carries_link=True,
)
def password_reset_context(mail: OutgoingMail) -> MailContext | None:
    """The link to choose a new password; moot for who may not sign in or has another address."""
    user: User | None = mail.recipient
    if user is None or not user.is_active or user.email != mail.address:
        return None
    from portico.accounts.reports import password_reset_link  # noqa: PLC0415 - a cycle otherwise

    return {"link": password_reset_link(user)}


def _changed_subject(_mail: OutgoingMail) -> str:
    return _("Your address at %(workspace)s was changed") % {"workspace": current_scope().name}


@mail_kind(
    "email.changed", template="notifications/mails/address_changed", subject=_changed_subject
)
def address_changed_context(mail: OutgoingMail) -> MailContext | None:
    """To the old address: that it no longer signs in, and whom to tell when that is wrong.

    The new address is not named: the old one may have belonged to a stranger.
    """
    from portico.accounts.reports import contact_of  # noqa: PLC0415 - a cycle otherwise

    contact = contact_of(mail.recipient) if mail.recipient else None
    if contact is None or not contact.email:
        return {"address": mail.address}
    return {"address": mail.address, "reply_to": (contact.display_name, contact.email)}


def _confirm_subject(_mail: OutgoingMail) -> str:
    return _("Confirm your address for %(workspace)s") % {"workspace": current_scope().name}


@mail_kind(
    "email.confirm",
    template="notifications/mails/confirm_address",
    subject=_confirm_subject,
    carries_link=True,
)
def confirm_address_context(mail: OutgoingMail) -> MailContext | None:
    """The link that proves the new address; moot once it was used or the address changed again."""
    user: User | None = mail.recipient
    if user is None or not user.is_active or user.email != mail.address:
        return None
    if user.has_usable_password():
        return None
    from portico.accounts.reports import choose_password_link  # noqa: PLC0415 - a cycle otherwise

    return {"link": choose_password_link(user)}
