"""What a list shows: read from its address, by the page and by "all that match" alike."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.http import QueryDict

from portico.clients.querysets import (
    ORGANIZATION_ORDERS,
    PERSON_ORDERS,
    OrganizationQuerySet,
    PersonQuerySet,
)
from portico.kit.dates import today_in
from portico.kit.ids import parse_id
from portico.kit.pagination import Order
from portico.kit.tenancy.scope import current_scope

LONGEST_SEARCH = 200
ARCHIVED = "archived"
ORGANIZATION_STATUSES = ("active", "inactive", "ending", "ended")
PERSON_STATUSES = ("enabled", "disabled")


@dataclass(frozen=True, kw_only=True)
class ListFilter:
    """What every list can be narrowed by. Values that mean nothing count as not given."""

    text: str = ""
    is_archived: bool = False
    status: str = ""
    sort: str = "name"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but Active or Archived narrows the list."""
        return bool(self.text or self.status)

    @property
    def fingerprint(self) -> str:
        """What a page link is bound to besides the order."""
        return repr((self.text, self.is_archived, self.status))


@dataclass(frozen=True, kw_only=True)
class OrganizationFilter(ListFilter):
    """What the list of organizations shows."""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Read `q`, `state`, `status` and `sort` out of an address."""
        return cls(
            text=_text(query),
            is_archived=query.get("state") == ARCHIVED,
            status=_one_of(query.get("status", ""), ORGANIZATION_STATUSES),
            sort=_sort(query, ORGANIZATION_ORDERS),
        )

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return _order(self.sort, ORGANIZATION_ORDERS)

    def of(self, rows: OrganizationQuerySet) -> OrganizationQuerySet:
        """Those of the rows that fit."""
        rows = rows.archived() if self.is_archived else rows.active()
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
    def read(cls, query: QueryDict) -> Self:
        """Read `q`, `state`, `status`, `sort` and `organization` out of an address."""
        return cls(
            text=_text(query),
            is_archived=query.get("state") == ARCHIVED,
            status=_one_of(query.get("status", ""), PERSON_STATUSES),
            sort=_sort(query, PERSON_ORDERS),
            organization_id=parse_id(query.get("organization", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but Active or Archived narrows the list."""
        return bool(self.text or self.status or self.organization_id)

    @property
    def fingerprint(self) -> str:
        """What a page link is bound to besides the order."""
        return repr((self.text, self.is_archived, self.status, str(self.organization_id)))

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return _order(self.sort, PERSON_ORDERS)

    def of(self, rows: PersonQuerySet) -> PersonQuerySet:
        """Those of the rows that fit."""
        rows = rows.archived() if self.is_archived else rows.active()
        if self.text:
            rows = rows.search(self.text)
        if self.status:
            rows = rows.filter(is_disabled=self.status == "disabled")
        return rows.of_organization(self.organization_id) if self.organization_id else rows


def _text(query: QueryDict) -> str:
    """The searched text; the one character that a database can't take is left out."""
    return query.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else ""


def _sort(query: QueryDict, orders: Mapping[str, Order]) -> str:
    asked = query.get("sort", "name")
    return asked if asked.removeprefix("-") in orders else "name"


def _order(sort: str, orders: Mapping[str, Order]) -> Order:
    order = orders[sort.removeprefix("-")]
    if not sort.startswith("-"):
        return order
    return Order(sort, tuple(column.reversed() for column in order.columns))
