"""The grammar of lists: one set of parameters for page, API, "all that match" and links.

`status` active (default) | archived | all, for organizations also inactive | ending | ended, for
people also disabled; `q` the search; people also `organization` (an id). Values that make no sense
are refused at their field.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.querysets import (
    ORGANIZATION_ORDERS,
    PERSON_ORDERS,
    OrganizationQuerySet,
    PersonQuerySet,
)
from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.pagination import Order

ORGANIZATION_FILTERS = ("q", "status")
PERSON_FILTERS = ("q", "status", "organization")
LONGEST_SEARCH = 200

OrganizationStatus = Callable[[OrganizationQuerySet, datetime.date], OrganizationQuerySet]
PersonStatus = Callable[[PersonQuerySet], PersonQuerySet]

ORGANIZATION_STATUSES: Mapping[str, OrganizationStatus] = {
    "active": lambda rows, _today: rows.active(),
    "archived": lambda rows, _today: rows.archived(),
    "all": lambda rows, _today: rows.archived_or_not(),
    "inactive": lambda rows, _today: rows.active().filter(is_active=False),
    "ending": lambda rows, today: rows.active().ending(today),
    "ended": lambda rows, today: rows.active().ended(today),
}

PERSON_STATUSES: Mapping[str, PersonStatus] = {
    "active": lambda rows: rows.active(),
    "archived": lambda rows: rows.archived(),
    "all": lambda rows: rows.archived_or_not(),
    "disabled": lambda rows: rows.active().filter(is_disabled=True),
}


def filter_organizations(
    rows: OrganizationQuerySet, filters: Mapping[str, Any], *, today: datetime.date
) -> OrganizationQuerySet:
    """The organizations that match; `today` is the workspace's own date."""
    status: OrganizationStatus = _known(
        filters.get("status") or "active", ORGANIZATION_STATUSES, field="status"
    )
    found: OrganizationQuerySet = _searched(status(rows, today), filters)
    return found


def filter_people(rows: PersonQuerySet, filters: Mapping[str, Any]) -> PersonQuerySet:
    """The people that match."""
    status: PersonStatus = _known(
        filters.get("status") or "active", PERSON_STATUSES, field="status"
    )
    rows = status(rows)
    if filters.get("organization"):
        organization_id = parse_id(str(filters["organization"]))
        if organization_id is None:
            raise Refused("invalid_id", _("This is not an id."), field="organization", status=400)
        rows = rows.of_organization(organization_id)
    found: PersonQuerySet = _searched(rows, filters)
    return found


def organization_order(sort: str) -> Order:
    """The order that `sort` names: a key of ORGANIZATION_ORDERS, with `-` the other way round."""
    return _order(sort, ORGANIZATION_ORDERS)


def person_order(sort: str) -> Order:
    """The order that `sort` names: a key of PERSON_ORDERS, with `-` the other way round."""
    return _order(sort, PERSON_ORDERS)


def _order(sort: str, orders: Mapping[str, Order]) -> Order:
    name = sort or "name"
    order: Order = _known(name.removeprefix("-"), orders, field="sort")
    if not name.startswith("-"):
        return order
    turned = tuple(column.reversed() for column in order.columns)
    return Order(f"-{order.name}", turned)


def _searched(rows: Any, filters: Mapping[str, Any]) -> Any:
    text = str(filters.get("q") or "")[:LONGEST_SEARCH].replace("\x00", "")
    return rows.search(text) if text.strip() else rows


def _known(name: Any, choices: Mapping[str, Any], *, field: str) -> Any:
    if name not in choices:
        text = _("Choose one of %(choices)s.") % {"choices": ", ".join(choices)}
        raise Refused("unknown_value", text, field=field, status=400)
    return choices[name]
