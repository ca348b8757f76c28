"""A real SMTP server for tests: it keeps what it accepts, or answers as it is told."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Accepted:
    """One mail as it came over the wire."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        parsed: Any = message_from_bytes(self.raw, policy=policy.default)
        return parsed  # type: ignore[no-any-return]

    def part(self, kind: str) -> str:
        """The text of the part of this kind: "plain" or "html"."""
        body: Any = self.message.get_body((kind,))
        return str(body.get_content())


@dataclass
class SmtpServer:
    """The server: what it accepted, and the answers it gives instead of accepting.

    `refusals` maps a recipient to an answer; `answer_to_data` is given to every mail.
    """

    host: str = "127.0.0.1"
    port: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    answer_to_data: str = ""

    @property
    def url(self) -> str:
        """The line for PORTICO_EMAIL_URL."""
        return f"smtp://{self.host}:{self.port}"

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - named by aiosmtpd
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        """Take or refuse the mail."""
        if self.answer_to_data:
            return self.answer_to_data
        sender, recipients = envelope.mail_from, list(envelope.rcpt_tos)
        self.accepted.append(Accepted(sender, recipients, envelope.original_content))
        return "250 OK"


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running_smtp_server(**options: Any) -> Iterator[SmtpServer]:
    """Run a server; `options` go to aiosmtpd (TLS, sign-in)."""
    server = SmtpServer(port=free_port())
    controller = Controller(server, hostname=server.host, port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
