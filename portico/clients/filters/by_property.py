"""Records in the order of a custom property: value after value, along the rows of its values."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import ExpressionWrapper, F, TextField, UUIDField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, NullIf

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.filters.in_turn import (
    TURN_ID,
    TURN_NAME,
    Among,
    Hanging,
    Placed,
    Turn,
    Turns,
    hanging_on,
)
from portico.clients.filters.values import RECORD
from portico.clients.models import PropertyValue
from portico.kit.json_values import Form, Number, NumberField
from portico.kit.narrowing import unlinked, walking
from portico.kit.prepared import Prepared, Slot

BATCH = 60
# Values have no id; a turn of several is told apart by its values alone.
_NO_ID = UUID(int=0)
_HELD = "held"


def held(key: str, *, kind: PropertyKind) -> Any:
    """What a record is compared by: nothing (null, an empty text), or its number or text.

    Of several choices that is the first one.
    """
    path = KeyTransform(key, "property_values") if kind is PropertyKind.CHOICES else None
    text = KeyTextTransform("0", path) if path else KeyTextTransform(key, "property_values")
    found = NullIf(Cast(text, TextField()), Value(""))
    return Number(found) if kind is PropertyKind.NUMBER else Form(found)


@dataclass(frozen=True)
class _Values:
    """The values of one property; nothing (null, an empty text) is none of them."""

    subject: PropertySubject
    key: str
    kind: PropertyKind

    @property
    def named_as(self) -> Any:
        """The kind of field that the values are of."""
        return NumberField if self.kind is PropertyKind.NUMBER else TextField

    def rows(self) -> Any:
        """A row for each record that has such a value, with that value; of choices several."""
        rows = PropertyValue.objects.filter(subject=self.subject, key=self.key)
        column = "number" if self.kind is PropertyKind.NUMBER else "form"
        filled = {"number__isnull": False} if column == "number" else {"form__gt": ""}
        value = ExpressionWrapper(F(column), output_field=self.named_as())
        return rows.filter(**filled).annotate(**{_HELD: value})

    def rows_of(self, value: Any) -> Any:
        """The rows that say this."""
        return self.rows().filter(**{_HELD: value})

    def turns(self, edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
        """Values in their order from that of the edge on; those that few have several at a time."""
        comparison, value = ("lte" if descends else "gte", edge[0]) if edge else ("", None)
        while first := _batch(self, comparison, descends=descends, size=BATCH).ask(value=value):
            values = [value for value, _record in first]
            is_end = len(first) < BATCH
            # Who has several choices stands at the first of them, and has a row for each.
            if values[0] == values[-1] or self.kind is PropertyKind.CHOICES:
                yield self._of_one(values[0])
                value = values[0]
            else:
                # The last value may go on behind the batch.
                whole = first if is_end else [row for row in first if row[0] != values[-1]]
                yield Turn(Among(tuple(record for _value, record in whole)), _Held(self))
                value = whole[-1][0]
            if is_end and value == values[-1]:
                return
            comparison = "lt" if descends else "gt"

    def _of_one(self, value: Any) -> Turn:
        who = hanging_on(value, self.rows_of, column=RECORD, owned_as=self.named_as)
        place = Placed(value, _NO_ID, self.named_as)
        is_chosen = self.kind is PropertyKind.CHOICES
        return Turn(_Chosen(who, self) if is_chosen else who, place, value)

    def without(self, found: Any) -> Any:
        """Those of the rows that have no value."""
        found = walking(found)
        return found.filter(unlinked(found, self.rows(), column=RECORD))


@functools.lru_cache(maxsize=64)
def _batch(values: _Values, comparison: str, *, descends: bool, size: int) -> Prepared[Any]:
    """The first rows of the values, of those that compare so with the one asked about."""

    def build() -> Any:
        rows = values.rows()
        if comparison:
            edge = Slot("value", values.named_as())
            rows = rows.filter(**{f"{_HELD}__{comparison}": edge})
        order = (f"-{_HELD}", "-record_id") if descends else (_HELD, "record_id")
        return rows.order_by(*order).values_list(_HELD, RECORD)[:size]

    return Prepared(build, holds_values=True)


@dataclass(frozen=True)
class _Held:
    """Gives rows the value that each has itself."""

    values: _Values

    def __call__(self, rows: Any) -> Any:
        """The same rows with it."""
        value = held(self.values.key, kind=self.values.kind)
        place = {TURN_NAME: value, TURN_ID: Value(_NO_ID, output_field=UUIDField())}
        return rows.annotate(**place)


@dataclass(frozen=True)
class _Chosen:
    """Of those who have a choice, those who have it first."""

    who: Hanging
    values: _Values

    def __call__(self, rows: Any) -> Any:
        """Those of the rows."""
        found = self.who(rows).alias(first=held(self.values.key, kind=self.values.kind))
        return found.filter(first=self.who.owner)


@functools.lru_cache(maxsize=64)
def by_property(subject: PropertySubject, key: str, *, kind: PropertyKind) -> Turns:
    """The turns of this property's values; one object, since methods are equal by their owner."""
    values = _Values(subject, key, kind)
    return Turns(values.turns, lambda: values.without, values.named_as)
