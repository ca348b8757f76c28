"""The link under which the first workspace is made."""

import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

from portico.workspaces.models import Workspace

_LENGTH = 40


def first_run_link() -> str:
    """The whole address of the first-run page; empty as soon as there is a workspace."""
    if Workspace.objects.exists():
        return ""
    return f"{settings.PORTICO_BASE_URL}/setup/{_token()}/"


def is_first_run_token(token: str) -> bool:
    """Whether this is the token of the first-run page; never stored, made of the secret key."""
    return hmac.compare_digest(token.encode(), _token().encode())


def _token() -> str:
    made = salted_hmac("portico.setup.first_run", "first workspace", algorithm="sha256")
    return made.hexdigest()[:_LENGTH]
