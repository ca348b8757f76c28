"""The rules for a password that its user chooses (X4): length, blocklist, strength; nothing else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from portico.kit.tenancy.scope import scope_or_none

DEFAULT_MINIMUM = 12
FLOOR = 8
MAXIMUM = 128
STRENGTH_NEEDED = 3
LOOKED_AT = 72


def minimum_length() -> int:
    """The workspace's minimum, never under 8; the default where there is no workspace yet."""
    scope = scope_or_none()
    chosen = scope.settings.get("password_minimum", DEFAULT_MINIMUM) if scope else DEFAULT_MINIMUM
    return max(FLOOR, int(chosen))


class LengthValidator:
    """At least the workspace's minimum, at most 128 characters; spaces and Unicode welcome."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError when the length is wrong."""
        if len(password) < minimum_length():
            raise ValidationError(self.get_help_text(), code="password_too_short")
        if len(password) > MAXIMUM:
            raise ValidationError(
                _("At most %(n)s characters.") % {"n": MAXIMUM}, code="password_too_long"
            )

    def get_help_text(self) -> str:
        """The one rule that forms show."""
        return _("At least %(n)s characters, spaces allowed.") % {"n": minimum_length()}


class StrengthValidator:
    """zxcvbn score 3 or more, with workspace, name and address as words an attacker knows."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is easily guessed."""
        known = [text for text in _known_words(user) if text]
        # zxcvbn's time grows with the square of the length; 72 characters decide it anyway.
        if zxcvbn(password[:LOOKED_AT], user_inputs=known)["score"] < STRENGTH_NEEDED:
            raise ValidationError(
                _("This one is easily guessed; choose another."), code="password_too_weak"
            )

    def get_help_text(self) -> str:
        """Nothing beyond the length rule."""
        return ""


def _known_words(user: Any) -> list[str]:
    scope = scope_or_none()
    words = [scope.name, scope.slug] if scope else []
    if user is not None:
        words += [user.name, user.email, *user.name.split(), *user.email.split("@")]
    return words
