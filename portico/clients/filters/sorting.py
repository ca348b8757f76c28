"""Orders that no index has: by what a column shows of other records, or is seldom sorted by.

Every record that fits is read for them, so they take longer the longer the list is; the orders of
`querysets` are those that a page of any list opens with at once.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import (
    Case,
    CharField,
    F,
    FilteredRelation,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Left, Lower, NullIf

from portico.clients.choices import ENDING_WITHIN_DAYS, PropertyKind, PropertySubject
from portico.clients.filters.properties import PREFIX
from portico.clients.models import AccountManager, CustomProperty, Membership, MembershipRole
from portico.kit.dates import today_in
from portico.kit.pagination import Order, SortColumn
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.presets import uses_membership_ends

LONGEST_COMPARED = 100
SORTED_BY = "sorted_by"
_TIE = SortColumn("name_key")

SortValue = Callable[[], Any]
"""Makes what the rows are compared by; none (no value, an empty text) comes last."""
Valued = Callable[[Any], Any]
"""The same rows with what they are compared by."""


def _text(column: Any) -> Any:
    """A text without regard to case, as far as it is compared."""
    compared = Left(Lower(column), LONGEST_COMPARED, output_field=CharField())
    return NullIf(compared, Value(""), output_field=CharField())


def ranked(*ranks: Any) -> Any:
    """Which of these conditions is the first that fits; none of them comes last."""
    whens = [When(rank, then=Value(place)) for place, rank in enumerate(ranks)]
    return Case(*whens, default=Value(None), output_field=IntegerField())


def _organization_status() -> Any:
    """Inactive, ended, ending, as the column has them; then all that are as they should be."""
    if not uses_membership_ends():
        return ranked(Q(is_active=False))
    today = today_in(current_scope().time_zone)
    last = today + datetime.timedelta(days=ENDING_WITHIN_DAYS)
    return ranked(
        Q(is_active=False), Q(membership_end_date__lt=today), Q(membership_end_date__lte=last)
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


def _of(column: str) -> Valued:
    return _valued(lambda: _text(F(column)))


_VALUES: Mapping[PropertySubject, dict[str, Valued]] = {
    PropertySubject.ORGANIZATION: {
        "active": _valued(lambda: Case(When(is_active=False, then=Value(0)), default=Value(1))),
        "status": _valued(_organization_status),
        "tags": _of("tag_text"),
        "managers": _valued(lambda: _first_manager(OuterRef("pk"))),
        "reference": _of("reference"),
        "website": _of("website"),
        "address_city": _of("address_city"),
        "address_country": _of("address_country"),
        "updated_at": _valued(lambda: F("updated_at")),
    },
    PropertySubject.PERSON: {
        "organization": _by_primary_organization,
        "roles": _valued(_first_role),
        "position": _of("position"),
        "phone": _of("phone"),
        "tags": _of("tag_text"),
        "managers": _valued(_effective_manager),
        "status": _valued(lambda: ranked(Q(is_disabled=True))),
        "reference": _of("reference"),
        "updated_at": _valued(lambda: F("updated_at")),
    },
}


def add_sort_value(subject: PropertySubject, name: str, *, value: SortValue) -> None:
    """Say what a column of an app above is sorted by, or more of one that is there."""
    _VALUES[subject][name] = _valued(value)


def sort_names(subject: PropertySubject) -> list[str]:
    """The columns that lists are sorted by without an index, custom properties aside."""
    return list(_VALUES[subject])


def sorting(subject: PropertySubject, name: str) -> Order | None:
    """The order by this column; None where there is none. One query for a custom property."""
    valued = _VALUES[subject].get(name) or _property_value(subject, name)
    if valued is None:
        return None
    column = SortColumn(SORTED_BY, is_nullable=True, is_computed=True)
    return Order(name, (column, _TIE), valued=valued)


def _property_value(subject: PropertySubject, name: str) -> Valued | None:
    if not name.startswith(PREFIX):
        return None
    defined = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    found = defined.filter(key=name.removeprefix(PREFIX)).values_list("key", "kind").first()
    if found is None:
        return None
    key, kind = found
    return _valued(lambda: _held(key, kind=PropertyKind(kind)))


def _held(key: str, *, kind: PropertyKind) -> Any:
    """What is stored under this key; a list of choices by how it is written."""
    held = Cast(KeyTextTransform(key, "property_values"), TextField())
    if kind is PropertyKind.NUMBER:
        return Cast(NullIf(held, Value("")), FloatField())
    return _text(held)
