"""The fields of a location, cleaned; its address and tags are those of organizations."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.cleaning.records import clean_organization
from portico.kit.errors import FieldProblem, Refused
from portico.kit.names import clean_name, clean_text

ADDRESS = ("street", "city", "region", "postal_code", "country")
SHARED = frozenset({"tags", *(f"address_{part}" for part in ADDRESS)})
LARGEST_AREA = Decimal("9999999999.99")
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,30})?")
_HUNDREDTH, _MILLIONTH = Decimal("0.01"), Decimal("0.000001")


def clean_location(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Clean fields of a location as text (or as the value itself).

    Raises Refused with every problem at its field; unknown names are refused. An area is kept to
    two decimals, a coordinate to six (a hand's breadth).
    """
    cleaned: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for field, value in fields.items():
        cleaner = _LOCATION.get(field)
        try:
            if field in SHARED:
                cleaned |= clean_organization({field: value})
            elif cleaner is not None:
                cleaned[field] = cleaner(value)
            else:
                raise Refused("unknown_field", _("There is no such field."))
        except Refused as refused:
            problems.append(FieldProblem(field, _code(refused), refused.detail))
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def _code(refused: Refused) -> str:
    return refused.errors[0].code if refused.errors else refused.code


def _name(value: Any) -> str:
    return clean_name(value if isinstance(value, str) else "", minimum=1, maximum=200)


def _note(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return clean_text(text, max_length=10_000, multiline=True)


def _area(value: Any) -> Decimal | None:
    number = _number(value, step=_HUNDREDTH)
    if number is not None and not 0 <= number <= LARGEST_AREA:
        raise Refused("out_of_range", _("Enter an area between 0 and 9,999,999,999 m²."))
    return number


def _latitude(value: Any) -> Decimal | None:
    number = _number(value, step=_MILLIONTH)
    if number is not None and abs(number) > 90:
        raise Refused("out_of_range", _("Enter a latitude between -90 and 90."))
    return number


def _longitude(value: Any) -> Decimal | None:
    number = _number(value, step=_MILLIONTH)
    if number is not None and abs(number) > 180:
        raise Refused("out_of_range", _("Enter a longitude between -180 and 180."))
    return number


def _number(value: Any, *, step: Decimal) -> Decimal | None:
    """A number with a point or a comma before its decimals; None for nothing."""
    if value is None:
        return None
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    if not text:
        return None
    if isinstance(value, bool) or not _NUMBER.fullmatch(text) or not text.isascii():
        raise Refused("not_a_number", _("Enter a number, such as 12.5."))
    return Decimal(text.replace(",", ".")).quantize(step, ROUND_HALF_UP)


_LOCATION: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "area": _area,
    "latitude": _latitude,
    "longitude": _longitude,
    "note": _note,
}
