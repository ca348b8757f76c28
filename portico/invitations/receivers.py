"""What follows when an invitation is sent, or dies with its address: their mails."""

from collections.abc import Sequence

from portico.history.models import Event
from portico.history.receivers import follows
from portico.invitations.choices import InvitationState
from portico.invitations.limits import SENDINGS
from portico.invitations.mails import KIND, VOID_KIND
from portico.invitations.models import Invitation
from portico.notifications.actions import queue_mail
from portico.notifications.choices import MailState


@follows(*SENDINGS)
def mail_invitation(events: Sequence[Event]) -> None:
    """Queue the mail of each invitation; of several sendings only the last one is mailed."""
    rows = Invitation.objects.select_related("user", "organization", "invited_by")
    invitations = rows.in_bulk([event.subject_id for event in events])
    for event in events:
        invitation = invitations.get(event.subject_id)
        if invitation is None or invitation.state != InvitationState.PENDING:
            continue
        if _was_sent_again(event):
            continue
        mail = queue_mail(
            event,
            kind=KIND,
            recipient=invitation.user,
            address=invitation.address,
            subject_id=invitation.pk,
        )
        Invitation.objects.filter(pk=invitation.pk).update(mail=mail)


@follows("invitation.cancelled")
def tell_old_address(events: Sequence[Event]) -> None:
    """Tell the address that somebody no longer has, where an invitation had gone there (S2.23).

    Nobody else is written to there: who was never invited knows nothing of this workspace.
    """
    moved = [event for event in events if "address" in event.changes]
    rows = Invitation.objects.select_related("user").filter(mail__state=MailState.SENT)
    arrived = rows.in_bulk([event.subject_id for event in moved])
    for event in moved:
        invitation = arrived.get(event.subject_id)
        if invitation is None:
            continue
        queue_mail(
            event, kind=VOID_KIND, recipient=invitation.user, address=event.changes["address"][0]
        )


def _was_sent_again(event: Event) -> bool:
    later = Event.objects.filter(subject_id=event.subject_id, kind__in=SENDINGS, id__gt=event.pk)
    return bool(later.exists())
