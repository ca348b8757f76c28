"""The page that asks for the format and starts an export."""

from typing import Any, cast

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.clients.filters.saved import with_view
from portico.clients.models import Organization, Person
from portico.kit.errors import NotThere
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.transfers.actions.exports import Format, filter_of, start_export
from portico.transfers.choices import PROPERTY_SUBJECTS
from portico.transfers.filters import COLUMNS, SHOWN, shown_headings
from portico.transfers.reading.fields import Kind
from portico.ui.pages import render
from portico.workspaces.choices import Permission

KIND = "kind"


@page(
    "exports.new",
    Audience.AGENT,
    permissions=(Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS),
    writes=True,
)
@once
def export_new(request: Any) -> HttpResponse:
    """Which format and columns; the address carries how the list was arranged."""
    kind = request.GET.get(KIND, "people")
    if kind not in {"people", "organizations"}:
        raise NotThere
    kind = cast("Kind", kind)
    query = {name: text for name, text in request.GET.items() if name != KIND}
    filters = with_view(request.actor, PROPERTY_SUBJECTS[kind], query)
    if request.method == "POST":
        form = cast("Format", request.POST.get("format", "csv"))
        is_shown = request.POST.get(COLUMNS) == SHOWN
        headings = shown_headings(request.actor, kind, query) if is_shown else ()
        operation = start_export(request.actor, kind, filters=filters, form=form, headings=headings)
        address = reverse("operations.show", kwargs={"operation_id": operation.pk})
        return HttpResponseRedirect(address)
    model = Person if kind == "people" else Organization
    chosen = filter_of(kind, filters, me=request.actor.user_id)
    context = {
        "kind": kind,
        "count": chosen.of(model.objects.visible_to(request.actor)).count(),
        "is_narrowed": chosen.is_narrowed,
        "address": request.get_full_path(),
    }
    return render(request, "transfers/exports/new.html", context)
