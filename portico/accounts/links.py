"""One-time links to choose a password: made for a user, worth nothing in another workspace.

A token is a signature of what the user's row holds now (workspace, id, password, last sign-in,
address); it is stored nowhere and dies as soon as one of these changes.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse

from portico.accounts.guards import entry_refusal
from portico.accounts.models import User
from portico.kit.ids import parse_id
from portico.kit.tenancy.scope import current_scope

COOKIE_LIFETIME = datetime.timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class PasswordLink:
    """A kind of link: how long it lives, and for whom.

    `entrance` is the view whose address carries the token; it moves the token into a signed cookie
    that only the form of `page` is sent, so that it stays in no address and no history.
    """

    purpose: str
    lifetime: datetime.timedelta
    entrance: str
    page: str
    is_first_password: bool

    @property
    def cookie(self) -> str:
        """The name of the cookie that carries the token from the link to the form."""
        return f"portico_{self.purpose}"

    def address(self, user: User) -> str:
        """A new link for this user, on the workspace's own host (R-C47)."""
        path = reverse(self.entrance, kwargs={"user_id": user.pk, "token": self.token(user)})
        return f"{current_scope().base_url}{path}"

    def token(self, user: User) -> str:
        """The signature alone, with its time."""
        state = _state_of(user)
        return self._signer().sign(state).removeprefix(f"{state}:")

    def fits(self, user: User, token: str) -> bool:
        """Whether the token was made for the user as they are now, and is not too old."""
        try:
            self._signer().unsign(f"{_state_of(user)}:{token}", max_age=self.lifetime)
        except signing.BadSignature:
            return False
        return True

    def user_of(self, user_id: UUID | None, token: str) -> User | None:
        """Whose link it is; None when it is dead or its user may not sign in anyway."""
        user: User | None = User.objects.filter(pk=user_id).first() if user_id else None
        if user is None or not self.fits(user, token) or not self._is_open_to(user):
            return None
        return user

    def keep(self, response: HttpResponse, user: User, *, token: str) -> None:
        """Hand the token to the browser in a cookie for this form alone."""
        response.set_cookie(
            self.cookie,
            signing.dumps([str(user.pk), token], salt=self._salt),
            max_age=COOKIE_LIFETIME,
            path=reverse(self.page),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

    def kept(self, cookies: Mapping[str, str]) -> tuple[User | None, str]:
        """Whose link the browser came by, and its token."""
        try:
            found: Any = signing.loads(
                cookies.get(self.cookie, ""), salt=self._salt, max_age=COOKIE_LIFETIME
            )
        except signing.BadSignature:
            return None, ""
        user_id, token = found
        return self.user_of(parse_id(user_id), token), token

    def forget(self, response: HttpResponse) -> None:
        """Take the cookie back."""
        response.delete_cookie(self.cookie, path=reverse(self.page), samesite="Lax")

    @property
    def _salt(self) -> str:
        return f"portico.accounts.{self.purpose}"

    def _signer(self) -> signing.TimestampSigner:
        return signing.TimestampSigner(salt=self._salt)

    def _is_open_to(self, user: User) -> bool:
        refusal = entry_refusal(user)
        if refusal is None or refusal.may_sign_in:
            return True
        return self.is_first_password and refusal.code == "invitation_pending"


def _state_of(user: User) -> str:
    last = user.last_login.isoformat() if user.last_login else ""
    parts = (user.workspace_id, user.pk, user.password, last, user.email_key or "")
    return "|".join(str(part) for part in parts)


RESET = PasswordLink(
    purpose="reset",
    lifetime=datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    entrance="account_reset_password_from_key",
    page="accounts.reset_password",
    is_first_password=False,
)
CHOICE = PasswordLink(
    purpose="choice",
    lifetime=datetime.timedelta(hours=72),
    entrance="accounts.choice_link",
    page="accounts.choose_password",
    is_first_password=True,
)
