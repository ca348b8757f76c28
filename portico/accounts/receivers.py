"""What follows from a sign-in."""

from typing import Any

from django.utils import timezone

from portico.accounts.models import User


def stamp_sign_in(user: User, **_signal: Any) -> None:
    """Note when somebody signed in last, which is also when they were last active (domain.md).

    Instead of Django's own receiver: that one saves the row, and the date of the last change would
    become the date of the last sign-in.
    """
    user.last_login = user.last_active_at = timezone.now()
    User.objects.filter(pk=user.pk).update(
        last_login=user.last_login, last_active_at=user.last_active_at
    )
