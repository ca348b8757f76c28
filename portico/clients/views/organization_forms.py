"""Create and edit an organization."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.forms.organizations import (
    OrganizationForm,
    end_date_setting,
    initial_of,
    values_of,
)
from portico.clients.forms.problems import merged, show_problems
from portico.clients.models import Organization
from portico.clients.panels.new_organizations import Followed, following_fields_for
from portico.clients.views.additions import added_one, save_organizations
from portico.clients.views.answers import ask, go_on_editing_or_to, tell_saved
from portico.clients.views.lost import keeps_typed
from portico.clients.views.organizations import find_organization
from portico.history.models import Event
from portico.history.reports import latest
from portico.kit.errors import NeedsConfirmation, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.kit.signatures import lines_of
from portico.ui.pages import render
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.presets import REQUIRED

MANAGE = (Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)


@page("organizations.new", Audience.AGENT, permissions=MANAGE, writes=True)
@once
def organization_new(request: Any) -> HttpResponse:
    """Create an organization; a name alone is enough. Ends on the list, the new row first."""
    if request.method != "POST":
        typed = {"name": request.GET.get("name", "")}
        return _ask_new(request, _new_form(request, initial=typed))
    form = _new_form(request, request.POST)
    try:
        if names := lines_of(request.POST.get("names", "")):
            _refuse_followed(form)
            return save_organizations(request, names, fields=_shared_fields(form))
        created, followed = _create(request, form)
    except NeedsConfirmation as warned:
        return _ask_new(request, form, refused=warned)
    except Refused as refused:
        return _ask_new(request, form, refused=refused)
    address = f"{reverse('organizations.list')}?sort=-created_at&new={created.pk}"
    text = " ".join([say("%(name)s created.", name=created.name), *(row.text for row in followed)])
    links = tuple(link for row in followed for link in row.links)
    links += _next_steps(request, created)
    return added_one(request, text, address, links=links, is_undoable=not followed)


@page("organizations.edit", Audience.AGENT, permissions=MANAGE, writes=True)
@keeps_typed("organizations")
@once
def organization_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Change an organization; when somebody else saved first, both values are shown."""
    organization = find_organization(request.actor, id)
    if request.method != "POST":
        form = _edit_form(organization)
        return _ask_edit(request, organization, form)
    form = _edit_form(organization, request.POST)
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


def _new_form(request: Any, data: Any = None, **shown: Any) -> OrganizationForm:
    following = following_fields_for(request.actor)
    return OrganizationForm(data, is_new=True, following=following, **shown)


@transaction.atomic
def _create(request: Any, form: OrganizationForm) -> tuple[Organization, list[Followed]]:
    """The organization, and what the fields of other apps did for it; all or nothing."""
    confirm = request.POST.getlist("confirm")
    created = create_organization(request.actor, form.fields_to_save(), confirm=confirm)
    typed = form.followed
    followed = [
        field.action(request.actor, created, typed[field.name])
        for field in form.following
        if field.name in typed
    ]
    return created, followed


def _refuse_followed(form: OrganizationForm) -> None:
    """What follows a creation is about one; of several it would be a guess."""
    for name in form.followed:
        text = say("Leave this empty where you create several organizations at once.")
        raise Refused("only_for_one", text, field=name)


def _shared_fields(form: OrganizationForm) -> dict[str, Any]:
    """What each of several organizations gets besides its name."""
    return {
        name: value
        for name, value in form.fields_to_save().items()
        if name not in {"name", "reference"}
    }


def _next_steps(request: Any, created: Organization) -> tuple[tuple[str, str], ...]:
    """What comes next: somebody who works there (ui.md 2.1)."""
    if not request.actor.may(Permission.CREATE_CLIENTS) or not created.is_active:
        return ()
    return ((say("Add person"), f"{reverse('people.new')}?organization={created.pk}"),)


def _edit_form(organization: Organization, data: Any = None) -> OrganizationForm:
    initial = initial_of(values_of(organization))
    return OrganizationForm(data, initial=initial, is_new=False, organization=organization)


def _ask_new(
    request: Any, form: OrganizationForm, *, refused: Refused | None = None
) -> HttpResponse:
    context = _form_context(request, form, refused)
    context["title"] = say("New organization")
    context["names"] = request.POST.get("names", "")
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
    form = _edit_form(current, kept)
    events = Event.objects.filter(organization_id=current.pk)
    change = latest(events, ["organization.updated", "organization.archived"], about=current.pk)
    context = _form_context(request, form, None) | {
        "organization": current,
        "version": current.version,
        "clashes": clashes,
        "is_stale": True,
        "other_name": change.actor_name if change else "",
        "was_archived": change is not None and change.kind == "organization.archived",
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
