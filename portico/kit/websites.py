"""Web addresses as people type them."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.kit.names import trim_copied

MAX_LENGTH = 500
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_BARE = re.compile(
    rf"{_LABEL}(?:\.{_LABEL})*\.(?!(?i:html?|php|aspx?)\b)[^\W\d_]{{2,63}}(?=[/?#:]|$)"
)


def clean_website(text: str) -> str:
    """A web address with its scheme; a bare domain ("example.com/shop") gets `https://`.

    Only http and https are taken, so that the address may stand in a link. Raises
    `Refused("invalid_website")` for anything else, and for more than 500 characters.
    """
    address = trim_copied(text)
    if address[:8].lower().startswith(("http://", "https://")):
        return _checked(address)
    if _BARE.match(address):
        return _checked(f"https://{address}")
    raise _refusal()


def host_of(website: str) -> str:
    """The host that a web address leads to, small and without "www."; "" where there is none."""
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def _checked(address: str) -> str:
    if len(address) > MAX_LENGTH or " " in address or not address.isprintable():
        raise _refusal()
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise _refusal() from None
    if "@" in parts.netloc or "\\" in address or _HOST.fullmatch(host) is None:
        raise _refusal()
    return address


def _refusal() -> Refused:
    return Refused("invalid_website", _("Enter a web address, like https://example.com."))
