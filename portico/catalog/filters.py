"""The query parameters of the two lists of the API, and a field to narrow organizations by."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portico.catalog.models import Service, Subscription
from portico.clients.choices import PropertySubject
from portico.clients.filters import FilterField, FilterKind, add_filter_field
from portico.clients.filters.grammar import ANY, EMPTY, EQUALS, NOT
from portico.clients.filters.links import Links
from portico.kit.dates import today_in
from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.orders import Order
from portico.kit.tenancy.scope import current_scope

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


def _services() -> list[tuple[str, str]]:
    services = Service.objects.order_by("name_key").values_list("pk", "name")
    return [(str(key), name) for key, name in services]


def _open_today() -> Any:
    return Subscription.objects.open_on(today_in(current_scope().time_zone))


# An organization may have two open subscriptions of one service.
_SUBSCRIBED = Links(rows=_open_today, column="organization_id", named="service_id")
add_filter_field(
    PropertySubject.ORGANIZATION,
    FilterField(
        name="service",
        label=lambda: _("Service"),
        kind=FilterKind.CHOICE,
        operators=(EQUALS, ANY, NOT, EMPTY),
        choices=_services,
        is_open=True,
        is_possible=lambda value: parse_id(value) is not None,
        narrow=_SUBSCRIBED.narrow,
        leads=_SUBSCRIBED.leads,
        is_indexed=True,
    ),
)
