"""Identifiers: UUID version 7, so that ids sort by the time they were made."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh UUIDv7 (RFC 9562)."""
    return uuid7()


def parse_id(text: str) -> UUID | None:
    """Read an id out of user input; None when it is not one.

    Only the hyphenated form is taken, so that one record has one address.
    """
    try:
        value = UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
    return value if str(value) == text.lower() else None
