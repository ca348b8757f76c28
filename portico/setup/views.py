"""First run, and the example data."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.accounts.models import User
from portico.accounts.passwords import LengthValidator, minimum_length
from portico.kit.errors import NotThere, Refused
from portico.kit.form_tokens import FIELD, once
from portico.kit.policies import Audience, page
from portico.kit.tenancy.scope import open_scope
from portico.setup.actions import (
    WorkspaceDraft,
    create_example_data,
    remove_example_data,
    set_up_workspace,
)
from portico.setup.forms import FirstRunForm
from portico.setup.links import is_first_run_token
from portico.setup.reports import example_data, owner_of_form
from portico.ui.pages import render
from portico.workspaces.choices import Permission
from portico.workspaces.context import scope_of, workspace_for_host
from portico.workspaces.models import Workspace
from portico.workspaces.reports import preset_cards

CREATING = (Permission.MANAGE_CLIENT_ORGANIZATIONS, Permission.CREATE_CLIENTS)


@page(
    "setup.first_run",
    Audience.PUBLIC,
    writes=True,
    why="There is nobody yet who could sign in; the link's token is the proof.",
)
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """The form that makes the first workspace; gone as soon as there is one."""
    if not is_first_run_token(token):
        raise NotThere
    if Workspace.objects.exists():
        return _again(request)
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _set_up(request, form)
    context = {
        "form": form,
        "cards": preset_cards(),
        "password_rule": LengthValidator().get_help_text(),
        "password_minimum": minimum_length(),
    }
    return render(request, "setup/first_run.html", context, status=422 if form.errors else 200)


@page("example_data.add", Audience.AGENT, permissions=CREATING, writes=True, methods=("POST",))
@once
def add_example_data(request: Any) -> HttpResponse:
    """Add the invented records."""
    create_example_data(request.actor)
    return HttpResponseRedirect("/")


@page("example_data.remove", Audience.AGENT, permissions=CREATING, writes=True)
@once
def remove_example_data_page(request: Any) -> HttpResponse:
    """Ask, then remove the invented records; what was touched since stays and is listed."""
    found = example_data()
    if found is None:
        raise NotThere
    if request.method != "POST":
        return render(request, "setup/remove_example_data.html", {"found": found})
    undone = remove_example_data(request.actor)
    if undone is None or not undone.kept:
        return HttpResponseRedirect("/")
    return render(request, "setup/example_data_removed.html", {"undone": undone})


def _set_up(request: Any, form: FirstRunForm) -> HttpResponse:
    """Make the workspace and sign its owner in; the password is hashed before the write lock."""
    typed = form.cleaned_data
    draft = WorkspaceDraft(
        name=typed["workspace"],
        preset=typed["preset"],
        time_zone=typed["time_zone"],
        owner_name=typed["name"],
        owner_email=typed["email"],
        password=make_password(typed["password"]),
        has_example_data=typed["example_data"],
    )
    try:
        workspace, owner = set_up_workspace(draft, form_token=request.POST.get(FIELD, ""))
    except Refused as refused:
        if refused.code != "hostname_needed":
            raise
        return _again(request)
    _enter(request, workspace)
    return _signed_in(request, owner)


def _again(request: Any) -> HttpResponse:
    """There is a workspace: the same form sent twice signs in, another one is told."""
    if request.method != "POST":
        raise NotThere
    workspace = workspace_for_host("")
    if workspace is None:
        raise NotThere
    with open_scope(scope_of(workspace)):
        owner = owner_of_form(request.POST.get(FIELD, ""))
        is_same = owner is not None and owner.check_password(request.POST.get("password", ""))
    if owner is None or not is_same:
        return render(request, "setup/taken.html", {"name": workspace.name}, status=409)
    _enter(request, workspace)
    return _signed_in(request, owner)


def _enter(request: Any, workspace: Workspace) -> None:
    """Go on inside the workspace, unless the request began inside it already."""
    if request.workspace is None:
        request.workspace = workspace
        request.opened.enter_context(open_scope(scope_of(workspace)))


def _signed_in(request: HttpRequest, owner: User) -> HttpResponse:
    answer: HttpResponse = perform_login(
        request, owner, email_verification="none", email=owner.email, redirect_url="/"
    )
    return answer
