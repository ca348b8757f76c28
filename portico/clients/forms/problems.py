"""Putting what an action refused, and what somebody else saved meanwhile, onto a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.clients.forms.parts import Text, joined
from portico.kit.errors import Refused

EMPTY = ("", None)


def show_problems(form: forms.Form, refused: Refused) -> None:
    """Put each problem at its field; what has no field here stands above the form."""
    form.is_bound = True  # an empty post counts as sent, too
    form.is_valid()
    for problem in refused.errors:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    if not refused.errors:
        form.add_error(None, refused.detail)


def merged(posted: QueryDict, current: Mapping[str, Any]) -> tuple[QueryDict, dict[str, str]]:
    """What a form holds after somebody else saved first (three-way, per field).

    A field that only the other changed takes their value. One that both changed keeps mine and is
    returned in the second part with their value as text, so that the reader sees both.
    """
    form = posted.copy()
    clashes: dict[str, str] = {}
    for name, value in current.items():
        theirs = as_text(value)
        before = posted.get(f"initial-{name}", "")
        mine = form[name] = joined(posted, name)
        if mine == before:
            form[name] = theirs
        elif theirs not in {before, mine}:
            clashes[name] = shown(value)
        form[f"initial-{name}"] = theirs
    return form, clashes


def as_text(value: Any) -> str:
    """A stored value as a form sends it."""
    if value in EMPTY:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value).replace("\r\n", "\n")


def shown(value: Any) -> str:
    """A stored value as a reader is told it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Text):
        return value.shown or _("Empty")
    return as_text(value) or _("Empty")
