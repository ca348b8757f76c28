"""What somebody chooses when they arrange a list: a filter, the columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import FilterField, FilterKind, all_fields, filters_of
from portico.clients.filters.grammar import EMPTY, NO, YES, read_condition
from portico.kit.actors import Actor
from portico.kit.errors import Refused

OWN = ("field", "operator", "value")


@dataclass(frozen=True, kw_only=True)
class FilterForm:
    """A field, a comparison and a value that are about to narrow a list.

    `kept` are the list's other parameters; `problem` says what is wrong with the value.
    """

    fields: Mapping[str, FilterField]
    kept: Mapping[str, str]
    field: FilterField | None = None
    operator: str = ""
    value: str = ""
    problem: str = ""
    is_complete: bool = False

    @classmethod
    def read(cls, actor: Actor, subject: PropertySubject, query: Mapping[str, Any]) -> "FilterForm":
        """Read what was chosen so far of what the actor is offered; one query for properties."""
        fields = {
            name: field
            for name, field in all_fields(subject).items()
            if (not field.permission or actor.may(field.permission))
            and (field.is_used is None or field.is_used())
        }
        given = dict(query.items())
        kept = {name: value for name, value in given.items() if name not in OWN}
        field = fields.get(given.get("field", ""))
        if field is None:
            return cls(fields=fields, kept=kept)
        operator = given.get("operator", field.taken[0])
        value = YES if operator == EMPTY else given.get("value", "")
        asked = cls(fields=fields, kept=kept, field=field, operator=operator, value=value)
        return asked._checked() if "value" in given or operator == EMPTY else asked

    def _checked(self) -> "FilterForm":
        if self.field is None:
            return self
        try:
            read_condition(self.field, self.operator, text=self.value)
        except Refused as refused:
            return self._with(problem=refused.detail)
        return self._with(is_complete=True)

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


def kept_parameters(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parameters of a list that a form of its own has to carry on."""
    return [*filters_of(dict(query.items())).items()]
