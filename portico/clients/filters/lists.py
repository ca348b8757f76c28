"""The grammar of lists: one set of parameters for page, API, views and "all that match".

`state` active (default) | archived | all; `status` of organizations active | inactive | ending |
ended, of people enabled | disabled; `q` the search; `sort` a column, with `-` the other way round;
and conditions on fields (`grammar`). A page reads them leniently, so that an old link still opens;
the API and bulk acts read them strictly, so that a mistyped filter never widens what is meant.
"""

import datetime
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters.beginnings import MATCH, Beginning, counted_beginnings
from portico.clients.filters.fields import ME, all_fields, fixed_fields
from portico.clients.filters.grammar import (
    Condition,
    FilterField,
    read_condition,
    refuse_unknown,
)
from portico.clients.filters.properties import PREFIX
from portico.clients.filters.sorting import sort_names, sorting
from portico.clients.models import Organization, Person
from portico.clients.querysets import (
    ORGANIZATION_ORDERS,
    PERSON_ORDERS,
    OrganizationQuerySet,
    PersonQuerySet,
    sees_all,
)
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.narrowing import count_up_to, first_of, in_states, looked_up, walking
from portico.kit.orders import Order
from portico.kit.prepared import Prepared
from portico.kit.search import FEW, is_walked
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.presets import uses_membership_ends

LONGEST_SEARCH = 200
NAME = "name"
ACTIVE, ARCHIVED, ALL = "active", "archived", "all"
STATES = (ACTIVE, ARCHIVED, ALL)
ORGANIZATION_STATUSES = ("active", "inactive", "ending", "ended")
END_STATUSES = ("ending", "ended")
PERSON_STATUSES = ("enabled", "disabled")
FIXED_PARAMETERS = ("q", "state", "status", "sort")
# Parameters that a list's address may carry besides what narrows it.
NOT_FILTERS = frozenset({"cursor", "limit", "view", "columns", "new"})

