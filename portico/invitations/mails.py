"""The mail that invites."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.reports import contact_of
from portico.invitations.choices import InvitationState
from portico.invitations.links import link_of
from portico.invitations.models import Invitation
from portico.invitations.reports import day_in_words, is_for_another_address, title_of
from portico.kit.tenancy.scope import current_scope
from portico.notifications.mails import MailContext, mail_kind
from portico.notifications.models import OutgoingMail

KIND = "invitation.sent"
VOID_KIND = "invitation.void"


def invitation_subject(mail: OutgoingMail) -> str:
    """Who invites into what."""
    invitation = _invitation_of(mail)
    return title_of(invitation) if invitation else _("An invitation")


@mail_kind(
    KIND,
    template="invitations/mails/invitation",
    subject=invitation_subject,
    carries_link=True,
)
def invitation_context(mail: OutgoingMail) -> MailContext | None:
    """The link and all around it; moot once it was answered, sent again, or the address changed."""
    invitation = _invitation_of(mail)
    if invitation is None or not _is_wanted(invitation, mail):
        return None
    inviter = invitation.invited_by
    context: dict[str, Any] = {
        "title": title_of(invitation),
        "name": invitation.user.given_name or invitation.user.name,
        "place": invitation.organization or current_scope().name,
        "workspace_name": current_scope().name,
        "is_for_agent": invitation.is_for_agent,
        "has_password": invitation.user.has_usable_password(),
        "address": invitation.address,
        "until": day_in_words(invitation.expires_at),
        "link": link_of(invitation),
        "inviter_address": "",
    }
    # What was sent in good right stays valid without its sender (R-C13), who is asked no more.
    if inviter is not None and inviter.is_active and inviter.email:
        context["inviter_address"] = inviter.email
        context["reply_to"] = (inviter.display_name, inviter.email)
    return context


def _void_subject(_mail: OutgoingMail) -> str:
    return _("Your invitation to %(workspace)s no longer works") % {
        "workspace": current_scope().name
    }


@mail_kind(VOID_KIND, template="invitations/mails/void", subject=_void_subject)
def void_context(mail: OutgoingMail) -> MailContext | None:
    """To the old address of somebody who was invited there: the link is dead (S2.23).

    The new address is not named: the old one may have belonged to a stranger.
    """
    contact = contact_of(mail.recipient) if mail.recipient else None
    if contact is None or not contact.email:
        return {"address": mail.address}
    return {"address": mail.address, "reply_to": (contact.display_name, contact.email)}


def _invitation_of(mail: OutgoingMail) -> Invitation | None:
    rows = Invitation.objects.select_related("user", "organization", "invited_by")
    found: Invitation | None = rows.filter(pk=mail.subject_id).first()
    return found


def _is_wanted(invitation: Invitation, mail: OutgoingMail) -> bool:
    return (
        invitation.state_at(timezone.now()) == InvitationState.PENDING
        and invitation.mail_id == mail.pk
        and not is_for_another_address(invitation, invitation.user)
        and invitation.user.is_active
    )
