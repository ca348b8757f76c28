"""Set services up: list, create, edit, switch off and on."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.catalog.actions.services import create_service, update_service
from portico.catalog.forms import ServiceForm, values_of
from portico.catalog.models import Service
from portico.catalog.querysets import SERVICE_ORDERS
from portico.catalog.reports import SERVICES
from portico.clients.forms.problems import merged
from portico.clients.views.answers import ask, go_to, tell_saved
from portico.kit.dates import today_in
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.pagination import keyset_page
from portico.kit.policies import Audience, page
from portico.kit.tenancy.scope import current_scope
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.workspaces.choices import Permission

MANAGING = (Permission.MANAGE_SERVICES,)


@page("services.list", Audience.AGENT, permissions=MANAGING, module=SERVICES)
def service_list(request: Any) -> HttpResponse:
    """What the workspace offers, and to how many."""
    today = today_in(current_scope().time_zone)
    rows = Service.objects.visible_to(request.actor).with_subscribers(today)
    cut = keyset_page(rows, SERVICE_ORDERS["name"], cursor=request.GET.get("cursor"))
    context = {
        "services": cut.items,
        "next_url": f"?cursor={cut.next_cursor}" if cut.next_cursor else None,
        "previous_url": f"?cursor={cut.previous_cursor}" if cut.previous_cursor else None,
        "columns": [
            {"label": _("Name"), "kind": "name"},
            {"label": _("Offered to"), "kind": "wide"},
            {"label": _("Status"), "kind": "status"},
            {"label": _("Actions"), "kind": "actions"},
        ],
    }
    return render(request, "catalog/services/list.html", context)


@page("services.new", Audience.AGENT, permissions=MANAGING, module=SERVICES, writes=True)
@once
def service_new(request: Any) -> HttpResponse:
    """Add a service."""
    if request.method != "POST":
        return _ask_new(request, ServiceForm(initial={"is_active": True}))
    form = ServiceForm(request.POST)
    try:
        service = create_service(request.actor, form.fields_to_save())
    except Refused as refused:
        form.show(refused)
        return _ask_new(request, form, status=refused.status)
    undo_toast(request, _("%(name)s created.") % {"name": service.name})
    return go_to(request, reverse("services.list"))


@page("services.edit", Audience.AGENT, permissions=MANAGING, module=SERVICES, writes=True)
@once
def service_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Change a service; when somebody else saved first, both values are shown."""
    service = _found(request, id)
    values = values_of(service)
    if request.method != "POST":
        return _ask_edit(request, service, ServiceForm(initial=values))
    form = ServiceForm(request.POST, initial=values)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
    try:
        saved = update_service(request.actor, id, form.fields_to_save(), version=version)
    except Stale as stale:
        return _ask_again(request, stale.current)
    except Refused as refused:
        form.show(refused)
        return _ask_edit(request, service, form, status=refused.status)
    tell_saved(request, saved.name, has_changed=saved.version != service.version)
    return go_to(request, reverse("services.list"))


@page(
    "services.switch",
    Audience.AGENT,
    permissions=MANAGING,
    module=SERVICES,
    writes=True,
    methods=("POST",),
)
def service_switch(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Take a service out of every portal, or back in."""
    is_active = request.POST.get("on") == "1"
    before = _found(request, id)
    service = update_service(request.actor, id, {"is_active": is_active})
    if service.version != before.version:
        text = _("%(name)s activated.") if is_active else _("%(name)s deactivated.")
        undo_toast(request, text % {"name": service.name})
    return HttpResponseRedirect(reverse("services.list"))


def _ask_new(request: Any, form: ServiceForm, *, status: int = 200) -> HttpResponse:
    return ask(request, "catalog/services/new", {"form": form}, status=status)


def _ask_edit(
    request: Any, service: Service, form: ServiceForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "service": service,
        "version": request.POST.get("version") or service.version,
        "clashes": {},
    }
    return render(request, "catalog/services/edit.html", context, status=status)


def _ask_again(request: Any, current: Service) -> HttpResponse:
    """The form after a clash: what only the other changed is filled in."""
    kept, clashes = merged(request.POST, values_of(current))
    context = {
        "form": ServiceForm(kept, initial=values_of(current)),
        "service": current,
        "version": current.version,
        "clashes": clashes,
        "is_stale": True,
    }
    return render(request, "catalog/services/edit.html", context, status=409)


def _found(request: Any, service_id: UUID) -> Service:
    found: Service | None = Service.objects.visible_to(request.actor).filter(pk=service_id).first()
    if found is None:
        raise NotThere
    return found
