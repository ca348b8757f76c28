"""The tab of an organization on which services are switched on and off."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.catalog.actions.subscriptions import end_subscription, subscribe_organization
from portico.catalog.models import Service
from portico.catalog.reports import SERVICES, Offer, askers_of, services_of_organization
from portico.clients.models import Organization
from portico.clients.views.organizations import find_organization, record_context
from portico.kit.errors import NotThere
from portico.kit.ids import parse_id
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission


@page(
    "organizations.services",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS,),
    module=SERVICES,
)
def organization_services(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Each service with its switch, and who can ask for it."""
    organization = find_organization(request.actor, id)
    askers = askers_of(organization)
    offers = services_of_organization(organization)
    context = {
        **record_context(request, organization, current="services"),
        "offers": [{"offer": row, "text": words_of(row, askers)} for row in offers],
        "may_switch": organization.archived_at is None
        and request.actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS),
        "may_set_up": request.actor.may(Permission.MANAGE_SERVICES),
    }
    return render(request, "catalog/services/organization.html", context)


@page(
    "organizations.switch_service",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    module=SERVICES,
    writes=True,
    methods=("POST",),
)
def organization_switch_service(request: Any, id: UUID) -> HttpResponse:  # noqa: A002
    """Let the organization ask for one service from now on, or no longer; twice is as once."""
    organization = find_organization(request.actor, id)
    service = Service.objects.filter(pk=parse_id(request.POST.get("service", ""))).first()
    if service is None:
        raise NotThere
    offer = next(
        (row for row in services_of_organization(organization) if row.service == service), None
    )
    subscription = offer.subscription if offer else None
    is_on = request.POST.get("on") == "1"
    if is_on and subscription is None:
        subscribe_organization(request.actor, organization.pk, service.pk)
        _tell(request, organization, service)
    elif not is_on and subscription is not None:
        end_subscription(request.actor, subscription.pk)
        _tell(request, organization, service)
    return HttpResponseRedirect(reverse("organizations.services", kwargs={"id": id}))


def words_of(offer: Offer, askers: int) -> str:
    """What stands under a switch: how many people can now ask, or why nobody can."""
    if not offer.decision.is_allowed:
        return offer.decision.sentence
    if not askers:
        return say("No person here has a role that lets them ask.")
    name = offer.service.name
    return say_n(
        "%(n)s person can now ask for %(name)s",
        "%(n)s people can now ask for %(name)s",
        askers,
        name=name,
    )


def _tell(request: Any, organization: Organization, service: Service) -> None:
    offers = services_of_organization(organization)
    offer = next((row for row in offers if row.service == service), None)
    if offer is None or not offer.decision.is_allowed:
        text = _("%(name)s is switched off.") % {"name": service.name}
    else:
        askers = askers_of(organization)
        text = words_of(offer, askers)
        if not askers:
            text = _("%(name)s is switched on.") % {"name": service.name} + f" {text}"
    undo_toast(request, text)
