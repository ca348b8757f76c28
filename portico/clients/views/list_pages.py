"""The two lists: find, arrange, act on many."""

from collections.abc import Container
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.bulk import RECORDS
from portico.clients.choices import PropertySubject
from portico.clients.filters import PersonFilter, filters_of
from portico.clients.panels import shown_list_links
from portico.clients.panels.row_acts import organization_links_of, row_acts_of
from portico.clients.views.arranging import LIST_VIEWS, Arranged, arrange, arrangement_context
from portico.clients.views.bulk import shown_verbs
from portico.clients.views.columns import (
    ROLES,
    chosen_columns,
    default_names,
    fields_read,
    head_cells,
)
from portico.clients.views.emptiness import emptiness_of
from portico.clients.views.lists import Listing, cut
from portico.clients.views.rows import is_ended, organization_rows, person_rows
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.workspaces.choices import Permission
from portico.workspaces.limits import people_hint
from portico.workspaces.presets import uses_membership_ends

_ARCHIVING = {
    "organizations": (Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    "people": (Permission.DELETE_CLIENTS,),
}


@page("organizations.list", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def organization_list(request: Any) -> HttpResponse:
    """Find organizations, see which need attention, act on many."""
    actor = request.actor
    arranged = arrange(request, PropertySubject.ORGANIZATION)
    visible = arranged.chosen.visible_to
    listing = cut(request, visible, arranged.chosen, fields=arranged.fields, is_whole=True)
    context = {
        **_context(request, arranged, listing),
        **_editing("organizations", may=actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS)),
        "rows": _organization_rows(actor, listing, shows=arranged.shows),
        "statuses": _organization_statuses(),
        "may_create": actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS),
    }
    return render(request, "clients/organizations/list.html", context)


@page("people.list", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def person_list(request: Any) -> HttpResponse:
    """Find people across organizations, act on many."""
    actor = request.actor
    arranged = arrange(request, PropertySubject.PERSON)
    visible = arranged.chosen.visible_to
    listing = cut(request, visible, arranged.chosen, fields=arranged.fields, is_whole=True)
    context = {
        **_context(request, arranged, listing),
        **_editing("people", may=actor.may(Permission.EDIT_CLIENTS)),
        "rows": person_rows(actor, listing.rows, arranged.shows),
        "row_acts": row_acts_of(
            actor,
            listing.rows,
            narrowed_by=_narrowed(arranged),
        ),
        "statuses": _person_statuses(),
        "organization_id": _organization_id(arranged),
        "may_create": actor.may(Permission.CREATE_CLIENTS),
        "limit_hint": people_hint() if actor.may(Permission.CREATE_CLIENTS) else "",
    }
    return render(request, "clients/people/list.html", context)


def _context(request: Any, arranged: Arranged, listing: Listing) -> dict[str, Any]:
    chosen = arranged.chosen
    records = LIST_VIEWS[arranged.subject]
    verbs = shown_verbs(
        request.actor,
        records,
        is_archived=chosen.is_archived,
        narrowed=_narrowed(arranged),
    )
    may_archive = request.actor.may(*_ARCHIVING[records])
    is_empty = _is_empty_workspace(request.actor, arranged, listing)
    return {
        **arrangement_context(request, arranged),
        "listing": listing,
        "emptiness": None
        if listing.rows
        else emptiness_of(request, arranged, is_empty_workspace=is_empty),
        "new_id": request.GET.get("new", ""),
        "is_empty_workspace": is_empty,
        "list_links": shown_list_links(
            request.actor, records, filters=filters_of(arranged.parameters) | _columns_of(arranged)
        ),
        "verbs": verbs,
        "may_archive": may_archive,
        "may_select": may_archive or bool(verbs),
    }


def _columns_of(arranged: Arranged) -> dict[str, str]:
    """The columns, where the address or the view arranged them."""
    saved = arranged.current.columns if arranged.current is not None else ()
    named = arranged.parameters.get("columns") or ",".join(saved)
    return {"columns": named} if named else {}


def _narrowed(arranged: Arranged) -> dict[str, Any]:
    """The fields by which the list is narrowed, and to what."""
    return {found.field.name: found.value for found in arranged.chosen.conditions}


def _organization_rows(
    actor: Any, listing: Listing, *, shows: Container[str]
) -> list[dict[str, Any]]:
    """The rows; beside Edit with what other apps offer at those whose people may sign in."""
    rows = organization_rows(listing.rows, shows)
    if "edit" not in shows:
        return rows
    open_ones = [
        row["record"]
        for row in rows
        if row["record"].is_active and row["record"].archived_at is None and not is_ended(row)
    ]
    links = organization_links_of(actor, open_ones)
    for row in rows:
        row["links"] = links.get(row["record"].pk, ())
    return rows


def _editing(view: str, *, may: bool) -> dict[str, Any]:
    """Where the small forms of the cells come from; nowhere for who only looks."""
    address = reverse(f"{view}.list") + "{id}/fields/{field}/"
    return {"may_edit": may, "edit_url": address if may else ""}


def _organization_id(arranged: Arranged) -> Any:
    chosen = arranged.chosen
    return chosen.organization_id if isinstance(chosen, PersonFilter) else None


def member_columns(request: Any, chosen: PersonFilter) -> tuple[list[dict[str, Any]], list[str]]:
    """The columns of people on their organization's own page, and the fields these read."""
    usual = default_names(PropertySubject.PERSON)
    names = [name for name in usual if name not in {"organization", ROLES}]
    names.insert(names.index("status"), ROLES)
    columns = chosen_columns(PropertySubject.PERSON, names)
    fields = fields_read(PropertySubject.PERSON, columns, order=chosen.order)
    return head_cells(request, columns, chosen.sort), fields


def _organization_statuses() -> list[tuple[str, str]]:
    ends = [("ending", _("Ending in 30 days")), ("ended", _("Ended"))]
    return [
        ("", _("Any status")),
        ("active", _("Active")),
        ("inactive", _("Inactive")),
        *(ends if uses_membership_ends() else []),
    ]


def _person_statuses() -> list[tuple[str, str]]:
    return [
        ("", _("Any status")),
        ("enabled", _("Sign-in not disabled")),
        ("disabled", _("Disabled")),
    ]


def _is_empty_workspace(actor: Any, arranged: Arranged, listing: Listing) -> bool:
    """Whether there is nothing yet, not even in the archive; asked only where nothing is shown."""
    chosen = arranged.chosen
    if listing.rows or chosen.is_narrowed or chosen.is_archived:
        return False
    return not RECORDS[LIST_VIEWS[arranged.subject]].objects.visible_to(actor).exists()
