"""What somebody chooses when they arrange a list: a filter, the columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import FilterField, FilterKind, all_fields, filters_of
from portico.clients.filters.fields import ME
from portico.clients.filters.grammar import (
    ANY,
    EMPTY,
    NO,
    YES,
    parse_day,
    read_condition,
)
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.days import read_day
from portico.kit.errors import Refused
from portico.kit.parting import parted
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import current_formats

OWN = ("field", "operator", "value")


@dataclass(frozen=True, kw_only=True)
class FilterForm:
    """A field, a comparison and a value that are about to narrow a list.

    `kept` are the list's other parameters; `problem` says what is wrong with the value; `me` is
    whom the value "me" means.
    """

    fields: Mapping[str, FilterField]
    kept: Mapping[str, str]
    field: FilterField | None = None
    operator: str = ""
    value: str = ""
    problem: str = ""
    is_complete: bool = False
    me: UUID | None = None

    @classmethod
    def read(cls, actor: Actor, subject: PropertySubject, query: QueryDict) -> "FilterForm":
        """Read what was chosen so far of what the actor is offered; one query for properties."""
        fields = {
            name: field
            for name, field in all_fields(subject).items()
            if (not field.permission or actor.may(field.permission))
            and (field.is_used is None or field.is_used())
        }
        given = {name: str(value) for name, value in query.items()}
        values = ",".join(filter(None, query.getlist("value")))
        kept = {name: value for name, value in given.items() if name not in OWN}
        field = fields.get(given.get("field", ""))
        if field is None:
            return cls(fields=fields, kept=kept)
        operator = given.get("operator", field.taken[0])
        value = YES if operator == EMPTY else _as_stored(field, values)
        asked = cls(
            fields=fields,
            kept=kept,
            field=field,
            operator=operator,
            value=value,
            me=actor.user_id,
        )
        # An unfilled list of choices is not sent at all.
        is_sent = "value" in given or "operator" in given
        return asked._checked() if is_sent or operator == EMPTY else asked

    def _checked(self) -> "FilterForm":
        if self.field is None:
            return self
        try:
            read_condition(self.field, self.operator, text=self._meant)
        except Refused as refused:
            return self._with(problem=refused.detail)
        return self._with(is_complete=True)

    @property
    def _meant(self) -> str:
        """The value with an id in place of "me", which is read by each reader for themselves."""
        if self.me is None or self.field is None or self.field.kind is not FilterKind.CHOICE:
            return self.value
        values = self.value.split(",")
        return ",".join(str(self.me) if value == ME else value for value in values)

    def _with(self, **changes: Any) -> "FilterForm":
        return FilterForm(**{**self.__dict__, **changes})

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the list with this filter."""
        if self.field is None:
            return dict(self.kept)
        name = f"{self.field.name}.{self.operator}" if self.operator else self.field.name
        rest = {key: value for key, value in self.kept.items() if key != "cursor"}
        return {**rest, name: self.value}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values that can be picked, where they can."""
        if self.field is None:
            return []
        if self.field.kind is FilterKind.FLAG:
            return [(YES, _("Yes")), (NO, _("No"))]
        return list(self.field.choices()) if self.field.choices else []

    @property
    def values(self) -> list[str]:
        """The values picked so far."""
        known = [value for value, _word in self.choices] if "," in self.value else []
        return parted(self.value, known) if self.operator != EMPTY else []

    @property
    def takes_several(self) -> bool:
        """Whether several values can be picked at once."""
        return self.field is not None and ANY in self.field.taken


def _as_stored(field: FilterField, typed: str) -> str:
    """A day as somebody types it, as addresses have it; everything else as it is."""
    if field.kind not in {FilterKind.DAY, FilterKind.MOMENT}:
        return typed
    try:
        parse_day(typed)
    except (ValueError, OverflowError):
        pass
    else:
        return typed
    try:
        today = today_in(current_scope().time_zone)
        return read_day(typed, order=current_formats().order, today=today).isoformat()
    except Refused:
        return typed


def kept_parameters(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parameters of a list that a form of its own has to carry on."""
    return [*filters_of(dict(query.items())).items()]
