"""Who is it? Whether they may enter is asked elsewhere (`guards.entry_refusal`)."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from portico.accounts.models import User
from portico.accounts.sessions import session_row
from portico.kit.addresses import email_key


class WorkspaceBackend(ModelBackend):
    """Checks an address and a password inside the present workspace."""

    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,
        email: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The user whose address and password these are, or None.

        An unknown address costs one hash too, so that time does not tell.
        """
        if not email or not password:
            return None
        user = User.objects.filter(email_key=email_key(email)).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: Any) -> User | None:
        """The user of a session; asked at every request, and read together with the session."""
        row = session_row.get()
        if row is not None and str(row.user_id) == str(user_id):
            return row.user
        found: User | None = User.objects.filter(pk=user_id).first()
        return found

    def user_can_authenticate(self, user: Any) -> bool:
        """Always: the middleware asks who gets in, with a reason, at each request."""
        return user is not None
