"""API keys, and a client that sends one."""

from typing import Any

from django.test import Client

from portico.workspaces.keys import hash_of, new_key
from portico.workspaces.models import ApiKey


def make_key(user: Any, *, permissions: list[str] | None = None, **fields: Any) -> str:
    """A usable key of this user; returns the key itself."""
    key, prefix = new_key()
    ApiKey.objects.create(
        user=user, name="Test", prefix=prefix, hash=hash_of(key), permissions=permissions, **fields
    )
    return key


def api_client(user: Any, *, host: str = "testserver", **fields: Any) -> Client:
    """A client of the API that sends a fresh key of this user."""
    key = make_key(user, **fields)
    return Client(headers={"host": host, "authorization": f"Bearer {key}"})
