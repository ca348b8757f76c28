"""Which values the settings of a workspace take."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from portico.accounts.choices import Clock, DateOrder, DateSeparator
from portico.accounts.passwords import FLOOR
from portico.kit.colours import hex_of
from portico.kit.errors import FieldProblem, Refused
from portico.kit.names import clean_name, clean_text
from portico.workspaces.choices import MembershipEnd, Module, Preset, RoleKind
from portico.workspaces.models import Role

CURRENCY = re.compile(r"[A-Z]{3}")
LONGEST_COOKIE_DAYS = 60
"""A browser forgets a session after that (SESSION_COOKIE_AGE), whatever is chosen here."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """A whole number between these two."""

    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """One of these."""

    options: Callable[[], Collection[str]]


@dataclass(frozen=True, kw_only=True)
class SomeOf:
    """Any of these, in their order."""

    options: tuple[str, ...]


@dataclass(frozen=True)
class YesNo:
    """On or off."""


Rule = Range | OneOf | SomeOf | YesNo


def client_role_names() -> list[str]:
    """The roles that somebody may be given at first sign-in; "" is none."""
    names = Role.objects.filter(kind=RoleKind.CLIENT).order_by("name")
    return ["", *names.values_list("name", flat=True)]


RULES: Mapping[str, Rule] = {
    "organization_required": YesNo(),
    "email_required": YesNo(),
    "membership_end": OneOf(options=lambda: MembershipEnd.values),
    "default_client_role": OneOf(options=client_role_names),
    "role_in_invitation": YesNo(),
    "initial_password": YesNo(),
    "modules": SomeOf(options=tuple(Module.values)),
    "invitation_days": Range(least=1, most=90),
    "password_minimum": Range(least=FLOOR, most=64),
    "agent_idle_hours": Range(least=1, most=168),
    "agent_session_days": Range(least=1, most=30),
    "person_idle_days": Range(least=1, most=LONGEST_COOKIE_DAYS),
    "person_session_days": Range(least=1, most=LONGEST_COOKIE_DAYS),
}
_FLAGS = {"first_steps_dismissed"}


def clean_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they are stored; None (the preset's value) stays None.

    Raises Refused with every setting that is wrong, each at its own field.
    """
    cleaned: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for name, value in values.items():
        try:
            cleaned[name] = None if value is None else _clean_setting(name, value)
        except Refused as refused:
            problems.append(FieldProblem(name, refused.code, refused.detail))
    if problems:
        raise Refused(problems[0].code, problems[0].message, errors=problems)
    return cleaned


def _clean_setting(name: str, value: Any) -> Any:
    if name in _FLAGS:
        return bool(value)
    rule = RULES.get(name)
    if isinstance(rule, Range) and _is_within(value, rule):
        return value
    if isinstance(rule, Range):
        text = _("Enter a whole number from %(least)s to %(most)s.")
        raise Refused("out_of_range", text % {"least": rule.least, "most": rule.most})
    if isinstance(rule, YesNo) and isinstance(value, bool):
        return value
    if isinstance(rule, OneOf) and value in rule.options():
        return str(value)
    if isinstance(rule, SomeOf) and set(value) <= set(rule.options):
        return [option for option in rule.options if option in value]
    raise Refused("unknown_choice", _("Choose one of the values listed."))


def _is_within(value: Any, rule: Range) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and rule.least <= value <= rule.most


def clean_field(name: str, value: Any) -> Any:
    """One of the workspace's own fields as it is stored.

    Raises Refused at the field; an unknown field is a fault of the caller (KeyError).
    """
    if name == "support_contact":
        return value
    try:
        return _FIELDS[name](value)
    except Refused as refused:
        raise Refused(refused.code, refused.detail, field=name) from refused


def _one_of(options: Callable[[], Collection[str]]) -> Callable[[Any], Any]:
    def clean(value: Any) -> Any:
        if value not in options():
            raise Refused("unknown_choice", _("Choose one of the values listed."))
        return value

    return clean


def _currency(value: Any) -> str:
    code = str(value).strip().upper()
    if not CURRENCY.fullmatch(code):
        raise Refused("invalid_currency", _("Enter the three letters of a currency, such as EUR."))
    return code


def _colour(value: Any) -> str:
    colour = hex_of(str(value))
    if colour is None:
        raise Refused("invalid_colour", _("Enter a colour such as #0d5f68."))
    return colour


_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "preset": _one_of(lambda: Preset.values),
    "time_zone": _one_of(available_timezones),
    "currency": _currency,
    "date_order": _one_of(lambda: DateOrder.values),
    "date_separator": _one_of(lambda: DateSeparator.values),
    "clock": _one_of(lambda: Clock.values),
    "accent": _colour,
    "support_text": lambda value: clean_text(value, max_length=200),
}
TEXT_FIELDS = tuple(_FIELDS)
"""The fields of Workspace that hold a text and may be changed in Settings."""
