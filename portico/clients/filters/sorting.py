"""Orders by what a column shows, beside the plain ones of `querysets`.

Texts of the active records have indexes of their own, a status is a few ranks, and what records
hang on comes in turn (`in_turn`): a page opens at once, however long the list is.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import (
    CharField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.functions import Coalesce

from portico.accounts.querysets import SORTED_TEXTS_OF_PEOPLE
from portico.clients.choices import ENDING_WITHIN_DAYS, PropertyKind, PropertySubject
from portico.clients.filters.by_manager import ORGANIZATIONS_BY_MANAGER, PEOPLE_BY_MANAGER
from portico.clients.filters.by_organization import BY_ORGANIZATION
from portico.clients.filters.by_property import by_property, held
from portico.clients.filters.by_role import BY_ROLE
from portico.clients.filters.in_turn import Turns
from portico.clients.filters.properties import PREFIX
from portico.clients.models import AccountManager, CustomProperty, Membership, MembershipRole
from portico.clients.querysets import SORTED_TEXTS_OF_ORGANIZATIONS, sorted_apart
from portico.kit.orders import Order, Rank, SortColumn
from portico.kit.prepared import present_day
from portico.kit.sort_keys import SortKey
from portico.workspaces.presets import uses_membership_ends

SORTED_BY = "sorted_by"
_TIE = SortColumn("name_key")

MakesOrder = Callable[[], Order]
"""Gives the order that holds in the present workspace."""
SortValue = Callable[[], Any]
"""Makes what the rows are compared by; none (no value, an empty text) comes last."""
Valued = Callable[[Any], Any]
"""The same rows with what they are compared by."""


BY_NAME = Order("name", (_TIE,))
_BY_END = Order("membership_end_date", (SortColumn("membership_end_date"),))


def order_of_ranks(name: str, *ranks: Rank) -> Order:
    """One rank of rows after the other, in the reading order of the column that shows them."""
    return Order(name, (_TIE,), ranks=ranks)


def _inactive(rows: Any) -> Any:
    return rows.filter(is_active=False)


def _active(rows: Any) -> Any:
    return rows.filter(is_active=True)


def _ending(rows: Any) -> Any:
    return _active(rows).filter(membership_end_date__lte=present_day(ENDING_WITHIN_DAYS))


def _open(rows: Any) -> Any:
    is_far = Q(membership_end_date__gt=present_day(ENDING_WITHIN_DAYS))
    return _active(rows).filter(Q(membership_end_date__isnull=True) | is_far)


def _disabled(rows: Any) -> Any:
    return rows.filter(is_disabled=True)


def _enabled(rows: Any) -> Any:
    return rows.filter(is_disabled=False)


_BY_ACTIVITY = order_of_ranks("active", Rank(_inactive, BY_NAME), Rank(_active, BY_NAME))
_STATUS_WITHOUT_ENDS = order_of_ranks(
    "status", Rank(_inactive, BY_NAME), Rank(_active, BY_NAME, stays_last=True)
)
# The ended stand before those that end soon, since they ended earlier.
_STATUS_WITH_ENDS = order_of_ranks(
    "status",
    Rank(_inactive, BY_NAME),
    Rank(_ending, _BY_END),
    Rank(_open, BY_NAME, stays_last=True),
)
_PERSON_STATUS = order_of_ranks(
    "status", Rank(_disabled, BY_NAME), Rank(_enabled, BY_NAME, stays_last=True)
)


def _first_manager(organization: Any) -> Any:
    managing = AccountManager.objects.filter(organization_id=organization)
    names = managing.order_by("-is_first", "pk").values("agent__name_key")
    return Subquery(names[:1], output_field=CharField())


def _effective_manager() -> Any:
    """Of a person: their own, else the first one of their organization (X11)."""
    primary = Membership.objects.filter(is_primary=True, person_id=OuterRef(OuterRef("pk")))
    inherited = _first_manager(Subquery(primary.values("organization_id")[:1]))
    return Coalesce(F("account_manager__name_key"), inherited, output_field=CharField())


def _by_primary_organization(rows: Any) -> Any:
    """Joined, not asked for row by row, which at a million people takes four times as long."""
    primary = FilteredRelation("memberships", condition=Q(memberships__is_primary=True))
    joined = rows.annotate(primary_membership=primary)
    return joined.annotate(**{SORTED_BY: F("primary_membership__organization__name_key")})


def _first_role() -> Any:
    held = MembershipRole.objects.filter(
        membership__person_id=OuterRef("pk"), membership__is_primary=True
    )
    return Subquery(held.order_by("role__name").values("role__name")[:1], output_field=CharField())


def _valued(value: SortValue) -> Valued:
    return lambda rows: rows.annotate(**{SORTED_BY: value()})


def _by_text(name: str, column: str) -> Order:
    def valued(rows: Any) -> Any:
        return sorted_apart(rows).annotate(**{SORTED_BY: SortKey(column)})

    compared = SortColumn(SORTED_BY, may_be_blank=True, is_computed=True)
    return Order(name, (compared, _TIE), valued=valued)


def _computed(name: str, valued: Valued, *, computed_as: Any = CharField) -> Order:
    compared = SortColumn(SORTED_BY, is_nullable=True, is_computed=True, computed_as=computed_as)
    return Order(name, (compared, _TIE), valued=valued)


def _in_turn(name: str, turns: Turns, *, at_once: Valued) -> MakesOrder:
    order = turns.order(_computed(name, at_once))
    return lambda: order


def _by_texts(columns: Mapping[str, str]) -> dict[str, MakesOrder]:
    orders = {name: _by_text(name, column) for name, column in columns.items()}
    return {name: functools.partial(orders.__getitem__, name) for name in orders}


_ORDERS: Mapping[PropertySubject, dict[str, MakesOrder]] = {
    PropertySubject.ORGANIZATION: {
        **_by_texts(SORTED_TEXTS_OF_ORGANIZATIONS),
        "active": lambda: _BY_ACTIVITY,
        "status": lambda: _STATUS_WITH_ENDS if uses_membership_ends() else _STATUS_WITHOUT_ENDS,
        "managers": _in_turn(
            "managers",
            ORGANIZATIONS_BY_MANAGER,
            at_once=_valued(lambda: _first_manager(OuterRef("pk"))),
        ),
    },
    PropertySubject.PERSON: {
        **_by_texts(SORTED_TEXTS_OF_PEOPLE),
        "organization": _in_turn("organization", BY_ORGANIZATION, at_once=_by_primary_organization),
        "status": lambda: _PERSON_STATUS,
        "roles": _in_turn("roles", BY_ROLE, at_once=_valued(_first_role)),
        "managers": _in_turn("managers", PEOPLE_BY_MANAGER, at_once=_valued(_effective_manager)),
    },
}


def add_sorting(subject: PropertySubject, name: str, *, order: MakesOrder) -> None:
    """Say what a column of an app above is sorted by, or more of one that is there."""
    _ORDERS[subject][name] = order


def sort_names(subject: PropertySubject) -> list[str]:
    """The columns that lists are sorted by besides the plain orders, custom properties aside."""
    return list(_ORDERS[subject])


def sorting(subject: PropertySubject, name: str) -> Order | None:
    """The order by this column; None where there is none. One query for a custom property."""
    if name in _ORDERS[subject]:
        return _ORDERS[subject][name]()
    return _by_property(subject, name)


def _by_property(subject: PropertySubject, name: str) -> Order | None:
    if not name.startswith(PREFIX):
        return None
    defined = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    found = defined.filter(key=name.removeprefix(PREFIX)).values_list("key", "kind").first()
    if found is None:
        return None
    return _by_values(subject, found[0], kind=PropertyKind(found[1]))


@functools.lru_cache(maxsize=64)
def _by_values(subject: PropertySubject, key: str, *, kind: PropertyKind) -> Order:
    turns = by_property(subject, key, kind=kind)
    valued = _valued(lambda: held(key, kind=kind))
    at_once = _computed(f"{PREFIX}{key}", valued, computed_as=turns.named_as)
    return turns.order(replace(at_once, holds_values=True))
