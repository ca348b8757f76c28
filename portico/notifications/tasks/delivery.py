"""Deliver the mails of the present workspace, one row at a time, outside of any transaction.

A worker takes a row by a lease, sends, and marks the row. Killed between the two it leaves the
lease to run out; the next worker then sends the same mail with the same Message-ID once more.
"""

import datetime
import logging
import random
import smtplib
from uuid import UUID

from django.core.mail.backends.smtp import EmailBackend
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.kit.tenancy.scope import current_scope
from portico.notifications.choices import MailState
from portico.notifications.mails import kind_of
from portico.notifications.models import OutgoingMail
from portico.notifications.querysets import LEASE, LONGEST_WAIT
from portico.notifications.reports import MailServer, mail_server
from portico.notifications.tasks.messages import build_message, connection_to
from portico.workspaces.models import Workspace

logger = logging.getLogger("portico.mail")

FIRST_WAIT = datetime.timedelta(seconds=30)
JITTER = 0.2
MOST_ATTEMPTS = 120  # about five days
MOST_BROKEN_ATTEMPTS = 8  # a mail that can't even be made


class GivenUp(Exception):
    """This mail will not be delivered; the text says why."""


class ServerFailed(Exception):
    """The server took nothing, which is not the mail's fault; the text says what it said."""


def deliver_mails(limit: int = 50) -> int:
    """Send what is due. Without a mail server nothing is touched.

    Stops at the first failure of the server itself, so that a silent one costs one time-out and
    not one for each mail. Returns how many rows were settled.
    """
    server = mail_server()
    if server is None:
        return 0
    connection = connection_to(server)
    due = OutgoingMail.objects.due().order_by("next_attempt_at")
    settled = 0
    try:
        for key in list(due.values_list("pk", flat=True)[:limit]):
            mail = _take(key)
            if mail is None:
                continue
            settled += 1
            if not _deliver(mail, connection, server=server):
                break
    finally:
        _close(connection)
    return settled


def _take(key: UUID) -> OutgoingMail | None:
    """Lease the row to this worker; None when another was faster."""
    until = timezone.now() + LEASE
    taken = (
        OutgoingMail.objects.due()
        .filter(pk=key)
        .update(lease_until=until, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    mail: OutgoingMail = OutgoingMail.objects.select_related("recipient").get(pk=key)
    return mail


def _deliver(mail: OutgoingMail, connection: EmailBackend, *, server: MailServer) -> bool:
    """Send one mail and settle its row; False when the server itself failed."""
    try:
        is_sent = _send(mail, connection, server=server)
    except GivenUp as given_up:
        _settle(mail, state=MailState.UNDELIVERED, last_error=str(given_up))
        return True
    except ServerFailed as failure:
        _put_off(mail, str(failure), most=MOST_ATTEMPTS)
        _close(connection)
        return False
    except Exception as error:
        logger.exception("mail %s could not be made", mail.pk)
        text = _("The mail could not be made (%(error)s).") % {"error": type(error).__name__}
        _put_off(mail, text, most=MOST_BROKEN_ATTEMPTS)
        return True
    if is_sent:
        _settle(mail, state=MailState.SENT, sent_at=timezone.now(), last_error="")
        _note_accepted()
    else:
        _settle(mail, state=MailState.CANCELLED, last_error="")
    return True


def _send(mail: OutgoingMail, connection: EmailBackend, *, server: MailServer) -> bool:
    """Hand the message to the server; False when it became moot."""
    kind = kind_of(mail.kind)
    context = kind.context(mail)
    if context is None:
        return False
    if not mail.address.rpartition("@")[0].isascii():
        raise GivenUp(_("The part before the @ has letters that mail servers do not take."))
    message = build_message(mail, kind, context=context, server=server)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ServerFailed(_words_of(error)) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _verdict(code, said) from error
    except smtplib.SMTPDataError as error:
        raise _verdict(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise ServerFailed(_words_of(error)) from error
    return True


def _verdict(code: int, said: bytes | str) -> Exception:
    """What an answer to this one mail means: 5xx is final, anything else is tried again."""
    answer = f"{code} {_decoded(said)}"
    if 500 <= code < 600:
        return GivenUp(_("The mail server refused it: %(answer)s") % {"answer": answer})
    return ServerFailed(_("The mail server put it off: %(answer)s") % {"answer": answer})


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        text = _("The mail server refused the user name or password: %(answer)s")
        return text % {"answer": f"{error.smtp_code} {_decoded(error.smtp_error)}"}
    if isinstance(error, smtplib.SMTPResponseException):
        answer = f"{error.smtp_code} {_decoded(error.smtp_error)}"
        return _("The mail server said: %(answer)s") % {"answer": answer}
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return _("The mail server can't be reached: %(error)s") % {"error": said[:300]}


def _decoded(said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]


def _put_off(mail: OutgoingMail, reason: str, *, most: int) -> None:
    if mail.attempts >= most:
        _settle(mail, state=MailState.UNDELIVERED, last_error=reason)
        return
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 12), LONGEST_WAIT)
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - against stampedes, not secret
    _settle(mail, next_attempt_at=timezone.now() + wait * spread, last_error=reason)


def _settle(mail: OutgoingMail, **changes: object) -> None:
    """Write the outcome and give the lease back, unless another worker holds the row by now."""
    held = OutgoingMail.objects.filter(pk=mail.pk, lease_until=mail.lease_until)
    held.update(lease_until=None, **changes)


def _note_accepted() -> None:
    """The first mail that a server accepted ticks the step "set up mail" on Home."""
    own = Workspace.objects.filter(pk=current_scope().id, mail_accepted_at__isnull=True)
    own.update(mail_accepted_at=timezone.now())


def _close(connection: EmailBackend) -> None:
    """Say goodbye; a server that is gone does not mind."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        connection.connection = None
