"""Pages that show organizations: the list, one organization, its people, its history."""

import functools
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from portico.clients.choices import MembershipStatus
from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.clients.forms.people import OFFERED
from portico.clients.models import Organization, Person, missing
from portico.clients.panels import (
    shown_organization_panels,
    shown_organization_tabs,
)
from portico.clients.querysets import sees_all
from portico.clients.reports import read_organization
from portico.clients.views.columns import PERSON_ALWAYS
from portico.clients.views.fields import organization_details, rows_of
from portico.clients.views.list_pages import member_columns
from portico.clients.views.lists import cut
from portico.clients.views.rows import member_rows, organization_mark
from portico.history.models import Event
from portico.history.reports import timeline
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.policies import Audience, page
from portico.kit.prepared import Prepared, Slot
from portico.kit.tenancy.scope import current_scope
from portico.ui.pages import render
from portico.workspaces.choices import Permission

PREVIEWED = 10
PREVIEW_READ = ("position", "last_active_at")
LOOKED_BACK = 20
UPDATED = "organization.updated"
# The tabs beside which the fields stand; the others give their room to a table.
WITH_DETAILS = {"show", "history"}


@page("organizations.show", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def organization_show(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Everything about one organization: facts, the first of its people, properties."""
    organization = find_organization(request.actor, id)
    context = {
        **record_context(request, organization, current="show"),
        "people": member_rows(request.actor, _preview(request.actor, organization)),
        "panels": shown_organization_panels(request.actor, organization),
    }
    return render(request, "clients/organizations/show.html", context)


def _members_visible_to(organization: Organization, actor: Actor) -> Any:
    return Person.objects.visible_to(actor).of_organization(organization.pk)


@page("organizations.people", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def organization_people(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """All people of one organization."""
    organization = find_organization(request.actor, id)
    chosen = PersonFilter.read(request.GET, me=request.actor.user_id)
    columns, fields = member_columns(request, chosen)
    listing = cut(
        request, functools.partial(_members_visible_to, organization), chosen, fields=fields
    )
    context = {
        **record_context(request, organization, current="people"),
        "chosen": chosen,
        "listing": listing,
        "rows": member_rows(request.actor, listing.rows, roles_in=organization.pk),
        "columns": columns,
        "edit_url": _cells_url(request.actor, organization),
        "may_add_existing": request.actor.may(Permission.EDIT_CLIENTS)
        and organization.archived_at is None
        and organization.is_active,
    }
    return render(request, "clients/organizations/people.html", context)


@page(
    "organizations.history",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.VIEW_HISTORY),
)
def organization_history(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """What happened to an organization and in it."""
    organization = find_organization(request.actor, id)
    before = request.GET.get("before", "")
    events = Event.objects.within(organization)
    context = {
        **record_context(request, organization, current="history"),
        "timeline": timeline(request.actor, events, about=organization.pk, before=before),
        "history_url": reverse("organizations.history", kwargs={"id": id}),
        "is_older": bool(before),
    }
    return render(request, "clients/organizations/history.html", context)


@page("organizations.choices", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def organization_choices(request: Any) -> HttpResponse:
    """Organizations a person can be put into, for the searchable field of a form."""
    text = OrganizationFilter.read(request.GET, me=request.actor.user_id).text
    rows = Organization.objects.visible_to(request.actor).assignable().search(text)
    found = rows.order_by("name_key", "pk").values_list("pk", "name", "reference")[:OFFERED]
    answer = [{"value": str(pk), "label": name, "hint": hint} for pk, name, hint in found]
    return JsonResponse(answer, safe=False)


def find_organization(actor: Any, organization_id: UUID) -> Organization:
    """The organization, or NotThere for what never was, is hidden, or belongs to somebody else."""
    organization = read_organization(actor, organization_id)
    if organization is None:
        raise missing(actor, Organization, organization_id)
    return organization


def record_context(request: Any, organization: Organization, *, current: str) -> dict[str, Any]:
    """What every tab of an organization shows: head, tabs, banner, menu, properties."""
    actor = request.actor
    today = today_in(current_scope().time_zone)
    may_edit = actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    is_ended = organization.membership_status(today) is MembershipStatus.ENDED
    details = organization_details(actor, organization) if current in WITH_DETAILS else []
    return {
        "organization": organization,
        "mark": organization_mark(organization, today),
        "is_ended": is_ended,
        "record_tabs": shown_organization_tabs(actor, organization, current),
        "change": _change(organization, is_ended=is_ended),
        "may_edit": may_edit,
        "details": rows_of("organizations", organization, details=details, may_edit=may_edit),
        "may_archive": _may_archive(actor),
        "may_add_person": actor.may(Permission.CREATE_CLIENTS)
        and organization.archived_at is None
        and organization.is_active,
    }


def _change(organization: Organization, *, is_ended: bool) -> dict[str, Event | None]:
    """Who brought about the state that the banner tells; asked only where there is a banner."""
    if organization.archived_at is None and organization.is_active and not is_ended:
        return {}
    events = Event.objects.filter(subject_id=organization.pk)
    newest = list(events.defer("reversal").order_by("-id")[:LOOKED_BACK])
    return {
        "archived": _who(newest, "organization.archived") if organization.archived_at else None,
        "deactivated": None if organization.is_active else _who(newest, UPDATED, field="is_active"),
        "ended": _who(newest, UPDATED, field="membership_end_date") if is_ended else None,
    }


def _who(newest: Sequence[Event], kind: str, *, field: str = "") -> Event | None:
    """The newest event of this kind (that changed this field), as far back as was looked."""
    told = (event for event in newest if event.kind == kind)
    return next((event for event in told if not field or field in event.changes), None)


@functools.cache
def _first_people(*, of_archived: bool) -> Prepared[Person]:
    """The first people as the counter counts them; of an archived one, those archived with it."""

    def build() -> Any:
        people = Person.objects.unmerged().of_organization(Slot("organization"))
        shown = people if of_archived else people.active()
        return shown.only(*PERSON_ALWAYS, *PREVIEW_READ).order_by("name_key", "pk")[:PREVIEWED]

    return Prepared(build)


def _preview(actor: Actor, organization: Organization) -> list[Person]:
    if not sees_all(actor):
        return []
    kept = _first_people(of_archived=organization.archived_at is not None)
    return kept.ask(organization=organization.pk)


def _cells_url(actor: Any, organization: Organization) -> str:
    """Where the small forms of the cells come from; roles are those held in this organization."""
    if not actor.may(Permission.EDIT_CLIENTS):
        return ""
    return f"{reverse('people.list')}{{id}}/fields/{{field}}/?organization={organization.pk}"


def _may_archive(actor: Any) -> bool:
    return bool(actor.may(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS))
