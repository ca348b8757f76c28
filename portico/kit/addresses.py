"""E-mail addresses: which are accepted, and when two of them are the same.

Syntax is email-validator's, without any look-up in the domain name system. Accepted besides what
it accepts by itself: addresses under the reserved names `.test` and `.invalid`, which nobody can
own and which appear in example data. Refused beyond it: local parts over 64 octets, the limit of
RFC 5321 4.5.3.1.1, and domains of one label (`test@io`).
"""

import re
import unicodedata
from functools import lru_cache

import idna
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from portico.kit.errors import Refused
from portico.kit.names import trim_copied

MAX_LENGTH = 254
_LOCAL_MAX_OCTETS = 64
# RFC 5322 dot-atom, the local part of nearly every address in use.
_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+"
_PLAIN_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")


def clean_email(text: str) -> str:
    """The address as typed, without outer white space; only its form is checked.

    Raises `Refused("invalid_email")` for anything but exactly one bare address: display names,
    lists, quoted local parts, address literals, control characters, more than 254 octets. A line
    break is refused even at the end, as it could begin a header in a mail.
    """
    address = trim_copied(text)
    local, _at, domain = address.rpartition("@")
    if "\n" in text or "\r" in text or not _is_local_part(local) or not _is_domain(domain):
        raise _refusal()
    if len(address.encode()) > MAX_LENGTH or len(email_key(address)) > MAX_LENGTH:
        raise _refusal()
    return address


def email_key(text: str) -> str:
    """The form in which two addresses are compared: NFKC, casefolded, domain in IDNA ASCII.

    Never raises; a text that is no address gets a key as well. Plus-tags and dots are kept.
    """
    address = trim_copied(text)
    local, at, domain = address.rpartition("@")
    if address.isascii() and "xn--" not in domain.lower():
        return address.lower()
    address = trim_copied(unicodedata.normalize("NFKC", address))
    local, at, domain = address.rpartition("@")
    return f"{_folded(local)}{at}{_ascii_domain(domain)}"


def _folded(text: str) -> str:
    once = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", once).casefold()


def _is_local_part(local: str) -> bool:
    if len(local) > _LOCAL_MAX_OCTETS:
        return False
    if local.isascii():
        return _PLAIN_LOCAL.fullmatch(local) is not None
    return _is_international_local_part(local)


def _is_international_local_part(local: str) -> bool:
    """Whether RFC 6531 allows the local part and every character of it can be seen."""
    try:
        found = validate_email(
            f"{local}@example.com", check_deliverability=False, strict=True, test_environment=True
        )
    except EmailNotValidError:
        return False
    return len(found.local_part.encode()) <= _LOCAL_MAX_OCTETS


@lru_cache(maxsize=4096)
def _is_domain(domain: str) -> bool:
    """Whether a mail domain is well-formed; kept, as a file repeats few domains many times."""
    if len(domain) > MAX_LENGTH or domain.startswith("["):
        return False
    checked = domain
    if domain.lower().endswith(".invalid"):
        checked = domain[: -len("invalid")] + "test"
    try:
        found = validate_email(f"a@{checked}", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return "." in (found.ascii_domain or "")


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except UnicodeError:
        return _folded(domain)


def _refusal() -> Refused:
    return Refused("invalid_email", _("Enter one e-mail address, like name@example.com."))
