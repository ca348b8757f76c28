"""The rules for a password that its user chooses (X4): length, blocklist, strength."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from portico.kit.errors import FieldProblem, Refused
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


def checked_hash(password: str, user: Any = None, *, field: str = "password1") -> str:
    """The hash of a password that somebody chose for themselves; call it before the transaction.

    `user` may be an unsaved one: name and address are words that the password must not lean on.
    Raises Refused at `field` with everything that is wrong.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        problems = [
            FieldProblem(field, problem.code or "invalid", " ".join(problem.messages))
            for problem in error.error_list
        ]
        raise Refused(problems[0].code, problems[0].message, errors=problems) from error
    return make_password(password)


class LengthValidator:
    """At least the workspace's minimum, at most 128 characters; spaces and Unicode welcome."""

    def validate(self, password: str, user: Any = None) -> None:
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
        looked_at = password[:LOOKED_AT]
        if not looked_at or zxcvbn(looked_at, user_inputs=known)["score"] < STRENGTH_NEEDED:
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
