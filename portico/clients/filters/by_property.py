"""Records in the order of a custom property: value after value, along the rows of its values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import ExpressionWrapper, F, TextField, UUIDField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, NullIf

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.filters.in_turn import TURN_ID, TURN_NAME, Turn, Turns, placed_at
from portico.clients.filters.values import RECORD
from portico.clients.models import PropertyValue
from portico.kit.json_values import Form, Number, NumberField
from portico.kit.narrowing import found_by, unlinked, walking

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
    def _field(self) -> Any:
        return NumberField() if self.kind is PropertyKind.NUMBER else TextField()

    def rows(self) -> Any:
        """A row for each record that has such a value, with that value; of choices several."""
        rows = PropertyValue.objects.filter(subject=self.subject, key=self.key)
        column = "number" if self.kind is PropertyKind.NUMBER else "form"
        filled = {"number__isnull": False} if column == "number" else {"form__gt": ""}
        value = ExpressionWrapper(F(column), output_field=self._field)
        return rows.filter(**filled).annotate(**{_HELD: value})

    def turns(self, edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
        """Values in their order from that of the edge on; those that few have several at a time."""
        comparison = "lte" if descends else "gte"
        start = {f"{_HELD}__{comparison}": edge[0]} if edge else {}
        while True:
            first = self._first(start, descends=descends)
            if not first:
                return
            values = [value for value, _record in first]
            is_end = len(first) < BATCH
            # Who has several choices stands at the first of them, and has a row for each.
            if values[0] == values[-1] or self.kind is PropertyKind.CHOICES:
                yield self._of_one(values[0])
                reached = values[0]
            else:
                # The last value may go on behind the batch.
                whole = first if is_end else [row for row in first if row[0] != values[-1]]
                yield self._of_some([record for _value, record in whole])
                reached = whole[-1][0]
            if is_end and reached == values[-1]:
                return
            start = {f"{_HELD}__{'lt' if descends else 'gt'}": reached}

    def _first(self, start: dict[str, Any], *, descends: bool) -> list[tuple[Any, UUID]]:
        order = (f"-{_HELD}", "-record_id") if descends else (_HELD, "record_id")
        found = self.rows().filter(**start).order_by(*order)
        return list(found.values_list(_HELD, RECORD)[:BATCH])

    def _of_one(self, value: Any) -> Turn:
        rows = self.rows().filter(**{_HELD: value})
        place = placed_at(value, _NO_ID, field=self._field)
        if self.kind is not PropertyKind.CHOICES:
            return Turn(lambda found: found_by(found, rows, column=RECORD), place, value)

        def narrow(found: Any) -> Any:
            first = found_by(found, rows, column=RECORD).alias(first=held(self.key, kind=self.kind))
            return first.filter(first=value)

        return Turn(narrow, place, value)

    def _of_some(self, records: Sequence[UUID]) -> Turn:
        return Turn(lambda found: found.filter(pk__in=records), self._placed)

    def _placed(self, found: Any) -> Any:
        value = held(self.key, kind=self.kind)
        place = {TURN_NAME: value, TURN_ID: Value(_NO_ID, output_field=UUIDField())}
        return found.annotate(**place)

    def without(self, found: Any) -> Any:
        """Those of the rows that have no value."""
        found = walking(found)
        return found.filter(unlinked(found, self.rows(), column=RECORD))


def by_property(subject: PropertySubject, key: str, *, kind: PropertyKind) -> Turns:
    """The turns of this property's values."""
    values = _Values(subject, key, kind)
    return Turns(values.turns, values.without)
