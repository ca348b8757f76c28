"""Pages of the portal."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.clients.choices import ClientPermission
from portico.clients.models import Location, Organization
from portico.clients.views.locations import place_listing
from portico.kit.errors import NotThere
from portico.kit.ids import parse_id
from portico.kit.policies import Audience, page
from portico.kit.tenancy.scope import current_scope
from portico.portal.reports import (
    contact_of,
    ended_organization_id,
    greeting,
    membership_notice,
    open_organizations,
    services_block,
)
from portico.ui.pages import render
from portico.workspaces.middleware import CHOSEN_ORGANIZATION


@page("portal.home", Audience.PERSON)
def home(request: Any) -> HttpResponse:
    """A greeting, where the reader belongs, and whom they may turn to."""
    actor = request.actor
    organization = Organization.objects.visible_to(actor).first()
    context = {
        "greeting": greeting(request.user),
        "organization": organization,
        "contact": contact_of(request.user, actor.organization_id),
        "notice": membership_notice(organization),
        "services": services_block(request.user, actor),
    }
    return render(request, "portal/home.html", context)


@page("portal.locations", Audience.PERSON, permissions=(ClientPermission.VIEW_LOCATIONS,))
def locations(request: Any) -> HttpResponse:
    """The open places of the organization the reader acts in."""
    actor = request.actor
    rows = Location.objects.visible_to(actor).open()
    context = place_listing(request, rows, bound_to=f"portal {actor.organization_id}")
    return render(request, "portal/locations.html", context)


@page(
    "portal.organization",
    Audience.PERSON,
    writes=True,
    own_account=True,
    methods=("POST",),
)
def choose_organization(request: Any) -> HttpResponse:
    """Act in another of one's open organizations from now on; kept in the session."""
    chosen = parse_id(request.POST.get("organization", ""))
    if chosen not in {row.organization_id for row in open_organizations(request.user)}:
        raise NotThere
    request.session[CHOSEN_ORGANIZATION] = str(chosen)
    return HttpResponseRedirect(reverse("portal.home"))


@page("portal.closed", Audience.ENDED)
def closed(request: Any) -> HttpResponse:
    """The one page behind an ended membership: why, whom to ask, sign out."""
    if request.refusal is None:
        return HttpResponseRedirect("/")
    context = {
        "reason": request.refusal.reason,
        "contact": contact_of(request.user, ended_organization_id(request.user)),
        "workspace_name": current_scope().name,
    }
    return render(request, "portal/closed.html", context)
