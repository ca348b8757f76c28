"""/api/v1/events: the history, read only."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router

from portico.history.models import Event
from portico.history.schemas import EventList, EventOut
from portico.kit.endpoints import endpoint
from portico.kit.errors import NotThere, Refused
from portico.kit.pagination import DEFAULT_LIMIT, Order, SortColumn, keyset_page

router = Router(tags=["events"])
NEWEST = Order("newest", (SortColumn("id", is_descending=True),))
FILTERS = ("subject_id", "organization_id", "kind", "request_id")


@router.get("/events", response=EventList)
@endpoint("events.list", parameters=(*FILTERS, "cursor", "limit"), permissions=("view_history",))
def list_events(
    request: Any,
    *,
    subject_id: UUID | None = None,
    organization_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List events, newest first: `subject_id`, `organization_id`, `kind`, `request_id`."""
    for name in ("kind", "request_id"):
        if "\x00" in request.GET.get(name, ""):
            raise Refused(
                "unknown_value", _("Nothing can have this value."), field=name, status=400
            )
    wanted = {
        "subject_id": subject_id,
        "organization_id": organization_id,
        "kind": request.GET.get("kind"),
        "request_id": request.GET.get("request_id"),
    }
    rows = Event.objects.filter(**{name: value for name, value in wanted.items() if value})
    page = keyset_page(rows, NEWEST, cursor=cursor, limit=limit, context=str(wanted))
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
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotThere
    return event
