"""The fields of organizations and people, cleaned.

Each function takes the given fields as text (or as the value itself) and returns them cleaned;
all problems are collected and raised together, each with its field. Besides the columns of the
record these are `tags` (names), `account_managers` or `account_manager` (ids of agents) and
`property.KEY` for each custom property.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.cleaning.names import named_by_parts
from portico.clients.cleaning.properties import (
    PROPERTY_PREFIX,
    Properties,
    clean_property_values,
    property_fields,
)
from portico.clients.cleaning.tags import clean_tags
from portico.kit.addresses import clean_email
from portico.kit.countries import country_code
from portico.kit.errors import FieldProblem, Refused
from portico.kit.ids import parse_id
from portico.kit.names import clean_name, clean_text
from portico.kit.websites import clean_website

Cleaner = Callable[[Any], Any]


def clean_organization(
    fields: Mapping[str, Any],
    *,
    kept: Mapping[str, Any] | None = None,
    properties: Properties | None = None,
) -> dict[str, Any]:
    """Clean fields of an organization; unknown names are refused (mass assignment, R-C37).

    `kept` and `properties`: see `clean_property_values`.
    """
    subject = PropertySubject.ORGANIZATION
    return _clean(fields, _ORGANIZATION, subject=subject, kept=kept, properties=properties)


def clean_person(
    fields: Mapping[str, Any],
    *,
    kept: Mapping[str, Any] | None = None,
    properties: Properties | None = None,
    person: Any = None,
) -> dict[str, Any]:
    """Clean fields of a person; a missing name is joined from given and family name (X19).

    With `person` the fields are changes of theirs; see `named_by_parts`.
    """
    subject = PropertySubject.PERSON
    cleaned = _clean(fields, _PERSON, subject=subject, kept=kept, properties=properties)
    return cleaned | named_by_parts(cleaned, person=person)


def _clean(
    fields: Mapping[str, Any],
    cleaners: Mapping[str, Cleaner],
    *,
    subject: PropertySubject,
    kept: Mapping[str, Any] | None,
    properties: Properties | None,
) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for field, value in fields.items():
        if field.startswith(PROPERTY_PREFIX):
            values[field.removeprefix(PROPERTY_PREFIX)] = value
            continue
        cleaner = cleaners.get(field)
        if cleaner is None:
            problems.append(FieldProblem(field, "unknown_field", _("There is no such field.")))
            continue
        try:
            cleaned[field] = cleaner(value)
        except Refused as refused:
            problems.append(FieldProblem(field, refused.code, refused.detail))
    if values:
        try:
            typed = clean_property_values(subject, values, kept=kept, properties=properties)
            cleaned |= property_fields(typed)
        except Refused as refused:
            problems.extend(refused.errors)
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def _text(maximum: int, *, multiline: bool = False) -> Cleaner:
    def clean(value: Any) -> str:
        return clean_text(_as_text(value), max_length=maximum, multiline=multiline)

    return clean


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused("not_text", _("Enter text."))
    return value


def _name(value: Any) -> str:
    return clean_name(_as_text(value), minimum=2, maximum=200)


def _person_name(value: Any) -> str:
    """A person's name may be of one letter, or missing where there is an address."""
    text = _as_text(value)
    return clean_name(text, minimum=1, maximum=200) if text.strip() else ""


def _website(value: Any) -> str:
    text = _as_text(value)
    return clean_website(text) if text.strip() else ""


def _country(value: Any) -> str:
    """The ISO code where the name is known; an unknown one stays as text."""
    text = clean_text(_as_text(value), max_length=100)
    return country_code(text) or text


def _email(value: Any) -> str:
    text = _as_text(value)
    return clean_email(text) if text.strip() else ""


def _date(value: Any) -> datetime.date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError as error:
        raise Refused("invalid_date", _("Enter a date.")) from error


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused("not_a_flag", _("Choose yes or no."))
    return value


def _agent(value: Any) -> UUID | None:
    """The id of an agent; whether there is such an agent is asked by the action."""
    if value is None or value == "":
        return None
    key = value if isinstance(value, UUID) else parse_id(str(value))
    if key is None:
        raise Refused("unknown_agent", _("Choose from the list."))
    return key


def _agents(value: Any) -> list[UUID]:
    """Ids of agents, each once, in the order given: the first one is first."""
    parts = value.replace(";", ",").split(",") if isinstance(value, str) else (value or [])
    if not isinstance(parts, list | tuple):
        raise Refused("not_a_list", _("Choose from the list."))
    keys = [_agent(part.strip() if isinstance(part, str) else part) for part in parts]
    return list(dict.fromkeys(key for key in keys if key is not None))


_ORGANIZATION: Mapping[str, Cleaner] = {
    "name": _name,
    "reference": _text(100),
    "description": _text(10_000, multiline=True),
    "website": _website,
    "address_street": _text(500, multiline=True),
    "address_city": _text(200),
    "address_region": _text(200),
    "address_postal_code": _text(30),
    "address_country": _country,
    "membership_end_date": _date,
    "is_active": _flag,
    "tags": clean_tags,
    "account_managers": _agents,
}

_PERSON: Mapping[str, Cleaner] = {
    "name": _person_name,
    "given_name": _text(100),
    "family_name": _text(100),
    "email": _email,
    "position": _text(200),
    "phone": _text(50),
    "reference": _text(100),
    "tags": clean_tags,
    "account_manager": _agent,
}
