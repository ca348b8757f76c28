"""What follows from events: the mails of this app."""

from collections.abc import Sequence

from portico.accounts.models import User
from portico.history.models import Event
from portico.history.receivers import follows
from portico.notifications.actions import queue_mail


@follows("password.reset_requested")
def mail_reset_link(events: Sequence[Event]) -> None:
    """Send the user the link to choose a new password."""
    users = User.objects.in_bulk([event.subject_id for event in events])
    for event in events:
        user = users.get(event.subject_id)
        if user is not None and user.email:
            queue_mail(
                event, kind="password.reset", recipient=user, address=user.email, subject_id=user.pk
            )


@follows("email.changed")
def mail_address_change(events: Sequence[Event]) -> None:
    """Tell the old address, and send the new one the link that proves it (S2.23)."""
    users = User.objects.in_bulk([event.subject_id for event in events])
    for event in events:
        user = users.get(event.subject_id)
        old, new = event.changes["email"]
        if user is None:
            continue
        if old:
            queue_mail(event, kind="email.changed", recipient=user, address=old)
        queue_mail(event, kind="email.confirm", recipient=user, address=new, subject_id=user.pk)


@follows("mail.tested")
def mail_test(events: Sequence[Event]) -> None:
    """Send the test mail to the agent who asked for it."""
    for event in events:
        user = User.objects.filter(pk=event.actor_id).first()
        if user is not None and user.email:
            queue_mail(event, kind="mail.tested", recipient=user, address=user.email)
