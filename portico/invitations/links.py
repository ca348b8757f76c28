"""The link of an invitation: made when it is needed, stored nowhere.

A token is 56 characters of URL-safe Base64: the invitation's id, its generation, and an HMAC under
the secret key over both, the workspace and the address it was sent to. 42 bytes leave no spare
bits, so that no two texts are the same token. An older generation is still recognised as genuine,
which lets the page say that a newer link was sent.
"""

import base64
import binascii
import datetime
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from portico.invitations.models import Invitation
from portico.kit.addresses import email_key
from portico.kit.tenancy.scope import current_scope

COOKIE = "portico_invitation"
COOKIE_LIFETIME = datetime.timedelta(minutes=30)
_SALT = "portico.invitations.link"
_ID, _GENERATION, _MAC = 16, 2, 24
_LENGTH = (_ID + _GENERATION + _MAC) * 4 // 3


@dataclass(frozen=True)
class TokenParts:
    """What a token says; nothing of it is believed before `is_genuine` has looked at it."""

    invitation_id: UUID
    generation: int
    mac: bytes


def token_of(invitation: Invitation) -> str:
    """The token of the invitation's present generation."""
    head = invitation.pk.bytes + invitation.generation.to_bytes(_GENERATION)
    mac = _mac(invitation, invitation.generation)
    return base64.urlsafe_b64encode(head + mac).decode()


def link_of(invitation: Invitation) -> str:
    """The whole address, on the workspace's own host and never the request's (R-C47)."""
    path = reverse("invitations.open", kwargs={"token": token_of(invitation)})
    return f"{current_scope().base_url}{path}"


def parts_of(token: str) -> TokenParts | None:
    """Read a token; None when it has not the form of one."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    # "+" and "/" of plain Base64 are read as well; one token has one spelling only.
    if base64.urlsafe_b64encode(raw).decode() != token:
        return None
    return TokenParts(
        UUID(bytes=raw[:_ID]),
        int.from_bytes(raw[_ID : _ID + _GENERATION]),
        raw[_ID + _GENERATION :],
    )


def is_genuine(invitation: Invitation, parts: TokenParts) -> bool:
    """Whether this installation made the token, for this invitation and its present address."""
    return hmac.compare_digest(parts.mac, _mac(invitation, parts.generation))


def keep_token(response: HttpResponse, token: str) -> None:
    """Hand the token to the browser in a cookie for the form alone (ASVS 14.2.1).

    So it stands in no history, no bookmark and no Referer once the form is shown.
    """
    response.set_cookie(
        COOKIE,
        signing.dumps(token, salt=_SALT),
        max_age=COOKIE_LIFETIME,
        path=_cookie_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def kept_token(cookies: Mapping[str, str]) -> str:
    """The token that the browser came with; empty when there is none or it is too old."""
    try:
        return str(signing.loads(cookies.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_LIFETIME))
    except signing.BadSignature:
        return ""


def forget_token(response: HttpResponse) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=_cookie_path(), samesite="Lax")


def _cookie_path() -> str:
    return reverse("invitations.accept")


def _mac(invitation: Invitation, generation: int) -> bytes:
    parts = (
        str(invitation.pk),
        str(invitation.workspace_id),
        str(generation),
        email_key(invitation.address),
    )
    return salted_hmac(_SALT, "|".join(parts), algorithm="sha256").digest()[:_MAC]
