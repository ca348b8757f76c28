"""Create and edit an organization."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.forms.organizations import (
    OrganizationForm,
    end_date_setting,
    initial_of,
    values_of,
)
from portico.clients.forms.problems import merged, show_problems
from portico.clients.models import Organization
from portico.clients.views.answers import ask, go_on_editing_or_to, go_to, tell_saved
from portico.clients.views.organizations import find_organization
from portico.history.models import Event
from portico.history.reports import latest
from portico.kit.errors import NeedsConfirmation, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.presets import REQUIRED

MANAGE = (Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)


@page("organizations.new", Audience.AGENT, permissions=MANAGE, writes=True)
@once
def organization_new(request: Any) -> HttpResponse:
    """Create an organization; a name alone is enough. Ends on the list, the new row first."""
    form = OrganizationForm(request.POST if request.method == "POST" else None, is_new=True)
    if request.method != "POST":
        return _ask_new(request, form)
    confirm = request.POST.getlist("confirm")
    try:
        created = create_organization(request.actor, form.fields_to_save(), confirm=confirm)
    except NeedsConfirmation as warned:
        return _ask_new(request, form, refused=warned)
    except Refused as refused:
        return _ask_new(request, form, refused=refused)
    _tell_created(request, created)
    address = reverse("organizations.list")
    return go_to(request, f"{address}?sort=-created_at&new={created.pk}")


@page("organizations.edit", Audience.AGENT, permissions=MANAGE, writes=True)
@once
def organization_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Change an organization; when somebody else saved first, both values are shown."""
    organization = find_organization(request.actor, id)
    if request.method != "POST":
        form = OrganizationForm(initial=initial_of(values_of(organization)), is_new=False)
        return _ask_edit(request, organization, form)
    form = OrganizationForm(request.POST, initial=initial_of(values_of(organization)), is_new=False)
    try:
        saved = update_organization(
            request.actor,
            id,
            form.fields_to_save(),
            version=_version(request, organization),
            confirm=request.POST.getlist("confirm"),
        )
    except Stale as stale:
        return _ask_again(request, stale.current)
    except Refused as refused:
        return _ask_edit(request, organization, form, refused=refused)
    tell_saved(request, saved.name, has_changed=saved.version != organization.version)
    return go_on_editing_or_to(request, reverse("organizations.show", kwargs={"id": id}))


def _tell_created(request: Any, created: Organization) -> None:
    """Say it with Undo and with what comes next: somebody who works there (ui.md 2.1)."""
    links: tuple[tuple[str, str], ...] = ()
    if request.actor.may(Permission.CREATE_CLIENTS) and created.is_active:
        add_url = f"{reverse('people.new')}?organization={created.pk}"
        links = ((say("Add person"), add_url),)
    undo_toast(request, _("%(name)s created.") % {"name": created.name}, links=links)


def _ask_new(
    request: Any, form: OrganizationForm, *, refused: Refused | None = None
) -> HttpResponse:
    context = _form_context(request, form, refused)
    context["title"] = say("Create organization")
    status = refused.status if refused else 200
    return ask(request, "clients/organizations/new", context, status=status)


def _ask_edit(
    request: Any,
    organization: Organization,
    form: OrganizationForm,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    context = _form_context(request, form, refused)
    context |= {
        "organization": organization,
        "version": request.POST.get("version") or organization.version,
    }
    status = refused.status if refused else 200
    return render(request, "clients/organizations/edit.html", context, status=status)


def _ask_again(request: Any, current: Organization) -> HttpResponse:
    """The form after a clash: their changes filled in, mine kept, both shown where both changed."""
    values = values_of(current)
    kept, clashes = merged(request.POST, values)
    form = OrganizationForm(kept, initial=initial_of(values), is_new=False)
    events = Event.objects.filter(organization_id=current.pk)
    change = latest(events, ["organization.updated"], about=current.pk)
    context = _form_context(request, form, None) | {
        "organization": current,
        "version": current.version,
        "clashes": clashes,
        "is_stale": True,
        "other_name": change.actor_name if change else "",
    }
    return render(request, "clients/organizations/edit.html", context, status=409)


def _form_context(request: Any, form: OrganizationForm, refused: Refused | None) -> dict[str, Any]:
    """Wrong fields get their errors; warnings are kept as what the next press confirms."""
    warnings = refused.errors if isinstance(refused, NeedsConfirmation) else ()
    if refused is not None and not warnings:
        show_problems(form, refused)
    return {
        "form": form,
        "warnings": warnings,
        "confirm": sorted({*request.POST.getlist("confirm"), *(row.code for row in warnings)}),
        "needs_end_date": end_date_setting() == REQUIRED,
        "clashes": {},
    }


def _version(request: Any, organization: Organization) -> int:
    """The version the form was opened at; without one, nothing newer counts as seen."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else organization.version - 1
