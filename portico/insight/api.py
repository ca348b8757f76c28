"""/api/v1/views."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from portico.insight.actions import ViewDraft, create_view, delete_view, update_view
from portico.insight.choices import ViewSubject
from portico.insight.models import View
from portico.insight.schemas import ViewChange, ViewCreate, ViewList, ViewOut
from portico.kit.endpoints import endpoint, required_version, with_etag
from portico.kit.errors import NotThere, Refused
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import PAGING, one_of
from portico.workspaces.choices import Permission

router = Router(tags=["views"])
BY_AGE = Order("age", (SortColumn("id"),))
VIEWING = (Permission.VIEW_CLIENTS,)


@router.get("/views", response=ViewList)
@endpoint(
    "views.list", parameters={"list": one_of(ViewSubject.values), **PAGING}, permissions=VIEWING
)
def list_views(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the saved views that you may use: `list` (organizations | people), `cursor`, `limit`."""
    rows = View.objects.visible_to(request.actor)
    subject = request.GET.get("list", "")
    if subject:
        if subject not in ViewSubject.values:
            known = ", ".join(ViewSubject.values)
            text = _("Choose one of %(choices)s.") % {"choices": known}
            raise Refused("unknown_value", text, field="list", status=400)
        rows = rows.filter(subject=subject)
    page = keyset_page(rows, BY_AGE, cursor=cursor, limit=limit, context=subject)
    return {
        "items": [_body(row) for row in page.items],
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/views", response={201: ViewOut})
@endpoint("views.create", permissions=VIEWING, writes=True)
def create(request: Any, response: HttpResponse, body: ViewCreate) -> Any:
    """Save a list under a name."""
    draft = ViewDraft(
        name=body.name,
        parameters=body.parameters,
        columns=body.columns,
        is_shared=body.is_shared,
    )
    return Status(201, _answer(response, create_view(request.actor, body.list, draft)))


@router.get("/views/{uuid:view_id}", response=ViewOut)
@endpoint("views.show", permissions=VIEWING)
def show(request: Any, response: HttpResponse, view_id: UUID) -> Any:
    """One view, with its version as ETag."""
    view = View.objects.visible_to(request.actor).filter(pk=view_id).first()
    if view is None:
        raise NotThere
    return _answer(response, view)


@router.patch("/views/{uuid:view_id}", response=ViewOut)
@endpoint("views.edit", permissions=VIEWING, writes=True)
def change(request: Any, response: HttpResponse, view_id: UUID, body: ViewChange) -> Any:
    """Change the fields that are sent; needs If-Match."""
    version = required_version(request)
    given = body.dict(exclude_unset=True).items()
    changes = {name: value for name, value in given if value is not None}
    return _answer(response, update_view(request.actor, view_id, changes, version=version))


@router.delete("/views/{uuid:view_id}", response={204: None})
@endpoint("views.delete", permissions=VIEWING, writes=True)
def delete(request: Any, view_id: UUID) -> Any:
    """Delete a view; needs If-Match."""
    delete_view(request.actor, view_id, version=required_version(request))
    return Status(204, None)


def _answer(response: HttpResponse, view: View) -> dict[str, Any]:
    with_etag(response, view.version)
    return _body(view)


def _body(view: View) -> dict[str, Any]:
    return {
        "id": view.pk,
        "version": view.version,
        "list": view.subject,
        "name": view.name,
        "parameters": view.parameters,
        "columns": view.columns,
        "is_shared": view.is_shared,
        "owner_id": view.owner_id,
        "created_at": view.created_at,
        "updated_at": view.updated_at,
    }
