"""Save a list as a view, change it, count what the views show."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.forms.problems import show_problems
from portico.clients.views.answers import ask, go_to
from portico.insight.actions import ViewDraft, create_view, delete_view, update_view
from portico.insight.choices import ViewSubject
from portico.insight.forms import ViewForm, columns_of, parameters_of, subject_of
from portico.insight.models import View
from portico.insight.reports import SUBJECTS, counts_of
from portico.kit.errors import NotThere, Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.workspaces.choices import Permission

VIEWING = (Permission.VIEW_CLIENTS,)


@page("views.new", Audience.AGENT, permissions=VIEWING, writes=True)
@once
def view_new(request: Any) -> HttpResponse:
    """Save the list as it is arranged under a name."""
    subject = subject_of(request.GET)
    form = ViewForm(request.POST or None)
    if request.method == "POST":
        try:
            view = create_view(request.actor, subject, _draft(request, form))
        except Refused as refused:
            show_problems(form, refused)
        else:
            messages.success(request, _("View “%(name)s” saved.") % {"name": view.name})
            return go_to(request, _address(view))
    context = {"form": form, "action_url": request.get_full_path(), "back_url": _list_url(subject)}
    return ask(request, "insight/new", context)


@page("views.edit", Audience.AGENT, permissions=VIEWING, writes=True)
@once
def view_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Rename or share a view, or give it the present filters and columns."""
    view = _found(request, id)
    form = ViewForm(request.POST or None, initial={"name": view.name, "is_shared": view.is_shared})
    if request.method == "POST":
        try:
            view = update_view(request.actor, id, _changes(request, form))
        except Refused as refused:
            show_problems(form, refused)
        else:
            messages.success(request, _("View “%(name)s” saved.") % {"name": view.name})
            return go_to(request, _address(view))
    context = {
        "form": form,
        "view": view,
        "may_replace": "list" in request.GET and parameters_of(request.GET) != view.parameters,
        "action_url": request.get_full_path(),
        "delete_url": reverse("views.delete", kwargs={"id": view.pk}),
        "back_url": _address(view),
    }
    return ask(request, "insight/edit", context)


@page("views.delete", Audience.AGENT, permissions=VIEWING, writes=True, methods=("POST",))
@once
def view_delete(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Delete a view; its records stay as they are."""
    view = _found(request, id)
    delete_view(request.actor, id)
    messages.success(request, _("View “%(name)s” deleted.") % {"name": view.name})
    return go_to(request, _list_url(ViewSubject(view.subject)))


@page("views.counts", Audience.AGENT, permissions=VIEWING)
def view_counts(request: Any, subject: str) -> HttpResponse:
    """How many rows the views above a list show, for the tabs that are there already."""
    named = {str(word): key for key, word in SUBJECTS.items()}
    if subject not in named:
        raise NotThere
    return render(
        request, "insight/counts.html", {"counts": counts_of(request.actor, named[subject])}
    )


def _draft(request: Any, form: ViewForm) -> ViewDraft:
    return ViewDraft(
        name=form.data.get("name", ""),
        parameters=parameters_of(request.GET),
        columns=columns_of(request.GET),
        is_shared=bool(form.data.get("is_shared")),
    )


def _changes(request: Any, form: ViewForm) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "name": form.data.get("name", ""),
        "is_shared": bool(form.data.get("is_shared")),
    }
    if request.POST.get("replace"):
        changes["parameters"] = parameters_of(request.GET)
    if request.GET.get("columns"):
        changes["columns"] = columns_of(request.GET)
    return changes


def _found(request: Any, view_id: UUID) -> View:
    view: View | None = View.objects.visible_to(request.actor).filter(pk=view_id).first()
    if view is None:
        raise NotThere
    return view


def _address(view: View) -> str:
    return f"{_list_url(ViewSubject(view.subject))}?view={view.pk}"


def _list_url(subject: ViewSubject) -> str:
    return reverse(f"{subject.value}.list")
