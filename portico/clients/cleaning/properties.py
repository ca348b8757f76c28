"""Values of custom properties: typed by the kind of the property, stored as JSON has them."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import CustomProperty
from portico.kit.addresses import clean_email
from portico.kit.errors import FieldProblem, Refused
from portico.kit.names import clean_text, name_key
from portico.kit.parting import parted
from portico.kit.websites import clean_website

PROPERTY_PREFIX = "property."
LONGEST_TEXT = 2000
MOST_DIGITS = 30
NAMED_CHOICES = 6
YES = frozenset({"yes", "true", "1", "on"})
NO = frozenset({"no", "false", "0", "off"})
_LIST = re.compile("[;\n]")

Properties = Mapping[str, CustomProperty]


def properties_of(subject: PropertySubject | str) -> dict[str, CustomProperty]:
    """All properties of a kind of record by their key, archived ones too, in order; one query."""
    rows = CustomProperty.objects.filter(subject=subject).order_by("place", "created_at", "id")
    return {row.key: row for row in rows}


def property_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{key: value}` as the fields that create and update take."""
    return {f"{PROPERTY_PREFIX}{key}": value for key, value in values.items()}


def clean_property_values(
    subject: PropertySubject | str,
    values: Mapping[str, Any],
    *,
    kept: Mapping[str, Any] | None = None,
    properties: Properties | None = None,
) -> dict[str, Any]:
    """Values by key, as they are stored; None where the value is taken away.

    `kept` are the values the record has: a choice that was taken off the list since stays
    allowed where it stands. `properties` saves the query where many records are cleaned. Values
    of archived properties are left out, so that nothing overwrites what is kept. Raises Refused
    with every problem at `property.KEY`: unknown keys, wrong values, empty required ones.
    """
    known = properties_of(subject) if properties is None else properties
    cleaned: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for key, value in values.items():
        definition = known.get(key)
        try:
            if definition is None:
                raise Refused("unknown_field", _("There is no such field."))
            if definition.archived_at is None:
                cleaned[key] = _clean_value(definition, value, kept=(kept or {}).get(key))
        except Refused as refused:
            problems.append(FieldProblem(PROPERTY_PREFIX + key, refused.code, refused.detail))
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def require_properties(
    subject: PropertySubject | str,
    values: Mapping[str, Any],
    *,
    properties: Properties | None = None,
) -> list[FieldProblem]:
    """What a new record with these cleaned values lacks of the required properties."""
    known = properties_of(subject) if properties is None else properties
    return [
        FieldProblem(PROPERTY_PREFIX + row.key, "required", _required(row))
        for row in known.values()
        if row.is_required and row.archived_at is None and values.get(row.key) is None
    ]


def _clean_value(definition: CustomProperty, value: Any, *, kept: Any) -> Any:
    cleaned = None if _is_empty(value) else _CLEANERS[definition.kind](definition, value, kept=kept)
    if definition.is_required and cleaned is None:
        raise Refused("required", _required(definition))
    return cleaned


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple) and not any(value))


def _required(definition: CustomProperty) -> str:
    return _("%(label)s is needed.") % {"label": definition.label}


def _text(definition: CustomProperty, value: Any, *, kept: Any) -> str | None:
    return clean_text(_as_text(value), max_length=LONGEST_TEXT) or None


def _number(definition: CustomProperty, value: Any, *, kept: Any) -> str:
    """A number as plain text, so that no digit is lost between databases."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise InvalidOperation
        number = Decimal(str(value).strip())
        if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
            raise InvalidOperation
    except InvalidOperation as error:
        raise Refused("invalid_number", _("Enter a number, such as 12.5.")) from error
    text = format(number, "f")
    if len(text) > MOST_DIGITS:
        raise Refused("invalid_number", _("Enter a number of at most 30 digits."))
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _date(definition: CustomProperty, value: Any, *, kept: Any) -> str:
    try:
        if isinstance(value, datetime.date):
            return value.isoformat()[:10]
        return datetime.date.fromisoformat(str(value).strip()).isoformat()
    except ValueError as error:
        raise Refused("invalid_date", _("Enter a date.")) from error


def _yes_no(definition: CustomProperty, value: Any, *, kept: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = name_key(str(value))
    if word in YES or word == name_key(_("Yes")):
        return True
    if word in NO or word == name_key(_("No")):
        return False
    raise Refused("not_a_flag", _("Choose yes or no."))


def _choice(definition: CustomProperty, value: Any, *, kept: Any) -> str:
    return _chosen(_as_text(value), [*definition.choices, *([kept] if kept else [])])


def _choices(definition: CustomProperty, value: Any, *, kept: Any) -> list[str] | None:
    offered = [*definition.choices, *(kept if isinstance(kept, list) else [])]
    parts = _parts(value, offered) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise Refused("not_a_list", _("Choose from the list."))
    chosen = {_chosen(_as_text(part), offered) for part in parts if not _is_empty(part)}
    return [choice for choice in dict.fromkeys(offered) if choice in chosen] or None


def _parts(text: str, offered: Sequence[str]) -> list[str]:
    """A typed list: by semicolon or line, else by comma, where a choice may hold some itself."""
    return _LIST.split(text) if _LIST.search(text) else parted(text, offered)


def _chosen(text: str, offered: Iterable[str]) -> str:
    """The choice that is meant, as the list spells it."""
    known = list(dict.fromkeys(offered))
    for choice in known:
        if name_key(choice) == name_key(text):
            return choice
    named = "; ".join(known[:NAMED_CHOICES]) + (" …" if len(known) > NAMED_CHOICES else "")
    raise Refused("unknown_choice", _("Choose from the list: %(choices)s.") % {"choices": named})


def _url(definition: CustomProperty, value: Any, *, kept: Any) -> str:
    return clean_website(_as_text(value))


def _email(definition: CustomProperty, value: Any, *, kept: Any) -> str:
    return clean_email(_as_text(value))


def _as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused("not_text", _("Enter text."))
    return value


_CLEANERS: Mapping[str, Callable[..., Any]] = {
    PropertyKind.TEXT: _text,
    PropertyKind.NUMBER: _number,
    PropertyKind.DATE: _date,
    PropertyKind.YES_NO: _yes_no,
    PropertyKind.CHOICE: _choice,
    PropertyKind.CHOICES: _choices,
    PropertyKind.URL: _url,
    PropertyKind.EMAIL: _email,
}
