"""The shape of what people type about services: one place for form and API."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.kit.errors import FieldProblem, Refused
from portico.kit.names import clean_name, clean_text


def clean_service(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Clean fields of a service; all problems are raised together, unknown names are refused."""
    cleaned: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for field, value in fields.items():
        try:
            cleaned[field] = _SERVICE.get(field, _unknown)(value)
        except Refused as refused:
            problems.append(FieldProblem(field, refused.code, refused.detail))
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def _unknown(_value: Any) -> Any:
    raise Refused("unknown_field", _("There is no such field."))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused("not_a_flag", _("Choose yes or no."))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused("not_text", _("Enter text."))
    return value


_SERVICE: Mapping[str, Callable[[Any], Any]] = {
    "name": lambda value: clean_name(_text(value), minimum=2, maximum=200),
    "description": lambda value: clean_text(_text(value), max_length=10_000, multiline=True),
    "is_active": _flag,
    "for_everyone": _flag,
}
