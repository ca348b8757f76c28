"""Records in the order of a custom property: value after value, along the rows of its values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import TextField, UUIDField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.filters.in_turn import TURN_ID, TURN_NAME, Turn, Turns, placed_at
from portico.clients.filters.values import RECORD
from portico.clients.models import PropertyValue
from portico.kit.json_values import Form
from portico.kit.narrowing import found_by, unlinked, walking

# Several choices have a row for each of them, and numbers another order than their texts.
WITHOUT_TURNS = frozenset({PropertyKind.CHOICES, PropertyKind.NUMBER})
BATCH = 60
# Values have no id; a turn of several is told apart by its texts alone.
_NO_ID = UUID(int=0)


@dataclass(frozen=True)
class _Values:
    """The values of one property; nothing (null, an empty text) is none of them."""

    subject: PropertySubject
    key: str

    def rows(self, **chosen: Any) -> Any:
        """A row for each record that has such a value."""
        return PropertyValue.objects.filter(subject=self.subject, key=self.key, **chosen)

    def turns(self, edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
        """Values in their order from that of the edge on; those that few have several at a time."""
        comparison = "lte" if descends else "gte"
        start = {f"form__{comparison}": edge[0]} if edge else {}
        while True:
            first = self._first(start, descends=descends)
            if not first:
                return
            forms = [form for form, _record in first]
            is_end = len(first) < BATCH
            if forms[0] == forms[-1]:
                yield self._of_one(forms[0])
                reached = forms[0]
            else:
                # The last value may go on behind the batch.
                whole = first if is_end else [row for row in first if row[0] != forms[-1]]
                yield self._of_some([record for _form, record in whole])
                reached = whole[-1][0]
            if is_end:
                return
            start = {f"form__{'lt' if descends else 'gt'}": reached}

    def _first(self, start: dict[str, str], *, descends: bool) -> list[tuple[str, UUID]]:
        order = ("-form", "-record_id") if descends else ("form", "record_id")
        return list(
            self.rows(**{"form__gt": "", **start})
            .order_by(*order)
            .values_list("form", RECORD)[:BATCH]
        )

    def _of_one(self, form: str) -> Turn:
        rows = self.rows().filter(form=form)
        return Turn(
            lambda found: found_by(found, rows, column=RECORD), placed_at(form, _NO_ID), form
        )

    def _of_some(self, records: Sequence[UUID]) -> Turn:
        return Turn(lambda found: found.filter(pk__in=records), self._placed)

    def _placed(self, found: Any) -> Any:
        held = Cast(KeyTextTransform(self.key, "property_values"), TextField())
        place = {TURN_NAME: Form(held), TURN_ID: Value(_NO_ID, output_field=UUIDField())}
        return found.annotate(**place)

    def without(self, found: Any) -> Any:
        """Those of the rows that have no value."""
        found = walking(found)
        return found.filter(unlinked(found, self.rows(form__gt=""), column=RECORD))


def by_property(subject: PropertySubject, key: str) -> Turns:
    """The turns of this property's values."""
    values = _Values(subject, key)
    return Turns(values.turns, values.without)