Parameters = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ListFilter:
    """What a list can be narrowed by."""

    model: ClassVar[type[Model]]
    subject: ClassVar[PropertySubject]
    statuses: ClassVar[Sequence[str]]
    orders: ClassVar[Mapping[str, Order]]

    text: str = ""
    state: str = ACTIVE
    status: str = ""
    sort: str = NAME
    conditions: tuple[Condition, ...] = ()
    # Of a sort that no index has.
    sorting: Order | None = field(default=None, compare=False, repr=False)

    @classmethod
    def read(cls, query: Parameters, *, me: UUID | None = None) -> Self:
        """Read the parameters; what means nothing counts as not given.

        `me` is the agent whom "me" stands for.
        """
        return cls._read(query, me=me, is_strict=False)

    @classmethod
    def read_strictly(cls, query: Parameters, *, me: UUID | None = None) -> Self:
        """Read the parameters; raises Refused for a name or value that means nothing."""
        cls._require_values(query)
        return cls._read(query, me=me, is_strict=True)

    @classmethod
    def _read(cls, query: Parameters, *, me: UUID | None, is_strict: bool) -> Self:
        text = _text(query)
        sort = query.get("sort") or (MATCH if text else NAME)
        is_kept = _is_sort(sort, cls.orders, text=text)
        computed = None if is_kept else sorting(cls.subject, sort.removeprefix("-"))
        if is_strict and computed is None and not is_kept and sort != MATCH:
            raise cls._unknown("sort", cls._sorts())
        return cls(
            text=text,
            state=_one_of(query.get("state"), STATES) or ACTIVE,
            status=_one_of(query.get("status"), cls.statuses),
            sort=sort if is_kept or computed is not None else NAME,
            sorting=computed,
            conditions=tuple(cls._conditions(query, me=me, is_strict=is_strict)),
        )

    @classmethod
    def _conditions(cls, query: Parameters, *, me: UUID | None, is_strict: bool) -> list[Condition]:
        given = {
            name: str(value)
            for name, value in query.items()
            if name not in FIXED_PARAMETERS and name not in NOT_FILTERS and value
        }
        fields = _fields_for(cls.subject, given)
        found = []
        for name, text in given.items():
            try:
                field, operator = _named(name, fields)
                if not is_strict and not _is_used(field):
                    continue
                found.append(read_condition(field, operator, text=_resolved(text, me)))
            except Refused:
                if is_strict:
                    raise
        return found

    @classmethod
    def _require_values(cls, query: Parameters) -> None:
        known = {"state": STATES, "status": cls.statuses}
        for name, values in known.items():
            value = query.get(name)
            if value and value not in values:
                raise cls._unknown(name, values)

    @classmethod
    def _sorts(cls) -> list[str]:
        names = [*cls.orders, *sort_names(cls.subject)]
        return [*names, f"{PREFIX}KEY", *(f"-{name}" for name in names), f"-{PREFIX}KEY", MATCH]

    @staticmethod
    def _unknown(name: str, known: Sequence[str]) -> Refused:
        text = _("Choose one of %(choices)s.") % {"choices": ", ".join(known)}
        return Refused("unknown_value", text, field=name, status=400)

    @property
    def is_archived(self) -> bool:
        """Whether the archived ones are shown."""
        return self.state == ARCHIVED

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but Active or Archived narrows the list."""
        return bool(self.text or self.status or self.conditions)

    @property
    def is_countable(self) -> bool:
        """Whether its matches can be counted without reading every row."""
        return not self.text and all(found.field.is_indexed for found in self.conditions)

    @property
    def fingerprint(self) -> str:
        """What a page link is bound to besides the order."""
        conditions = [(found.parameter, found.text) for found in self.conditions]
        return repr((self.text, self.state, self.status, conditions))

    @property
    def order(self) -> Order:
        """The order of the rows."""
        if self.sort == MATCH:
            return self._beginning.order if self._beginning else self.orders[NAME]
        order = self.sorting or self.orders[self.sort.removeprefix("-")]
        if order.narrowed is not None and self.is_narrowed:
            order = order.narrowed
        return order.reversed(self.sort) if self.sort.startswith("-") else order

    def condition(self, name: str) -> Condition | None:
        """The condition that this parameter gave, if any."""
        return next((found for found in self.conditions if found.parameter == name), None)

    def visible_to(self, actor: Actor) -> Any:
        """The rows that the actor sees, before the list narrows them.

        Who was merged away is archived as well: to leave them out of the active ones a walk would
        have to read each row, where its index is enough.
        """
        records = self.model._default_manager
        if self.state == ACTIVE and sees_all(actor):
            return records.all()
        return records.visible_to(actor)  # type: ignore[attr-defined]

    def of(self, rows: Any) -> Any:
        """Those of the rows that fit."""
        raise NotImplementedError

    def read_of(self, rows: Any) -> Any:
        """Those that fit, in no order: of all SQLite would read those of every workspace, too."""
        found = self.of(rows)
        return found.archived_or_not() if self.state == ALL else found

    def count_up_to(self, limit: int, rows: Any) -> int:
        """How many of the rows fit, counted no further than the limit, by what leads to them."""
        if self.text:
            return self.count_found(limit, self.of(rows))
        return count_up_to(limit, self.counted_parts(rows))

    def counted_parts(self, rows: Any) -> list[Any]:
        """Querysets that have those of the rows that fit once each, by what leads to them."""
        if len(self.conditions) == 1:
            others = replace(self, conditions=()).of(rows)
            parts = self.conditions[0].leads(others)
            if parts is not None:
                return parts
        return [self.read_of(rows).order_by().values("pk")]

    def counted(self, limit: int, rows: Any) -> tuple[int, Any]:
        """The count of those that fit up to the limit, and those rows ready for a page.

        Where no index answers, or several conditions meet, the few are found once, not twice.
        """
        if self.text or (self.is_countable and len(self.conditions) < 2):
            count = self.count_up_to(limit, rows)
            return count, self.ready_for_page(rows, count=count)
        most = max(limit, FEW + 1)
        keys = self._first_keys(most, rows)
        if len(keys) <= FEW:
            return min(limit, len(keys)), rows.model._default_manager.filter(pk__in=keys)
        return min(limit, len(keys)), self.of(walking(rows))

    def _first_keys(self, most: int, rows: Any) -> list[UUID]:
        """The ids of some that fit, no more than this many.

        What leads to them is followed where nearly all it leads to are asked for; else a common
        value would be followed to the end for the few archived ones that have it.
        """
        if self.state == ACTIVE and not self.status:
            return first_of(most, self.counted_parts(rows))
        return list(self.read_of(rows).order_by().values_list("pk", flat=True)[:most])

    def count_found(self, limit: int, found: Any, *, of_all: bool = False) -> int:
        """How many were found by the text, counted no further than the limit.

        Of all that are active it may be known already that so many begin with the text.
        """
        is_plain = self.state == ACTIVE and not self.status and not self.conditions
        if of_all and is_plain and limit <= FEW and self._begins_many:
            return limit
        begins = self._beginning if is_walked(found) else None
        return count_up_to(limit, begins.parts(found) if begins else [found.order_by()])

    def ready_for_page(self, rows: Any, *, count: int | None = None) -> Any:
        """Those of the rows that fit, asked for in the way that finds a page of them soonest.

        `count` is how many they are, as far as it was counted; without it a query counts whether
        they are few.
        """
        if self.text or not self.is_narrowed:
            return self.of(rows)
        if count is None:
            return self.counted(FEW + 1, rows)[1]
        if not count:
            return rows.none()
        return looked_up(self.read_of(rows)) if count <= FEW else self.of(walking(rows))

    @property
    def _beginning(self) -> Beginning | None:
        return Beginning.of(self.text)

    @functools.cached_property
    def _begins_many(self) -> bool:
        """Whether so many names begin with the text that it need not be asked how rare it is."""
        if self._beginning is None:
            return False
        counted = _beginnings(self.subject, self.state, limit=FEW + 1)
        return counted.count(start=self._beginning.start, end=self._beginning.end) > FEW

    def _narrowed(self, rows: Any) -> Any:
        """Those of the rows of this state that hold the text and fit the conditions."""
        if self.state == ALL:
            rows = in_states(rows, Q(archived_at__isnull=True), Q(archived_at__isnull=False))
        else:
            rows = rows.archived() if self.is_archived else rows.active()
        if self.text:
            rows = rows.search(self.text, is_common=self._begins_many)
        for found in self.conditions:
            rows = found.of(rows)
        return rows


@dataclass(frozen=True, kw_only=True)
class OrganizationFilter(ListFilter):
    """What the list of organizations shows."""

    model = Organization
    subject = PropertySubject.ORGANIZATION
    statuses = ORGANIZATION_STATUSES
    orders = ORGANIZATION_ORDERS

    def of(self, rows: OrganizationQuerySet) -> OrganizationQuerySet:
        """Those of the rows that fit."""
        return self._of_status(self._narrowed(rows), today_in(current_scope().time_zone))

    @classmethod
    def _read(cls, query: Parameters, *, me: UUID | None, is_strict: bool) -> Self:
        """An old link to those that ended opens the whole list where memberships have no end."""
        found = super()._read(query, me=me, is_strict=is_strict)
        if is_strict or found.status not in END_STATUSES or uses_membership_ends():
            return found
        return replace(found, status="")

    def _of_status(self, rows: OrganizationQuerySet, today: datetime.date) -> OrganizationQuerySet:
        if self.status in {"active", "inactive"}:
            return rows.filter(is_active=self.status == "active")
        if self.status == "ending":
            return rows.ending(today)
        return rows.ended(today) if self.status == "ended" else rows


@dataclass(frozen=True, kw_only=True)
class PersonFilter(ListFilter):
    """What a list of people shows."""

    model = Person
    subject = PropertySubject.PERSON
    statuses = PERSON_STATUSES
    orders = PERSON_ORDERS

    @property
    def organization_id(self) -> UUID | None:
        """The one organization whose people are shown, if it is one."""
        found = self.condition("organization")
        return parse_id(found.value[0]) if found is not None and len(found.value) == 1 else None

    def of(self, rows: PersonQuerySet) -> PersonQuerySet:
        """Those of the rows that fit."""
        narrowed: PersonQuerySet = self._narrowed(rows)
        if not self.status:
            return narrowed
        return narrowed.filter(is_disabled=self.status == "disabled")


_KINDS: Mapping[PropertySubject, type[ListFilter]] = {
    PropertySubject.ORGANIZATION: OrganizationFilter,
    PropertySubject.PERSON: PersonFilter,
}


@functools.lru_cache(maxsize=16)
def _beginnings(subject: PropertySubject, state: str, *, limit: int) -> Prepared[Any]:
    listed = _KINDS[subject](state=state)
    return counted_beginnings(lambda: listed.of(listed.model._default_manager.all()), limit)


def filters_of(query: Parameters) -> dict[str, Any]:
    """Those parameters of a list's address that narrow and sort it."""
    return {name: value for name, value in query.items() if name not in NOT_FILTERS}


def _is_used(field: FilterField) -> bool:
    return field.is_used is None or field.is_used()


def _fields_for(subject: PropertySubject, given: Mapping[str, str]) -> Mapping[str, FilterField]:
    """Custom properties are looked up only where one is asked for."""
    if any(name.startswith(PREFIX) for name in given):
        return all_fields(subject)
    return fixed_fields(subject)


def _named(name: str, fields: Mapping[str, FilterField]) -> tuple[FilterField, str]:
    """The field and the operator that a parameter names."""
    if name in fields:
        return fields[name], ""
    stem, _dot, operator = name.rpartition(".")
    if stem not in fields:
        raise refuse_unknown(name)
    return fields[stem], operator


def _resolved(text: str, me: UUID | None) -> str:
    if me is None:
        return text
    return ",".join(str(me) if part.strip() == ME else part for part in text.split(","))


def _text(query: Parameters) -> str:
    """The searched text; the one character that a database can't take is left out."""
    return (query.get("q") or "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def _is_sort(sort: str, orders: Mapping[str, Order], *, text: str) -> bool:
    return sort.removeprefix("-") in orders or (sort == MATCH and bool(text))


def _one_of(value: str | None, known: Sequence[str]) -> str:
    return value if value and value in known else ""
