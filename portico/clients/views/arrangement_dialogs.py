"""The dialogs that arrange a list: a filter more, other columns."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from portico.accounts.actions.lists import choose_columns
from portico.clients.choices import PropertySubject
from portico.clients.filters import FilterKind
from portico.clients.forms.arranging import FilterForm
from portico.clients.views.answers import ask, go_to
from portico.clients.views.arranging import LIST_VIEWS, arrange, operator_word
from portico.clients.views.columns import offered_columns
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.workspaces.choices import Permission

VIEWING = (Permission.VIEW_CLIENTS,)
EXAMPLE_DAY = datetime.date(2027, 1, 31)


@page("organizations.filter", Audience.AGENT, permissions=VIEWING)
def organizations_filter(request: Any) -> HttpResponse:
    """Narrow the list of organizations by one thing more."""
    return _filter(request, PropertySubject.ORGANIZATION)


@page("people.filter", Audience.AGENT, permissions=VIEWING)
def people_filter(request: Any) -> HttpResponse:
    """Narrow the list of people by one thing more."""
    return _filter(request, PropertySubject.PERSON)


@page("organizations.columns", Audience.AGENT, permissions=VIEWING, writes=True)
@once
def organizations_columns(request: Any) -> HttpResponse:
    """Choose and order the columns of the list of organizations."""
    return _columns(request, PropertySubject.ORGANIZATION)


@page("people.columns", Audience.AGENT, permissions=VIEWING, writes=True)
@once
def people_columns(request: Any) -> HttpResponse:
    """Choose and order the columns of the list of people."""
    return _columns(request, PropertySubject.PERSON)


def _filter(request: Any, subject: PropertySubject) -> HttpResponse:
    name = LIST_VIEWS[subject]
    form = FilterForm.read(request.actor, subject, request.GET)
    list_url = reverse(f"{name}.list")
    if form.is_complete:
        return go_to(request, f"{list_url}?{urlencode(form.parameters)}")
    context = {
        "form": form,
        "operators": _operators(form),
        "action_url": reverse(f"{name}.filter"),
        "back_url": f"{list_url}?{urlencode(dict(form.kept))}",
        "field_links": _field_links(form, reverse(f"{name}.filter")),
        "source_url": _source_url(form),
        "input_type": "number" if form.field and form.field.kind is FilterKind.NUMBER else "text",
        "example_day": EXAMPLE_DAY,
        "takes_days": form.field is not None
        and form.field.kind in {FilterKind.DAY, FilterKind.MOMENT},
    }
    return ask(request, "clients/filter", context)


def _source_url(form: FilterForm) -> str | None:
    """Where values are looked up that are too many to be listed."""
    is_organization = form.field is not None and form.field.name == "organization"
    return reverse("organizations.choices") if is_organization else None


def _operators(form: FilterForm) -> list[tuple[str, str]]:
    if form.field is None:
        return []
    return [(name, operator_word(name, form.field.kind)) for name in form.field.taken]


def _field_links(form: FilterForm, address: str) -> list[dict[str, str]]:
    kept = dict(form.kept)
    return [
        {"label": field.label(), "url": f"{address}?{urlencode({**kept, 'field': name})}"}
        for name, field in form.fields.items()
    ]


def _columns(request: Any, subject: PropertySubject) -> HttpResponse:
    name = LIST_VIEWS[subject]
    arranged = arrange(request, subject)
    address = reverse(f"{name}.list")
    if request.method == "POST":
        return _arrange_columns(request, subject, address)
    shown = [column.name for column in arranged.columns]
    offered = offered_columns(subject)
    others = [column for column in offered if column not in shown]
    context = {
        "offered": [
            {"name": column, "label": offered[column].label(), "is_shown": column in shown}
            for column in (*shown, *others)
        ],
        "action_url": f"{reverse(f'{name}.columns')}?{request.GET.urlencode()}",
        "back_url": f"{address}?{request.GET.urlencode()}",
        "current_view": arranged.current,
    }
    return ask(request, "clients/columns", context)


def _arrange_columns(request: Any, subject: PropertySubject, address: str) -> HttpResponse:
    """In a view the columns go into the address, for it to be saved; else they are kept."""
    query = request.GET.copy()
    query.pop("columns", None)
    names = [] if "reset" in request.POST else request.POST.getlist("columns")
    if query.get("view"):
        if names:
            query["columns"] = ",".join(names)
    else:
        known = offered_columns(subject)
        kept = [column for column in names if column in known]
        choose_columns(request.actor, LIST_VIEWS[subject], kept)
    return go_to(request, f"{address}?{query.urlencode()}" if query else address)
