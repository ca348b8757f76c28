"""What came out of the mail server, and the links in it."""

import re
from urllib.parse import urlsplit

from portico.notifications.models import OutgoingMail
from tests.smtp import Accepted, SmtpServer


def letters(server: SmtpServer) -> list[tuple[list[str], str]]:
    """To whom each accepted mail went, and its subject."""
    return [(mail.recipients, str(mail.message["Subject"])) for mail in server.accepted]


def link_in(mail: Accepted) -> str:
    """The path of the one link of a mail; text and HTML carry the same."""
    found = set(re.findall(r"https?://\S+/(?:invite|accounts)/\S+", mail.part("plain")))
    assert len(found) == 1, mail.part("plain")
    link: str = found.pop()
    assert f'href="{link}"' in mail.part("html")
    return urlsplit(link).path


def queued() -> list[tuple[str, str, str]]:
    """Every mail that Portico keeps: its kind, address and state."""
    rows = OutgoingMail.objects.order_by("id")
    return list(rows.values_list("kind", "address", "state"))
