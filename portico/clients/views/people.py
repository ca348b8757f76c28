"""Pages that show people: the list, one person, their history."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.models import Person, missing
from portico.clients.panels import marks_of, shown_person_panels
from portico.clients.reports import belongings_of, read_person
from portico.clients.views.fields import person_details, rows_of
from portico.clients.views.rows import person_mark
from portico.history.models import Event
from portico.history.reports import VIEW_HISTORY, latest, timeline
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.workspaces.choices import Permission


@page("people.show", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def person_show(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """One person: facts, organizations and roles, sign-in."""
    person = find_person(request.actor, id)
    context = person_context(request, person, current="show")
    return render(request, "clients/people/show.html", context)


@page(
    "people.history",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.VIEW_HISTORY),
)
def person_history(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """What happened to a person."""
    person = find_person(request.actor, id)
    before = request.GET.get("before", "")
    events = Event.objects.about(person)
    context = {
        **person_context(request, person, current="history"),
        "timeline": timeline(request.actor, events, about=person.pk, before=before),
        "history_url": reverse("people.history", kwargs={"id": id}),
        "is_older": bool(before),
    }
    return render(request, "clients/people/history.html", context)


def find_person(actor: Any, person_id: UUID) -> Person:
    """The person, or NotThere."""
    person = read_person(actor, person_id)
    if person is None:
        raise missing(actor, Person, person_id)
    return person


def person_context(request: Any, person: Person, *, current: str) -> dict[str, Any]:
    """What every tab of a person shows: head, tabs, banners, cards, menu, properties."""
    actor = request.actor
    is_archived = person.archived_at is not None
    may_edit = actor.may(Permission.EDIT_CLIENTS)
    return {
        "person": person,
        "mark": person_mark(person) or marks_of(actor, [person]).get(person.pk),
        "record_tabs": _record_tabs(actor, person, current),
        "memberships": belongings_of(person),
        "archiving": _archiving(person),
        "details": rows_of(
            "people", person, details=person_details(actor, person), may_edit=may_edit
        ),
        "panels": [] if is_archived else shown_person_panels(actor, person),
        "may_edit": may_edit,
        "may_archive": actor.may(Permission.DELETE_CLIENTS) and person.erased_at is None,
    }


def _record_tabs(actor: Any, person: Person, current: str) -> list[dict[str, Any]]:
    tabs = [{"label": _("Overview"), "view": "show"}]
    if actor.may(VIEW_HISTORY):
        tabs.append({"label": _("History"), "view": "history"})
    return [
        {
            **tab,
            "url": reverse(f"people.{tab['view']}", kwargs={"id": person.pk}),
            "current": tab["view"] == current,
        }
        for tab in tabs
    ]


def _archiving(person: Person) -> Event | None:
    """Who archived them; asked only when they are archived."""
    if person.archived_at is None:
        return None
    return latest(Event.objects.all(), ["person.archived"], about=person.pk)
