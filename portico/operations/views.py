"""Long work: what runs, how far it is, what came of it; cancel and undo."""

from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.kit.actors import Actor
from portico.kit.errors import NotThere
from portico.kit.form_tokens import once
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import keyset_page
from portico.kit.policies import Audience, page
from portico.operations.actions import (
    cancel_operation,
    require_visible,
    undo_operation,
    visible_operations,
)
from portico.operations.models import Operation
from portico.operations.operations import operation_kind
from portico.operations.reports import standing_of
from portico.ui.pages import render, render_block

NEWEST_FIRST = Order("-id", (SortColumn("id", is_descending=True),))
BY_NUMBER = Order("number", (SortColumn("number"),))
SHOW = "operations/show.html"


@page("operations.list", Audience.AGENT)
def index(request: Any) -> HttpResponse:
    """One's own operations; all of them for who manages the workspace."""
    listed = keyset_page(
        visible_operations(request.actor),
        NEWEST_FIRST,
        cursor=request.GET.get("cursor") or None,
    )
    context = {"page": listed, "standings": [standing_of(row) for row in listed.items]}
    return render(request, "operations/list.html", context)


@page("operations.show", Audience.AGENT)
def show(request: Any, operation_id: UUID) -> HttpResponse:
    """Progress while it runs; afterwards the counts and the rows with their reasons."""
    return render(request, SHOW, _context(request, operation_id))


@page("operations.progress", Audience.AGENT)
def progress(request: Any, operation_id: UUID) -> HttpResponse:
    """The part of the page that changes, asked for every second until it is over.

    When it is over, or goes on in another way, htmx loads the whole page once more: rows, file and
    undo have appeared, Cancel has gone.
    """
    context = _context(request, operation_id)
    response = render_block(request, SHOW, "progress", context)
    standing = context["standing"]
    if not standing.is_moving or request.GET.get("stage", standing.stage) != standing.stage:
        response["HX-Refresh"] = "true"
    return response


@page("operations.cancel", Audience.AGENT, writes=True, methods=("POST",))
@once
def cancel(request: Any, operation_id: UUID) -> HttpResponse:
    """Stop before the next slice."""
    return _back_to(cancel_operation(request.actor, operation_id))


@page("operations.undo", Audience.AGENT, writes=True, methods=("POST",))
@once
def undo(request: Any, operation_id: UUID) -> HttpResponse:
    """Take back what it created."""
    return _back_to(undo_operation(request.actor, operation_id))


@page("operations.file", Audience.AGENT)
def result_file(request: Any, operation_id: UUID) -> FileResponse:
    """The file that came of it, always as a download."""
    return download_of(request.actor, require_visible(request.actor, operation_id))


def download_of(actor: Actor, operation: Operation) -> FileResponse:
    """The result's file as a download, for who may still start such work.

    Raises NotThere where there is none, and Denied.
    """
    kind = operation_kind(operation.kind)
    actor.require(*kind.permissions)
    if not operation.result_file:
        raise NotThere
    suffix = PurePosixPath(operation.result_file.name or "").suffix
    name = f"{PurePosixPath(operation.title).stem}-failures{suffix}"
    if kind.result_name is not None:
        name = kind.result_name(operation)
    answer = FileResponse(operation.result_file.open("rb"), as_attachment=True, filename=name)
    if kind.media_type is not None:
        answer["Content-Type"] = kind.media_type(operation)
    return answer


def _context(request: Any, operation_id: UUID) -> dict[str, Any]:
    operation = require_visible(request.actor, operation_id)
    rows = operation.rows.all()
    cursor = request.GET.get("cursor") or None
    shown = keyset_page(rows, BY_NUMBER, cursor=cursor)
    named = [row.record_id for row in shown.items if row.record_id is not None]
    return {
        "operation": operation,
        "standing": standing_of(operation),
        "rows": shown,
        "pages": operation_kind(operation.kind).pages_of(operation, named) if named else {},
    }


def _back_to(operation: Operation) -> HttpResponse:
    return HttpResponseRedirect(reverse("operations.show", kwargs={"operation_id": operation.pk}))
