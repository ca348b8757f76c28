"""The grammar of lists: one set of parameters for page, API, "all that match" and links.

`state` active (default) | archived | all; `status` of organizations active | inactive | ending |
ended, of people enabled | disabled; `q` the search; of people also `organization` (an id); `sort` a
column, with `-` the other way round. A page reads it leniently, so that an old link still opens;
the API and bulk acts read it strictly, so that a mistyped filter never widens what is meant.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext as _

from portico.clients.querysets import (
    ORGANIZATION_ORDERS,
    PERSON_ORDERS,
    OrganizationQuerySet,
    PersonQuerySet,
)
from portico.kit.dates import today_in
from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.pagination import Order
from portico.kit.tenancy.scope import current_scope

LONGEST_SEARCH = 200
ACTIVE, ARCHIVED, ALL = "active", "archived", "all"
STATES = (ACTIVE, ARCHIVED, ALL)
ORGANIZATION_STATUSES = ("active", "inactive", "ending", "ended")
PERSON_STATUSES = ("enabled", "disabled")
ORGANIZATION_FILTERS = ("q", "state", "status", "sort")
PERSON_FILTERS = (*ORGANIZATION_FILTERS, "organization")

Parameters = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ListFilter:
    """What every list can be narrowed by."""

    text: str = ""
    state: str = ACTIVE
    status: str = ""
    sort: str = "name"

    @property
    def is_archived(self) -> bool:
        """Whether the archived ones are shown."""
        return self.state == ARCHIVED

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but Active or Archived narrows the list."""
        return bool(self.text or self.status)

    @property
    def fingerprint(self) -> str:
        """What a page link is bound to besides the order."""
        return repr((self.text, self.state, self.status))

    def _of_state(self, rows: Any) -> Any:
        if self.state == ALL:
            return rows.archived_or_not()
        return rows.archived() if self.is_archived else rows.active()


@dataclass(frozen=True, kw_only=True)
class OrganizationFilter(ListFilter):
    """What the list of organizations shows."""

    @classmethod
    def read(cls, query: Parameters) -> Self:
        """Read the parameters; values that mean nothing count as not given."""
        return cls(
            text=_text(query),
            state=_one_of(query.get("state"), STATES) or ACTIVE,
            status=_one_of(query.get("status"), ORGANIZATION_STATUSES),
            sort=_sort(query, ORGANIZATION_ORDERS),
        )

    @classmethod
    def read_strictly(cls, query: Parameters) -> Self:
        """Read the parameters; raises Refused for a name or value that means nothing."""
        _require_known(query, ORGANIZATION_FILTERS)
        _require_values(query, ORGANIZATION_STATUSES, orders=ORGANIZATION_ORDERS)
        return cls.read(query)

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return _order(self.sort, ORGANIZATION_ORDERS)

    def of(self, rows: OrganizationQuerySet) -> OrganizationQuerySet:
        """Those of the rows that fit."""
        rows = self._of_state(rows)
        if self.text:
            rows = rows.search(self.text)
        return self._of_status(rows, today_in(current_scope().time_zone))

    def _of_status(self, rows: OrganizationQuerySet, today: datetime.date) -> OrganizationQuerySet:
        if self.status in {"active", "inactive"}:
            return rows.filter(is_active=self.status == "active")
        if self.status == "ending":
            return rows.ending(today)
        return rows.ended(today) if self.status == "ended" else rows


@dataclass(frozen=True, kw_only=True)
class PersonFilter(ListFilter):
    """What a list of people shows."""

    organization_id: UUID | None = None

    @classmethod
    def read(cls, query: Parameters) -> Self:
        """Read the parameters; values that mean nothing count as not given."""
        return cls(
            text=_text(query),
            state=_one_of(query.get("state"), STATES) or ACTIVE,
            status=_one_of(query.get("status"), PERSON_STATUSES),
            sort=_sort(query, PERSON_ORDERS),
            organization_id=parse_id(query.get("organization") or ""),
        )

    @classmethod
    def read_strictly(cls, query: Parameters) -> Self:
        """Read the parameters; raises Refused for a name or value that means nothing."""
        _require_known(query, PERSON_FILTERS)
        _require_values(query, PERSON_STATUSES, orders=PERSON_ORDERS)
        if query.get("organization") and parse_id(query["organization"]) is None:
            raise Refused("invalid_id", _("This is not an id."), field="organization", status=400)
        return cls.read(query)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but Active or Archived narrows the list."""
        return bool(self.text or self.status or self.organization_id)

    @property
    def fingerprint(self) -> str:
        """What a page link is bound to besides the order."""
        return repr((self.text, self.state, self.status, str(self.organization_id)))

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return _order(self.sort, PERSON_ORDERS)

    def of(self, rows: PersonQuerySet) -> PersonQuerySet:
        """Those of the rows that fit."""
        rows = self._of_state(rows)
        if self.text:
            rows = rows.search(self.text)
        if self.status:
            rows = rows.filter(is_disabled=self.status == "disabled")
        return rows.of_organization(self.organization_id) if self.organization_id else rows


def _text(query: Parameters) -> str:
    """The searched text; the one character that a database can't take is left out."""
    return (query.get("q") or "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def _one_of(value: str | None, known: Sequence[str]) -> str:
    return value if value and value in known else ""


def _sort(query: Parameters, orders: Mapping[str, Order]) -> str:
    asked: str = query.get("sort") or "name"
    return asked if asked.removeprefix("-") in orders else "name"


def _order(sort: str, orders: Mapping[str, Order]) -> Order:
    order = orders[sort.removeprefix("-")]
    if not sort.startswith("-"):
        return order
    return Order(sort, tuple(column.reversed() for column in order.columns))


def _require_known(query: Parameters, names: Sequence[str]) -> None:
    for name in query:
        if name not in names:
            text = _("There is no filter %(name)s here.") % {"name": name[:50]}
            raise Refused("unknown_parameter", text, field=name[:50], status=400)


def _require_values(
    query: Parameters, statuses: Sequence[str], *, orders: Mapping[str, Order]
) -> None:
    sorts = [*orders, *(f"-{name}" for name in orders)]
    for name, known in (("state", STATES), ("status", statuses), ("sort", sorts)):
        value = query.get(name)
        if value and value not in known:
            text = _("Choose one of %(choices)s.") % {"choices": ", ".join(known)}
            raise Refused("unknown_value", text, field=name, status=400)
