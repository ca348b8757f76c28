"""The query parameters of the two long lists, as the description of the API has them.

They are made of the grammar that reads them, so that the description names whatever it takes.
Custom properties are named by their pattern: the description holds nothing of any workspace.
"""

from collections.abc import Mapping
from typing import Any

from portico.clients.choices import PropertySubject
from portico.clients.filters import (
    FilterField,
    FilterKind,
    ListFilter,
    OrganizationFilter,
    PersonFilter,
    sort_names,
)
from portico.clients.filters.fields import ME, fixed_fields
from portico.clients.filters.grammar import (
    ANY,
    AT_LEAST,
    AT_MOST,
    EMPTY,
    EQUALS,
    HAS,
    LESS,
    LONGEST_VALUE,
    MORE,
    NO,
    NOT,
    YES,
)
from portico.clients.filters.links import NONE
from portico.clients.filters.lists import ACTIVE, LONGEST_SEARCH, STATES
from portico.clients.filters.properties import PREFIX
from portico.kit.parameters import ID_EXAMPLE, PAGING, Shape, one_of, query_parameter, sorted_by

_LISTS: Mapping[PropertySubject, type[ListFilter]] = {
    PropertySubject.ORGANIZATION: OrganizationFilter,
    PropertySubject.PERSON: PersonFilter,
}
_MEANINGS = {
    EQUALS: "is this; of several values all of them",
    NOT: "is not, empty ones too; of several values none of them",
    ANY: "is one of these",
    HAS: "contains this text",
    LESS: "is less than, or before",
    AT_MOST: "is at most, or on or before",
    MORE: "is more than, or after",
    AT_LEAST: "is at least, or on or after",
    EMPTY: "yes: nothing is there, no: something is",
}
_YES_OR_NO = one_of((YES, NO))
_DAY: Shape = {
    "type": "string",
    "pattern": r"^(\d{4}-\d{2}-\d{2}|today|[+-]\d{1,4}[dwmy])$",
    "examples": ["2027-01-31", "today", "-90d", "+1y"],
}
_SHAPES: Mapping[FilterKind, Shape] = {
    FilterKind.TEXT: {"type": "string", "maxLength": LONGEST_VALUE, "examples": ["Acme"]},
    FilterKind.NUMBER: {"type": "number", "examples": [10]},
    FilterKind.DAY: _DAY,
    FilterKind.MOMENT: _DAY,
    FilterKind.FLAG: _YES_OR_NO,
}
# Of what is named otherwise than by ids.
_NAMED = {"tag": ["VIP", "Newsletter"], "manager": [ME], "organization": [NONE]}
_PROPERTIES = {
    "name": "properties",
    "in": "query",
    "required": False,
    "style": "form",
    "explode": True,
    "description": "Custom properties, each by its own name: `property.KEY=value`, or with an "
    "operator, `property.KEY.gte=value`.",
    "schema": {
        "type": "object",
        "propertyNames": {"pattern": f"^{PREFIX[:-1]}[.]"},
        "additionalProperties": {"type": "string", "maxLength": LONGEST_VALUE},
    },
}


def list_parameters(subject: PropertySubject) -> list[dict[str, Any]]:
    """What the list of organizations or people takes in its query."""
    shapes = {**_fixed(_LISTS[subject]), **PAGING}
    for field in fixed_fields(subject).values():
        for operator in field.taken:
            name = f"{field.name}.{operator}" if operator else field.name
            told = f"`{field.name}` {_MEANINGS[operator]}."
            shapes[name] = {"description": told, **_shape_of(field, operator)}
    return [*(query_parameter(name, shape) for name, shape in shapes.items()), _PROPERTIES]


def _fixed(listed: type[ListFilter]) -> dict[str, Shape]:
    """What is no condition on a field."""
    sorts = sorted_by([*listed.orders, *sort_names(listed.subject)])["enum"]
    return {
        "q": {
            "type": "string",
            "maxLength": LONGEST_SEARCH,
            "description": "A search: every word, in any order, accents and case ignored.",
            "examples": ["lena acme"],
        },
        "state": one_of(STATES, default=ACTIVE),
        "status": one_of(listed.statuses),
        "sort": {
            "type": "string",
            "anyOf": [{"enum": [*sorts, "match"]}, {"pattern": f"^-?{PREFIX[:-1]}[.]"}],
            "description": "A column; a minus before it turns it round. `match`: with `q`, those "
            "first whose name begins with the text.",
            "examples": ["-created_at"],
        },
        "view": {
            "type": "string",
            "description": "The id of a saved view, or of one that is shipped; other parameters "
            "come on top.",
            "examples": [ID_EXAMPLE],
        },
        "columns": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Columns of pages and exports. Here it changes nothing: the address of "
            "a page can be sent as it is.",
            "examples": [["name", "created_at"]],
        },
    }


def _shape_of(field: FilterField, operator: str) -> Shape:
    if operator == EMPTY:
        return _YES_OR_NO
    if field.kind is not FilterKind.CHOICE:
        return _SHAPES[field.kind]
    if not field.is_open and field.choices is not None:
        return one_of(value for value, _word in field.choices())
    values = _NAMED.get(field.name, [ID_EXAMPLE])
    return {"type": "array", "items": {"type": "string"}, "examples": [values]}
