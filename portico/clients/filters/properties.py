"""Custom properties as something to narrow lists by: `property.KEY[.operator]=value`."""

import json
from collections.abc import Callable
from typing import Any

from django.db.models import DecimalField, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.filters.grammar import (
    ANY,
    EMPTY,
    EQUALS,
    HAS,
    MOST_DIGITS,
    NOT,
    FilterField,
    FilterKind,
)
from portico.clients.filters.values import CHOSEN, COMPARISONS, RECORD, first_records, ways_to
from portico.clients.models import CustomProperty
from portico.kit.narrowing import is_walking, led
from portico.kit.search import FEW

PREFIX = "property."
_KINDS = {
    PropertyKind.NUMBER: FilterKind.NUMBER,
    PropertyKind.DATE: FilterKind.DAY,
    PropertyKind.YES_NO: FilterKind.FLAG,
    PropertyKind.CHOICE: FilterKind.CHOICE,
    PropertyKind.CHOICES: FilterKind.CHOICE,
}


def property_fields(subject: PropertySubject) -> list[FilterField]:
    """The custom properties of this workspace that are not archived, in their order; one query."""
    defined = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    return [_field(definition) for definition in defined.order_by("place", "pk")]


def _field(definition: CustomProperty) -> FilterField:
    kind = PropertyKind(definition.kind)
    is_chosen = kind in CHOSEN
    operators = (EQUALS, ANY, NOT, EMPTY) if is_chosen else ()
    return FilterField(
        name=f"{PREFIX}{definition.key}",
        label=_said(definition.label),
        kind=_KINDS.get(kind, FilterKind.TEXT),
        # What nobody answered is neither yes nor no.
        operators=(EQUALS, EMPTY) if kind is PropertyKind.YES_NO else operators,
        choices=_offered(definition.choices) if is_chosen else None,
        is_open=is_chosen,
        narrow=_narrow(definition),
        leads=_leads(definition),
    )


def _said(label: str) -> Callable[[], str]:
    return lambda: label


def _offered(choices: list[str]) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(choice, choice) for choice in choices]


def _narrow(definition: CustomProperty) -> Callable[..., Any]:
    """How the rows with such a value are found: among those that their value leads to, if few.

    One query is made to learn that, as a search does; many are met as they come.
    """

    def narrow(rows: Any, *, operator: str, value: Any) -> Any:
        fitting = those_with(rows, definition, operator=operator, value=value)
        if is_walking(rows):
            return fitting
        for parts in ways_to(definition, operator=operator, value=value):
            keys = first_records(FEW + 1, parts)
            if len(keys) <= FEW:
                return fitting.filter(pk__in=keys)
        return fitting

    return narrow


def _leads(definition: CustomProperty) -> Callable[..., Any]:
    """The values that lead to such rows; of several values each leads to who has none before it."""

    def leads(rows: Any, *, operator: str, value: Any) -> list[Any] | None:
        ways = ways_to(definition, operator=operator, value=value)
        if len(ways) != 1:
            return None
        if operator != ANY:
            fitting = those_with(rows, definition, operator=operator, value=value)
            return [led(fitting, part, column=RECORD) for part in ways[0]]
        return [
            led(_first_with(rows, definition, values=value[: place + 1]), part, column=RECORD)
            for place, part in enumerate(ways[0])
        ]

    return leads


def _first_with(rows: Any, definition: CustomProperty, *, values: list[str]) -> Any:
    """Those that have the last of these choices, and none before it."""
    fitting = those_with(rows, definition, operator=ANY, value=values[-1:])
    if len(values) == 1:
        return fitting
    return those_with(fitting, definition, operator=NOT, value=values[:-1])


def those_with(rows: Any, definition: CustomProperty, *, operator: str, value: Any) -> Any:
    """Those of the rows whose own values fit; a key is a slug, so it is safe in a path."""
    key, kind = definition.key, PropertyKind(definition.kind)
    if operator == EMPTY:
        filled = Q(property_values__has_key=key)
        return rows.exclude(filled) if value else rows.filter(filled)
    if kind is PropertyKind.YES_NO:
        return rows.filter(**{f"property_values__{key}": value})
    rows = rows.alias(held=Cast(KeyTextTransform(key, "property_values"), TextField()))
    if kind in CHOSEN:
        return _chosen(rows, operator=operator, values=value)
    if kind is PropertyKind.NUMBER:
        number = Cast("held", DecimalField(max_digits=2 * MOST_DIGITS, decimal_places=MOST_DIGITS))
        return rows.alias(number=number).filter(**_compared("number", operator, value=value))
    if kind is PropertyKind.DATE:
        return rows.filter(**_compared("held", operator, value=value.isoformat()))
    return _of_text(rows, operator=operator, value=value)


def _compared(column: str, operator: str, *, value: Any) -> dict[str, Any]:
    return {f"{column}__{COMPARISONS[operator]}": value}


def _of_text(rows: Any, *, operator: str, value: str) -> Any:
    if operator == NOT:
        return rows.filter(_is_not(Q(held__iexact=value)))
    return rows.filter(**{f"held__{'icontains' if operator == HAS else 'iexact'}": value})


def _chosen(rows: Any, *, operator: str, values: list[str]) -> Any:
    """One choice is stored as text, several as a list: both are looked for in what is stored."""
    if operator == EQUALS:
        for value in values:
            rows = rows.filter(_holds(value))
        return rows
    wanted = Q()
    for value in values:
        wanted |= _holds(value)
    return rows.filter(_is_not(wanted) if operator == NOT else wanted)


def _is_not(wanted: Q) -> Q:
    """Another value or none: of what is not there, SQL would say neither yes nor no."""
    return Q(held__isnull=True) | ~wanted


def _holds(value: str) -> Q:
    """SQLite keeps a list as it was written, letters outside ASCII escaped; PostgreSQL does not."""
    quoted = {json.dumps(value), json.dumps(value, ensure_ascii=False)}
    held = Q(held=value)
    for text in sorted(quoted):
        held |= Q(held__contains=text)
    return held
