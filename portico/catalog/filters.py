"""The query parameters of the two lists of the API."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.pagination import Order

_FLAGS = {"true": True, "false": False}


def chosen_order(orders: Mapping[str, Order], sort: str | None, *, default: str) -> Order:
    """The order of this name; a minus before it turns it round. Raises Refused for others."""
    name = (sort or default).removeprefix("-")
    if name not in orders:
        raise _unknown("sort")
    order = orders[name]
    if not (sort or "").startswith("-"):
        return order
    return Order(f"-{name}", tuple(column.reversed() for column in order.columns))


def chosen_flag(name: str, value: str | None) -> dict[str, bool]:
    """The condition of a yes-or-no parameter; none where it is not sent."""
    if value is None:
        return {}
    if value not in _FLAGS:
        raise _unknown(name)
    return {name: _FLAGS[value]}


def chosen_id(name: str, value: str | None) -> dict[str, UUID]:
    """The condition of a parameter that names a record; none where it is not sent."""
    if value is None:
        return {}
    key = parse_id(value)
    if key is None:
        raise _unknown(name)
    return {f"{name}_id": key}


def fingerprint_of(given: Mapping[str, Any]) -> str:
    """What a cursor is bound to: the parameters that narrow the list."""
    kept = {name: given[name] for name in sorted(given) if name not in {"cursor", "limit", "sort"}}
    return "&".join(f"{name}={value}" for name, value in kept.items())


def _unknown(name: str) -> Refused:
    text = _("This value of %(name)s is not known.") % {"name": name}
    return Refused("unknown_value", text, field=name, status=400)
