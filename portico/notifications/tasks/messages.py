"""From a row to a message, through Django's mail classes only.

Python's own `email.message.EmailMessage` writes an encoded word in a subject out as a real header
on some 3.11 releases (reliability.md R-C95); Django's classes do not.
"""

import re
import unicodedata
from email.header import Header, decode_header, make_header
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template import engines
from django.utils import translation

from portico.kit.colours import accent_of
from portico.kit.tenancy.scope import current_scope
from portico.notifications.mails import MailContext, MailKind
from portico.notifications.models import OutgoingMail
from portico.notifications.reports import MailServer, sender_name
from portico.ui.formats import Formats, use_formats

TIMEOUT_SECONDS = 20
LONGEST_WORD = 60
ADDRESSES = ("From", "To", "Reply-To")
LONGEST_NAME = 60
_SPACES = re.compile(r"\s+")


class Letter(EmailMultiAlternatives):
    """A message whose long headers begin in the line of their name.

    Django makes encoded words of the greatest length without room for the name of the header, or
    one of any length; the generator of the message then breaks the line before the first, and who
    reads it unfolded (RFC 5322, 2.2.3) finds a blank before the subject.
    """

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """The message with its subject and its addresses folded anew."""
        made = super().message(*args, **kwargs)
        for name in ADDRESSES:
            if made[name] is not None:
                made.replace_header(name, make_header(decode_header(made[name]), header_name=name))
        subject = str(self.subject)
        is_plain = subject.isascii() and max(map(len, subject.split()), default=0) <= LONGEST_WORD
        charset = "us-ascii" if is_plain else "utf-8"
        made.replace_header("Subject", Header(subject, charset, header_name="Subject"))
        return made


def connection_to(server: MailServer) -> EmailBackend:
    """A connection that is opened at the first message; `smtp+tls` never goes on without TLS."""
    return EmailBackend(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.scheme == "smtp+tls",
        use_ssl=server.scheme == "smtps",
        timeout=TIMEOUT_SECONDS,
        fail_silently=False,
    )


def build_message(
    mail: OutgoingMail, kind: MailKind, *, context: MailContext, server: MailServer
) -> Letter:
    """The message of a row: text and HTML, in the words of the recipient's language."""
    name = mail.recipient.display_name if mail.recipient else ""
    text, html = _bodies(mail, kind, context=context)
    reply_to = context.get("reply_to")
    message = Letter(
        subject=one_line(mail.subject),
        body=text,
        from_email=mailbox(sender_name(), server.sender),
        to=[mailbox(name, mail.address)],
        reply_to=[mailbox(*reply_to)] if reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _bodies(mail: OutgoingMail, kind: MailKind, *, context: MailContext) -> tuple[str, str]:
    scope = current_scope()
    reader = mail.recipient
    values: dict[str, Any] = {
        "workspace": scope,
        "accent": accent_of(scope.settings["accent"]).light.fill,
        "recipient": reader,
        "subject": mail.subject,
        **context,
    }
    formats = Formats()
    if reader is not None:
        zone = reader.time_zone or scope.time_zone
        formats = Formats(reader.date_order, reader.date_separator, reader.clock, zone)
    engine = engines["jinja2"]
    with translation.override(reader.language if reader else "en"), use_formats(formats):
        text, html = (
            str(engine.get_template(f"{kind.template}.{form}").render(values))
            for form in ("txt", "html")
        )
    return text, html


def one_line(text: str) -> str:
    """The text as it may stand in a header: one line, no control character, no encoded word.

    Line breaks of every kind become spaces; "=?" is broken up, so that nothing in a name is ever
    decoded into something else (reliability.md R-C70, R-C95, R-C96).
    """
    plain = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else letter
        for letter in text
    )
    return _SPACES.sub(" ", plain.replace("=?", "= ?")).strip()


def mailbox(name: str, address: str) -> str:
    """`name <address>`, quoted; never made by pasting strings together."""
    return formataddr((one_line(name)[:LONGEST_NAME].strip(), address))
