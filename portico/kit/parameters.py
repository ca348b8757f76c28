"""Query parameters as the description of the API has them: JSON Schema, with examples."""

from collections.abc import Iterable, Mapping
from typing import Any

from portico.kit.pagination import DEFAULT_LIMIT, MAXIMUM_LIMIT

Shape = Mapping[str, Any]

ID_EXAMPLE = "018f6b3e-7c2a-7d4b-9a10-2f6d1c0e5b77"
TEXT: Shape = {"type": "string"}
ID: Shape = {"type": "string", "format": "uuid", "examples": [ID_EXAMPLE]}
TRUE_OR_FALSE: Shape = {"type": "boolean"}
PAGING: Mapping[str, Shape] = {
    "cursor": {
        "type": "string",
        "description": "Where to go on: `next_cursor` or `previous_cursor` of an answer.",
    },
    "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": MAXIMUM_LIMIT,
        "default": DEFAULT_LIMIT,
        "examples": [100],
    },
}


def one_of(values: Iterable[str], **more: Any) -> Shape:
    """One of these texts."""
    return {"type": "string", "enum": list(values), **more}


def sorted_by(names: Iterable[str], **more: Any) -> Shape:
    """One of these columns, a minus before it to turn the order round."""
    return one_of([f"{minus}{name}" for name in names for minus in ("", "-")], **more)


def query_parameter(name: str, shape: Shape) -> dict[str, Any]:
    """The parameter of this name; values of an array are separated by commas."""
    schema = dict(shape)
    told = {"description": schema.pop("description")} if "description" in schema else {}
    parted = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "required": False, **told, **parted, "schema": schema}


def described_once(parameters: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each parameter once, as it was described last."""
    return list({row["name"]: dict(row) for row in parameters}.values())
