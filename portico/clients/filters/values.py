"""What leads from a value of a custom property to its records: the rows of `PropertyValue`.

They lead to all who have the value and perhaps to a few more; what decides is the record's own
JSON (`properties`). No operator is answered here that most records fit.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from portico.clients.choices import PropertyKind
from portico.clients.filters.grammar import (
    ANY,
    AT_LEAST,
    AT_MOST,
    EMPTY,
    EQUALS,
    HAS,
    LESS,
    MORE,
    NOT,
)
from portico.clients.models import CustomProperty, PropertyValue
from portico.kit.json_values import FORM_LENGTH, Form

COMPARISONS = {
    EQUALS: "exact",
    LESS: "lt",
    AT_MOST: "lte",
    MORE: "gt",
    AT_LEAST: "gte",
}
CHOSEN = frozenset({PropertyKind.CHOICE, PropertyKind.CHOICES})
RECORD = "record_id"


def ways_to(definition: CustomProperty, *, operator: str, value: Any) -> list[list[Any]]:
    """Each way is a list of querysets that together have a row for every record that fits.

    Any of them will do; none where nothing leads there. The rows of one queryset are of as many
    records.
    """
    rows = PropertyValue.objects.filter(subject=definition.subject, key=definition.key)
    kind = PropertyKind(definition.kind)
    if operator == EMPTY:
        return [] if value else [[rows.filter(form="") if kind is PropertyKind.CHOICES else rows]]
    if operator == NOT:
        return []
    if kind in CHOSEN:
        found = [_of_form(rows, choice) for choice in value]
        return [found] if operator == ANY else [[part] for part in found]
    return [[_fitting(rows, kind, operator=operator, value=value)]]


def _fitting(rows: Any, kind: PropertyKind, *, operator: str, value: Any) -> Any:
    if kind is PropertyKind.YES_NO:
        return _of_form(rows, "true" if value else "false")
    if kind is PropertyKind.NUMBER:
        return rows.filter(**{f"number__{COMPARISONS[operator]}": value})
    if kind is PropertyKind.DATE:
        return rows.filter(**{f"form__{COMPARISONS[operator]}": value.isoformat()})
    if operator == HAS:
        is_cut_off = Q(Exact(Length("form"), FORM_LENGTH))
        return rows.filter(Q(form__contains=Form(Value(value))) | is_cut_off)
    return _of_form(rows, value)


def _of_form(rows: Any, text: str) -> Any:
    return rows.filter(Exact(F("form"), Form(Value(text))))


def first_records(limit: int, parts: Sequence[Any]) -> list[Any]:
    """The ids in what leads to records, no more than the limit, each once."""
    found: dict[Any, None] = {}
    for part in parts:
        if len(found) < limit:
            found.update(dict.fromkeys(part.values_list(RECORD, flat=True)[: limit - len(found)]))
    return list(found)
