"""The places of an organization: its tab, and the form to add or change one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.locations import (
    LOCATIONS,
    close_locations,
    create_location,
    reopen_locations,
    update_location,
)
from portico.clients.actions.tagging import tags_of
from portico.clients.forms.locations import LocationForm, values_of
from portico.clients.forms.problems import merged, show_problems
from portico.clients.models import Location, Organization
from portico.clients.querysets import LOCATION_ORDER
from portico.clients.views.answers import go_to, tell_saved
from portico.clients.views.organizations import find_organization, record_context
from portico.history.models import Event
from portico.history.reports import latest
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.pagination import keyset_page
from portico.kit.policies import Audience, page
from portico.ui.formats import format_date
from portico.ui.jinja import query
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.workspaces.choices import Permission

MANAGE = (Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A location as a row shows it; `map_url` leads away only where a position is known."""

    record: Location
    address: str
    tags: list[str]
    map_url: str
    closed_on: str


@page("organizations.locations", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def location_list(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """The open places of an organization, or the closed ones."""
    organization = find_organization(request.actor, id)
    is_closed = request.GET.get("state") == "closed"
    rows = Location.objects.visible_to(request.actor).filter(organization=organization)
    rows = rows.closed() if is_closed else rows.open()
    context = {
        **record_context(request, organization, current="locations"),
        **place_listing(request, rows, bound_to=f"{organization.pk} {is_closed}"),
        "is_closed": is_closed,
        "may_add": request.actor.may(*MANAGE) and organization.archived_at is None,
    }
    return render(request, "clients/locations/list.html", context)


@page("locations.new", Audience.AGENT, permissions=MANAGE, writes=True)
@once
def location_new(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Add a place; a name alone is enough."""
    organization = find_organization(request.actor, id)
    if request.method != "POST":
        return _ask(request, organization, LocationForm())
    form = LocationForm(request.POST)
    try:
        created = create_location(request.actor, id, form.fields_to_save())
    except Refused as refused:
        show_problems(form, refused)
        return _ask(request, organization, form, status=refused.status)
    undo_toast(request, _("%(name)s added.") % {"name": created.name})
    return go_to(request, reverse("organizations.locations", kwargs={"id": id}))


@page("locations.edit", Audience.AGENT, permissions=MANAGE, writes=True)
@once
def location_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Change a place; when somebody else saved first, both values are shown."""
    location = _find(request, id)
    organization = location.organization
    values = values_of(location)
    if request.method != "POST":
        form = LocationForm(initial=values)
        return _ask(request, organization, form, location=location)
    form = LocationForm(request.POST, initial=values)
    try:
        saved = update_location(
            request.actor, id, form.fields_to_save(), version=_version(request, location)
        )
    except Stale as stale:
        return _ask_again(request, stale.current)
    except Refused as refused:
        show_problems(form, refused)
        return _ask(request, organization, form, location=location, status=refused.status)
    tell_saved(request, saved.name, has_changed=saved.version != location.version)
    return go_to(request, reverse("organizations.locations", kwargs={"id": organization.pk}))


@page("locations.close", Audience.AGENT, permissions=MANAGE, writes=True, methods=("POST",))
def location_close(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Close a place at once; Undo stands in the toast."""
    location = _find(request, id)
    if close_locations(request.actor, Location.objects.filter(pk=id)):
        undo_toast(request, _("%(name)s closed.") % {"name": location.name})
    return go_to(
        request, reverse("organizations.locations", kwargs={"id": location.organization_id})
    )


@page("locations.reopen", Audience.AGENT, permissions=MANAGE, writes=True, methods=("POST",))
def location_reopen(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Open a closed place again."""
    location = _find(request, id)
    if reopen_locations(request.actor, Location.objects.filter(pk=id)):
        undo_toast(request, _("%(name)s reopened.") % {"name": location.name})
    return go_to(
        request, reverse("organizations.locations", kwargs={"id": location.organization_id})
    )


def places_of(locations: Any) -> list[Place]:
    """The locations as rows show them, with their tags in one query."""
    rows = list(locations)
    tags = tags_of(LOCATIONS, [row.pk for row in rows])
    return [
        Place(
            record=row,
            address=_address(row),
            tags=[tag.name for tag in tags[row.pk]],
            map_url="" if row.latitude is None else MAP.format(row.latitude, row.longitude),
            closed_on=format_date(row.archived_at),
        )
        for row in rows
    ]


def _address(location: Location) -> str:
    city = f"{location.address_postal_code} {location.address_city}".strip()
    street = ", ".join(location.address_street.splitlines())
    parts = (street, city, location.address_region, location.address_country)
    return ", ".join(part for part in parts if part)


def place_listing(request: Any, rows: Any, *, bound_to: str) -> dict[str, Any]:
    """One page of rows and the links to its neighbours; an outdated link shows the first."""
    cursor = request.GET.get("cursor") or None
    try:
        found = keyset_page(rows, LOCATION_ORDER, cursor=cursor, context=bound_to)
    except Refused:
        found = keyset_page(rows, LOCATION_ORDER, context=bound_to)
    return {
        "places": places_of(found.items),
        "previous_url": found.previous_cursor and query(request, cursor=found.previous_cursor),
        "next_url": found.next_cursor and query(request, cursor=found.next_cursor),
    }


def _find(request: Any, location_id: UUID) -> Location:
    rows = Location.objects.visible_to(request.actor).select_related("organization")
    found: Location | None = rows.filter(pk=location_id).first()
    if found is None:
        raise NotThere
    return found


def _ask(
    request: Any,
    organization: Organization,
    form: LocationForm,
    *,
    location: Location | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "location": location,
        "version": request.POST.get("version") or (location.version if location else ""),
        "clashes": {},
    }
    return render(request, "clients/locations/edit.html", context, status=status)


def _ask_again(request: Any, current: Location) -> HttpResponse:
    """The form after a clash: their changes filled in, mine kept, both shown where both changed."""
    values = values_of(current)
    kept, clashes = merged(request.POST, values)
    change = latest(Event.objects.all(), ["location.updated"], about=current.pk)
    context: dict[str, Any] = {
        "organization": current.organization,
        "form": LocationForm(kept, initial=values),
        "location": current,
        "version": current.version,
        "clashes": clashes,
        "is_stale": True,
        "other_name": change.actor_name if change else "",
    }
    return render(request, "clients/locations/edit.html", context, status=409)


def _version(request: Any, location: Location) -> int:
    """The version the form was opened at; without one, nothing newer counts as seen."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else location.version - 1
