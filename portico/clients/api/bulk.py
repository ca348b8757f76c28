"""Change many organizations or people in one way: at once, above 500 as an operation."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from portico.clients.actions.bulk import RECORDS, apply, start_bulk_change
from portico.clients.choices import BACKGROUND_FROM
from portico.clients.filters import organizations_meant, people_meant
from portico.clients.models import require_all_found
from portico.clients.schemas import (
    AssignBody,
    AssignOwnBody,
    BulkOutcome,
    ExtendBody,
    SelectionBody,
    TagBody,
)
from portico.kit.endpoints import endpoint
from portico.kit.errors import Refused
from portico.kit.selection import Selection
from portico.operations.api import answer_started
from portico.operations.schemas import OperationOut
from portico.workspaces.choices import Permission

router = Router(tags=["bulk"])
ANSWERS = {200: BulkOutcome, 202: OperationOut}
_ARCHIVING = (Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
_MANAGING = (Permission.MANAGE_CLIENT_ORGANIZATIONS,)


@router.post("/organizations/archive", response=ANSWERS)
@endpoint("organizations.archive", permissions=_ARCHIVING, writes=True)
def archive_organizations(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Archive the ids, or all that match the filter."""
    return change_many(request, response, act="organizations.archive", body=body)


@router.post("/organizations/unarchive", response=ANSWERS)
@endpoint("organizations.unarchive", permissions=_ARCHIVING, writes=True)
def unarchive_organizations(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Bring back the ids, or all that match the filter."""
    return change_many(request, response, act="organizations.unarchive", body=body)


@router.post("/organizations/tag", response=ANSWERS)
@endpoint("organizations.tag", permissions=_MANAGING, writes=True)
def tag_organizations(request: Any, response: HttpResponse, body: TagBody) -> Any:
    """Put tags on (by name; new ones are created) and take tags off (by id)."""
    return change_many(request, response, act="organizations.tag", body=body)


@router.post("/organizations/assign", response=ANSWERS)
@endpoint("organizations.assign", permissions=_MANAGING, writes=True)
def assign_organizations(request: Any, response: HttpResponse, body: AssignBody) -> Any:
    """Make an agent the first account manager; the others stay or go."""
    return change_many(request, response, act="organizations.assign", body=body)


@router.post("/organizations/extend", response=ANSWERS)
@endpoint("organizations.extend", permissions=_MANAGING, writes=True)
def extend_organizations(request: Any, response: HttpResponse, body: ExtendBody) -> Any:
    """Move the membership ends so many months on, counted from each one's own, or to one day."""
    return change_many(request, response, act="organizations.extend", body=body)


@router.post("/people/archive", response=ANSWERS)
@endpoint("people.archive", permissions=(Permission.DELETE_CLIENTS,), writes=True)
def archive_people(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Archive the ids, or all that match the filter."""
    return change_many(request, response, act="people.archive", body=body)


@router.post("/people/unarchive", response=ANSWERS)
@endpoint("people.unarchive", permissions=(Permission.DELETE_CLIENTS,), writes=True)
def unarchive_people(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Bring back the ids, or all that match the filter."""
    return change_many(request, response, act="people.unarchive", body=body)


@router.post("/people/tag", response=ANSWERS)
@endpoint("people.tag", permissions=(Permission.EDIT_CLIENTS,), writes=True)
def tag_people(request: Any, response: HttpResponse, body: TagBody) -> Any:
    """Put tags on (by name; new ones are created) and take tags off (by id)."""
    return change_many(request, response, act="people.tag", body=body)


@router.post("/people/assign", response=ANSWERS)
@endpoint("people.assign", permissions=(Permission.EDIT_CLIENTS,), writes=True)
def assign_people(request: Any, response: HttpResponse, body: AssignOwnBody) -> Any:
    """Make an agent the account manager; null leaves them to their organization's."""
    return change_many(request, response, act="people.assign", body=body)


@router.post("/people/disable", response=ANSWERS)
@endpoint("people.disable_many", permissions=(Permission.EDIT_CLIENTS,), writes=True)
def disable_people(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Take the sign-in of the ids, or of all that match the filter."""
    return change_many(request, response, act="people.disable", body=body)


@router.post("/people/enable", response=ANSWERS)
@endpoint("people.enable_many", permissions=(Permission.EDIT_CLIENTS,), writes=True)
def enable_people(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Give the sign-in back to the ids, or to all that match the filter."""
    return change_many(request, response, act="people.enable", body=body)


def change_many(request: Any, response: HttpResponse, *, act: str, body: SelectionBody) -> Any:
    """Do it now and answer what became of the rows; many are left to the worker (202)."""
    rows = _meant(request.actor, act.partition(".")[0], selection=body.selection())
    arguments: Mapping[str, Any] = body.arguments()
    if rows.count() > BACKGROUND_FROM:
        operation = start_bulk_change(request.actor, act, rows, title=act, arguments=arguments)
        return Status(202, answer_started(response, operation))
    outcome = apply(request.actor, act, rows, arguments=arguments)
    skipped = [{"id": row.id, "name": row.name, "reason": row.reason} for row in outcome.skipped]
    return Status(200, {"done": outcome.done, "ids": list(outcome.ids), "skipped": skipped})


def _meant(actor: Any, records: str, *, selection: Selection) -> Any:
    model = RECORDS[records]
    rows = model.objects.visible_to(actor)
    if selection.is_all:
        meant = organizations_meant if records == "organizations" else people_meant
        chosen = meant(actor, selection.filters)
        if not chosen.is_narrowed:
            _require_said(selection.filters)
        return chosen.of(rows)
    rows = rows.filter(pk__in=list(selection.ids))
    require_all_found(actor, selection, model=model, found=rows.count())
    return rows


def _require_said(filters: Mapping[str, str]) -> None:
    """All are meant only where a state or a view says so.

    A program that filled nothing into its filter would archive everything.
    """
    if not filters.get("state") and not filters.get("view"):
        text = _(
            "An empty filter names nothing. If you mean all of them, say which: "
            '{"state": "active"}, "archived" or "all".'
        )
        raise Refused("empty_filter", text, field="filter")
