"""Invite several people into one organization at once, from its row or its page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.models import Organization
from portico.clients.views.answers import ask, go_to
from portico.clients.views.organizations import find_organization
from portico.invitations.actions.addresses import invite_addresses, result_of, sort_addresses
from portico.invitations.forms import InviteAddressesForm, show_problems
from portico.invitations.panels import client_role_choices
from portico.invitations.reports import not_sent, way_to_links
from portico.kit.errors import Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.kit.tenancy.scope import current_scope
from portico.ui.pages import render
from portico.ui.toasts import link_toast
from portico.ui.words import say
from portico.workspaces.choices import Permission

INVITE = (Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS)


@page("organizations.invite", Audience.AGENT, permissions=INVITE, writes=True)
@once
def organization_invite(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Send invitations to several addresses; who is new is created on the way."""
    organization = find_organization(request.actor, id)
    roles = client_role_choices()
    if request.method != "POST":
        return _ask(request, organization, InviteAddressesForm(roles=roles))
    form = InviteAddressesForm(request.POST, roles=roles)
    if not form.is_valid():
        return _ask(request, organization, form, status=422)
    try:
        done = invite_addresses(request.actor, id, form.texts, role_ids=form.role_ids)
    except Refused as refused:
        show_problems(form, refused)
        return _ask(request, organization, form, status=refused.status)
    # Without Undo: who was invited is no longer untouched (see `undo_creation`).
    told = [result_of(done, organization, role=form.role_name), not_sent()]
    link_toast(request, " ".join(filter(None, told)), way_to_links())
    return go_to(request, _back(request, organization))


@page(
    "organizations.check_addresses",
    Audience.AGENT,
    permissions=INVITE,
    writes=True,
    methods=("POST",),
)
def addresses_check(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """What would become of each address; sends and saves nothing. By POST: see `people_read`."""
    organization = find_organization(request.actor, id)
    form = InviteAddressesForm(request.POST, roles=client_role_choices())
    context: dict[str, Any] = {"addresses": [], "problem": ""}
    try:
        context["addresses"] = sort_addresses(request.actor, organization, form.texts)
    except Refused as refused:
        context["problem"] = refused.detail
    return render(request, "invitations/addresses.html", context)


def _ask(
    request: Any, organization: Organization, form: InviteAddressesForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "organization": organization,
        "title": say("Invite people to %(name)s", name=organization.name),
        "back": _back(request, organization),
        "has_roles": current_scope().settings["role_in_invitation"],
        "default_role": current_scope().settings["default_client_role"] or _("No role"),
    }
    return ask(request, "invitations/organization_invite", context, status=status)


def _back(request: Any, organization: Organization) -> str:
    """To the page over which the dialog stood, else to who belongs there."""
    below: str | None = request.htmx.current_url_abs_path if request.htmx else None
    return below or reverse("organizations.people", kwargs={"id": organization.pk})
