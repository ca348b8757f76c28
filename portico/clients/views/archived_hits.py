"""What a search finds in the archive: a second group under a list, fetched after the page."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from portico.clients.actions.bulk import RECORDS
from portico.clients.choices import PropertySubject
from portico.clients.filters.lists import ARCHIVED
from portico.clients.views.arranging import FILTERS, LIST_VIEWS, arrange
from portico.kit.policies import Audience, page
from portico.ui.jinja import query
from portico.ui.pages import render
from portico.workspaces.choices import Permission

SHOWN = 5


@page("organizations.archived_hits", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def organization_hits(request: Any) -> HttpResponse:
    """The first archived organizations that fit the search."""
    return _answer(request, PropertySubject.ORGANIZATION)


@page("people.archived_hits", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def person_hits(request: Any) -> HttpResponse:
    """The first archived people that fit the search."""
    return _answer(request, PropertySubject.PERSON)


def _answer(request: Any, subject: PropertySubject) -> HttpResponse:
    parameters = {**arrange(request, subject).parameters, "state": ARCHIVED}
    chosen = FILTERS[subject].read(parameters, me=request.actor.user_id)
    rows = []
    if chosen.text:
        records = LIST_VIEWS[subject]
        found = chosen.of(RECORDS[records].objects.visible_to(request.actor))
        rows = list(found.order_by("name_key", "pk")[: SHOWN + 1])
    context = {
        "rows": rows[:SHOWN],
        "searched": chosen.text,
        "show_view": f"{LIST_VIEWS[subject]}.show",
        "all_url": query(request, state=ARCHIVED, cursor=None),
        "all_label": _("All archived hits") if len(rows) > SHOWN else _("Show in the archive"),
    }
    return render(request, "clients/archived_hits.html", context)
