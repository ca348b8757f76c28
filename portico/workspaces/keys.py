"""API keys: `portico_` + prefix + secret. Only a hash of the whole key is stored."""

import hashlib
import re
from secrets import token_hex, token_urlsafe
from typing import Any

from django.db.models import CharField, DateTimeField
from django.http import HttpRequest
from django.utils import timezone

from portico.kit.prepared import Slot, prepared
from portico.workspaces.actors import ROLE_ROWS, role_rows
from portico.workspaces.models import ApiKey

_FORM = re.compile(r"portico_[0-9a-f]{8}_[A-Za-z0-9_-]{43}")


def new_key() -> tuple[str, str]:
    """Make a key: (the key itself, shown once; its visible prefix)."""
    prefix = f"portico_{token_hex(4)}"
    return f"{prefix}_{token_urlsafe(32)}", prefix


def hash_of(key: str) -> str:
    """What is stored of a key; it holds 256 random bits, so a plain hash is enough (ASVS 11.4)."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_of_request(request: HttpRequest) -> ApiKey | None:
    """The usable key that the request carries, on its own workspace's host only."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _FORM.fullmatch(key.strip()):
        return None
    return _usable.first(hash=hash_of(key.strip()), now=timezone.now())


@prepared
def _usable() -> Any:
    keys = ApiKey.objects.usable(Slot("now", DateTimeField()))
    keys = keys.filter(hash=Slot("hash", CharField())).annotate(**{ROLE_ROWS: role_rows()})
    return keys.select_related("user")[:1]
