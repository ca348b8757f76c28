"""What `PORTICO_EMAIL_URL` says, and how mail stands."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from django.conf import settings

from portico.kit.tenancy.scope import current_scope
from portico.notifications.models import OutgoingMail
from portico.workspaces.models import Workspace

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The mail server of the installation.

    `scheme`: smtp (plain), smtp+tls (STARTTLS, never without), smtps (TLS from the start).
    `sender` is the address that mails come from.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str

    @property
    def masked(self) -> str:
        """The address line with the password hidden."""
        login = f"{self.user}:{'•' * 8}@" if self.password else f"{self.user}@" if self.user else ""
        return f"{self.scheme}://{login}{self.host}:{self.port}"


def mail_server() -> MailServer | None:
    """The configured server; None while none is set, when mails wait in the Outbox.

    `?from=address` sets the sender; else the user name where it is an address, else
    `portico@` the host of the base address.
    """
    if not settings.PORTICO_EMAIL_URL:
        return None
    parts = urlsplit(settings.PORTICO_EMAIL_URL)
    user = unquote(parts.username or "")
    asked = parse_qs(parts.query).get("from", [""])[0]
    return MailServer(
        scheme=parts.scheme,
        host=parts.hostname or "localhost",
        port=parts.port or _PORTS[parts.scheme],
        user=user,
        password=unquote(parts.password or ""),
        sender=asked or (user if "@" in user else f"portico@{_own_host()}"),
    )


def _own_host() -> str:
    host = urlsplit(settings.PORTICO_BASE_URL).hostname or ""
    return host if any(letter.isalpha() for letter in host) and ":" not in host else "localhost"


def latest_test_mail(user_id: UUID | None, *, event_id: UUID | None = None) -> OutgoingMail | None:
    """The last test mail that this agent asked for, or the one that follows this event."""
    tests = OutgoingMail.objects.filter(kind="mail.tested", recipient_id=user_id)
    if event_id is not None:
        tests = tests.filter(event_id=event_id)
    latest: OutgoingMail | None = tests.order_by("-id").first()
    return latest


def is_mail_accepted() -> bool:
    """Whether a mail server ever accepted a mail of this workspace."""
    own = Workspace.objects.filter(pk=current_scope().id, mail_accepted_at__isnull=False)
    return own.exists()


def sender_name() -> str:
    """The name that mails come from."""
    return current_scope().name
