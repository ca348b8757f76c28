"""What is asked when a list is saved as a view."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.clients.filters import filters_of
from portico.insight.choices import ViewSubject
from portico.kit.errors import NotThere

OWN = {"list", "columns", "name", "is_shared", "form_token", "csrfmiddlewaretoken", "replace"}


class ViewForm(forms.Form):
    """The name of a view, and who sees it."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False, strip=False)
    is_shared = forms.BooleanField(label=_("Shared with the whole team"), required=False)


def subject_of(query: Mapping[str, Any]) -> ViewSubject:
    """Which list is meant; raises NotThere for a list that there is not."""
    try:
        return ViewSubject(query.get("list", ""))
    except ValueError as error:
        raise NotThere from error


def parameters_of(query: Mapping[str, Any]) -> dict[str, str]:
    """What narrows and sorts the list, out of a query that says more."""
    kept = {name: value for name, value in query.items() if name not in OWN}
    return {name: str(value) for name, value in filters_of(kept).items() if value}


def columns_of(query: Mapping[str, Any]) -> list[str]:
    """The columns that a query names."""
    return [name for name in str(query.get("columns", "")).split(",") if name]
