"""What a person is called by their given and family name (X19)."""

from collections.abc import Mapping
from typing import Any

LONGEST = 200
_PARTS = ("given_name", "family_name")


def named_by_parts(fields: Mapping[str, Any], *, person: Any = None) -> dict[str, str]:
    """The name that cleaned fields give by the parts of it, as {"name": ...}; else nothing.

    A name in the fields stands as it is. With `person` the fields are changes: parts that they
    leave out are the person's own, and a name that was typed stays typed when its parts change.
    """
    if fields.get("name"):
        return {}
    if person is not None and "name" not in fields:
        is_typed = person.name not in ("", _joined(person.given_name, person.family_name))
        if is_typed or not any(part in fields for part in _PARTS):
            return {}
    given, family = (fields.get(part, getattr(person, part, "")) for part in _PARTS)
    joined = _joined(given, family)
    return {"name": joined} if joined else {}


def _joined(given: str, family: str) -> str:
    return " ".join(filter(None, (given, family)))[:LONGEST]
