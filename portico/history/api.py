"""/api/v1/events: the history; its acts undone, its older values brought back."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router

from portico.history.actions.undo import restore_value, undo_act
from portico.history.models import Event, EventQuerySet
from portico.history.reports import places_of_acts
from portico.history.schemas import EventList, EventOut, RestoreBody, UndoneOut
from portico.kit.endpoints import endpoint
from portico.kit.errors import NotThere, Refused
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import ID, PAGING, TEXT

router = Router(tags=["events"])
NEWEST = Order("newest", (SortColumn("id", is_descending=True),))
LIST_PARAMETERS = {
    **dict.fromkeys(("subject_id", "organization_id", "act_id"), ID),
    "kind": {**TEXT, "examples": ["person.created"]},
    "request_id": {**TEXT, "examples": ["7f6a0c1e"]},
    **PAGING,
}


@router.get("/events", response=EventList)
@endpoint("events.list", parameters=LIST_PARAMETERS, permissions=("view_history",))
def list_events(
    request: Any,
    *,
    subject_id: UUID | None = None,
    organization_id: UUID | None = None,
    act_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List events, newest first: by subject, organization, act, kind or request.

    As on its page, what happened to records that were merged into the subject stands there, too.
    """
    for name in ("kind", "request_id"):
        if "\x00" in request.GET.get(name, ""):
            raise Refused(
                "unknown_value", _("Nothing can have this value."), field=name, status=400
            )
    wanted = {
        "subject_id": subject_id,
        "organization_id": organization_id,
        "act_id": act_id,
        "kind": request.GET.get("kind"),
        "request_id": request.GET.get("request_id"),
    }
    page = keyset_page(_rows(wanted), NEWEST, cursor=cursor, limit=limit, context=str(wanted))
    return {
        "items": list(page.items),
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.get("/events/{uuid:event_id}", response=EventOut)
@endpoint("events.show", permissions=("view_history",))
def show(request: Any, event_id: UUID) -> Any:
    """One event."""
    return _event(event_id)


@router.post("/events/{uuid:event_id}/undo", response=UndoneOut)
@endpoint("events.undo", permissions=("view_history",), writes=True)
def undo(request: Any, event_id: UUID) -> dict[str, Any]:
    """Take back the whole act that this event is part of, within 30 days of it."""
    act_id = _event(event_id).act_id
    if act_id is None:
        raise NotThere
    if places_of_acts([act_id]):
        text = _("This was long work: undo its operation.")
        raise Refused("undo_the_operation", text, status=409)
    undone = undo_act(request.actor, act_id)
    kept = [
        {"id": row.subject_id, "name": row.name, "reason": row.reason_for(request.actor)}
        for row in undone.kept
    ]
    return {"act_id": act_id, "kept": kept}


@router.post("/events/{uuid:event_id}/restore", response=EventOut)
@endpoint("events.restore", permissions=("view_history",), writes=True)
def restore(request: Any, event_id: UUID, body: RestoreBody) -> Event:
    """Bring back the value that a field had before this event, whatever came after."""
    return restore_value(request.actor, event_id, body.field)


def _rows(wanted: dict[str, Any]) -> EventQuerySet:
    left = {name: value for name, value in wanted.items() if value}
    subject, organization = left.pop("subject_id", None), left.pop("organization_id", None)
    rows: EventQuerySet = Event.objects.filter(**left)
    rows = rows if subject is None else rows.about_id(subject)
    return rows if organization is None else rows.within_id(organization)


def _event(event_id: UUID) -> Event:
    event: Event | None = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotThere
    return event
