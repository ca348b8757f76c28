"""Queue mails, and send again what could not be delivered."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from portico.accounts.models import User
from portico.history.actions import record
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.ids import new_id
from portico.kit.tenancy.scope import current_scope
from portico.notifications.choices import MailState
from portico.notifications.mails import kind_of
from portico.notifications.models import OutgoingMail
from portico.workspaces.choices import Permission
from portico.workspaces.models import Workspace

MANAGE_WORKSPACE = Permission.MANAGE_WORKSPACE


def queue_mail(
    event: Event,
    *,
    kind: str,
    recipient: User | None,
    address: str,
    subject_id: UUID | None = None,
) -> OutgoingMail:
    """Leave a mail to the worker, once for (event, address, kind); called by receivers.

    `subject_id` is the record that the kind of mail is about. Returns the row, also when it was
    there before. Raises KeyError for a kind that nobody registered.
    """
    key = new_id()
    mail = OutgoingMail(
        id=key,
        kind=kind,
        event_id=event.pk,
        subject_id=subject_id,
        recipient=recipient,
        address=address,
        message_id=f"<{key}@{message_domain()}>",
        next_attempt_at=timezone.now(),
    )
    with translation.override(recipient.language if recipient else "en"):
        mail.subject = kind_of(kind).subject(mail)[:254]
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
    queued: OutgoingMail = OutgoingMail.objects.get(event_id=event.pk, address=address, kind=kind)
    return queued


def message_domain() -> str:
    """The right side of Message-IDs: the workspace's host, or a stand-in for a bare address."""
    host = urlsplit(current_scope().base_url).hostname or ""
    return host if any(letter.isalpha() for letter in host) and ":" not in host else "localhost"


@transaction.atomic
def send_again(actor: Actor, mail_ids: Sequence[UUID]) -> list[OutgoingMail]:
    """Try those anew that were given up; a mail in another state is left as it is.

    The Message-ID stays, so that a mail that did arrive after all is recognised as the same.
    """
    actor.require(MANAGE_WORKSPACE)
    mails = list(OutgoingMail.objects.select_for_update().filter(pk__in=mail_ids))
    if len(mails) < len(set(mail_ids)):
        raise NotThere
    stuck = [mail for mail in mails if mail.state == MailState.UNDELIVERED]
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in stuck]).update(
        state=MailState.WAITING,
        attempts=0,
        next_attempt_at=timezone.now(),
        lease_until=None,
        last_error="",
    )
    record(actor, "mail.sent_again", stuck)
    return stuck


@transaction.atomic
def send_test_mail(actor: Actor) -> Event:
    """Send a mail to oneself; the worker delivers it. Returns the event that the mail follows."""
    actor.require(MANAGE_WORKSPACE)
    user = User.objects.filter(pk=actor.user_id).first()
    if user is None or not user.email:
        raise Refused("no_address", translation.gettext("You have no e-mail address yourself."))
    return record(actor, "mail.tested", [Workspace.objects.get(pk=actor.workspace_id)])[0]
