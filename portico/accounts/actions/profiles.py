"""One's own name, telephone number and preferences."""

import zoneinfo
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portico.accounts.choices import Clock, DateOrder, DateSeparator, Density, Theme
from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, Refused, Stale
from portico.kit.names import clean_name, clean_text
from portico.kit.phones import e164


@transaction.atomic
def update_profile(actor: Actor, changes: Mapping[str, Any], *, version: int | None) -> User:
    """Change the actor's own name, phone, formats and preferences.

    Needs no permission; a read-only licence does not hinder it (domain.md, Permissions). Raises
    Refused with every wrong field, Stale when somebody saved since `version` was read.
    """
    cleaned = _cleaned(changes)
    user: User = User.objects.select_for_update().get(pk=actor.user_id)
    if version is not None and version != user.version:
        raise Stale(user)
    changed = {
        field: [getattr(user, field), value]
        for field, value in cleaned.items()
        if getattr(user, field) != value
    }
    if not changed:
        return user
    for field, (_old, value) in changed.items():
        setattr(user, field, value)
    if "phone" in changed:
        user.phone_e164 = e164(user.phone, "")
    user.version += 1
    user.save(update_fields=[*changed, "phone_e164", "version"])
    record(actor, f"{user.kind}.updated", [user], changes=changed)
    return user


@transaction.atomic
def choose_theme(actor: Actor, theme: str) -> User:
    """Light, dark or the system's, for the actor.

    One press on every page, so it leaves the version alone: a form open elsewhere does not become
    stale by it.
    """
    value = _CLEANERS["theme"](theme)
    user: User = User.objects.select_for_update().get(pk=actor.user_id)
    if user.theme != value:
        changes = {"theme": [user.theme, value]}
        user.theme = value
        User.objects.filter(pk=user.pk).update(theme=value)
        record(actor, f"{user.kind}.updated", [user], changes=changes)
    return user


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """The zones that may be chosen: UTC and those named after a place."""
    places = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    known = zoneinfo.available_timezones()
    named = (zone for zone in known if zone.startswith((*places, "Indian/", "Pacific/")))
    return ("UTC", *sorted(named))


def _cleaned(changes: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for field, value in changes.items():
        try:
            cleaned[field] = _CLEANERS.get(field, _unknown)(value)
        except Refused as refused:
            problems.append(FieldProblem(field, refused.code, refused.detail))
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def _unknown(_value: Any) -> Any:
    raise Refused("unknown_field", _("There is no such field."))


def _one_of(*values: str) -> Callable[[Any], Any]:
    def clean(value: Any) -> str:
        if value not in values:
            raise Refused("unknown_choice", _("Choose one of the list."))
        return str(value)

    return clean


def _time_zone(value: Any) -> str:
    """Empty: the workspace's own."""
    return "" if value == "" else _one_of(*time_zones())(value)


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: clean_name(value, minimum=1),
    "phone": lambda value: clean_text(value, max_length=50),
    "language": _one_of(*(code for code, _label in settings.LANGUAGES)),
    "time_zone": _time_zone,
    "date_order": _one_of(*DateOrder.values),
    "date_separator": _one_of(*DateSeparator.values),
    "clock": _one_of(*Clock.values),
    "theme": _one_of(*Theme.values),
    "density": _one_of(*Density.values),
    "has_shortcuts": bool,
    "asks_before_archiving": bool,
}
