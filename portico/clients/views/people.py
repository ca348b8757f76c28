"""Pages that show people: the list, one person, their history."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.filters import PersonFilter
from portico.clients.models import Membership, Organization, Person
from portico.clients.panels import (
    PERSON_LABELS,
    marks_of,
    shown_list_links,
    shown_person_panels,
)
from portico.clients.views.lists import cut, sort_column
from portico.clients.views.rows import person_mark, person_rows
from portico.history.models import Event
from portico.history.reports import VIEW_HISTORY, latest, timeline
from portico.kit.errors import NotThere
from portico.kit.policies import Audience, page
from portico.kit.tenancy.scope import current_scope
from portico.ui.pages import render
from portico.ui.words import say
from portico.workspaces.choices import Permission, Preset

PERSON_COLUMNS_READ = (
    *("id", "workspace_id", "kind", "name", "name_key", "email", "email_key", "position"),
    *("is_disabled", "archived_at", "last_active_at", "created_at", "version"),
)


@page("people.list", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def person_list(request: Any) -> HttpResponse:
    """Find people across organizations, act on many."""
    chosen = PersonFilter.read(request.GET, me=request.actor.user_id)
    visible = Person.objects.visible_to(request.actor)
    listing = cut(request, chosen.of(visible).only(*PERSON_COLUMNS_READ), chosen)
    actor = request.actor
    context = {
        "chosen": chosen,
        "listing": listing,
        "rows": person_rows(actor, listing.rows),
        "columns": person_columns(request, chosen.sort),
        "organization_name": _organization_name(actor, chosen.organization_id),
        "statuses": _statuses(),
        "is_empty_workspace": not listing.rows
        and not chosen.is_narrowed
        and not chosen.is_archived,
        "may_create": actor.may(Permission.CREATE_CLIENTS),
        "may_edit": actor.may(Permission.EDIT_CLIENTS),
        "may_archive": actor.may(Permission.DELETE_CLIENTS),
        "list_links": shown_list_links(actor),
    }
    return render(request, "clients/people/list.html", context)


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
    person: Person | None = Person.objects.visible_to(actor).filter(pk=person_id).first()
    if person is None:
        raise NotThere
    return person


def person_context(request: Any, person: Person, *, current: str) -> dict[str, Any]:
    """What every tab of a person shows: head, tabs, banners, cards, menu, properties."""
    actor = request.actor
    is_archived = person.archived_at is not None
    return {
        "person": person,
        "mark": person_mark(person) or marks_of(actor, [person]).get(person.pk),
        "record_tabs": _record_tabs(actor, person, current),
        "memberships": _memberships(person),
        "archiving": _archiving(person),
        "panels": [] if is_archived else shown_person_panels(actor, person),
        "position_label": PERSON_LABELS["position"](),
        "may_edit": actor.may(Permission.EDIT_CLIENTS),
        "may_archive": actor.may(Permission.DELETE_CLIENTS) and person.erased_at is None,
    }


def person_columns(request: Any, sort: str) -> list[dict[str, Any]]:
    """The columns of this preset; the support desk knows people by their address (S3.17)."""
    name = sort_column(request, "name", label=_("Name"), kind="name", sort=sort)
    email = sort_column(request, "email", label=_("E-mail"), kind="wide", sort=sort)
    if current_scope().preset == Preset.SUPPORT_DESK:
        name["kind"], email["kind"] = "wide", "name"
        name, email = email, name
    return [
        name,
        email,
        sort_column(request, "organization", label=say("Organization"), kind="person"),
        sort_column(request, "position", label=PERSON_LABELS["position"](), kind="person"),
        sort_column(request, "status", label=_("Status"), kind="status"),
        sort_column(request, "last_active_at", label=_("Last active"), kind="time", sort=sort),
    ]


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


def _memberships(person: Person) -> list[Membership]:
    """Where the person belongs, primary first, with the roles held there."""
    rows = Membership.objects.filter(person_id=person.pk).select_related("organization")
    with_roles = rows.prefetch_related("role_assignments__role")
    return list(with_roles.order_by("-is_primary", "pk"))


def _archiving(person: Person) -> Event | None:
    if person.archived_at is None:
        return None
    return latest(Event.objects.all(), ["person.archived"], about=person.pk)


def _organization_name(actor: Any, organization_id: UUID | None) -> str:
    if organization_id is None:
        return ""
    rows = Organization.objects.visible_to(actor).filter(pk=organization_id)
    return rows.values_list("name", flat=True).first() or ""


def _statuses() -> list[tuple[str, str]]:
    return [
        ("", _("Any status")),
        ("enabled", _("Sign-in not disabled")),
        ("disabled", _("Disabled")),
    ]
