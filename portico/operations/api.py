"""/api/v1/operations: long work that one started; all of it for who manages the workspace."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from ninja import Router, Status

from portico.kit.endpoints import endpoint
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.operations.actions import (
    cancel_operation,
    require_visible,
    undo_operation,
    visible_operations,
)
from portico.operations.models import Operation
from portico.operations.schemas import OperationList, OperationOut
from portico.operations.views import download_of

router = Router(tags=["operations"])
NEWEST = Order("newest", (SortColumn("id", is_descending=True),))


@router.get("/operations", response=OperationList)
@endpoint("operations.list", parameters=("cursor", "limit"))
def list_operations(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List operations, newest first: `cursor`, `limit`."""
    page = keyset_page(visible_operations(request.actor), NEWEST, cursor=cursor, limit=limit)
    return {
        "items": [operation_body(row) for row in page.items],
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.get("/operations/{uuid:operation_id}", response=OperationOut)
@endpoint("operations.show")
def show(request: Any, operation_id: UUID) -> Any:
    """One operation: ask again until `state` is done, failed or cancelled."""
    return operation_body(require_visible(request.actor, operation_id))


@router.get("/operations/{uuid:operation_id}/file")
@endpoint("operations.file")
def result_file(request: Any, operation_id: UUID) -> FileResponse:
    """The file that came of it, as a download."""
    return download_of(request.actor, require_visible(request.actor, operation_id))


@router.post("/operations/{uuid:operation_id}/cancel", response=OperationOut)
@endpoint("operations.cancel", writes=True)
def cancel(request: Any, operation_id: UUID) -> Any:
    """Stop before the next slice; one that is over stays as it is."""
    return operation_body(cancel_operation(request.actor, operation_id))


@router.post("/operations/{uuid:operation_id}/undo", response={202: OperationOut})
@endpoint("operations.undo", writes=True)
def undo(request: Any, response: HttpResponse, operation_id: UUID) -> Any:
    """Take back what it did, within 30 days; the worker does it, in slices."""
    operation = undo_operation(request.actor, operation_id)
    return Status(202, answer_started(response, operation))


def operation_body(operation: Operation) -> dict[str, Any]:
    """The operation's fields as OperationOut has them."""
    numbers = {
        name: value
        for name, value in operation.counts.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
    return {
        "id": operation.pk,
        "kind": operation.kind,
        "title": operation.title,
        "state": operation.state,
        "done": operation.done,
        "total": operation.total,
        "counts": numbers,
        "error": operation.last_error,
        "file_url": f"{_address(operation)}/file" if operation.result_file else None,
        "started_by": operation.actor_name,
        "created_at": operation.created_at,
        "finished_at": operation.finished_at,
        "undo_until": operation.undo_until,
    }


def answer_started(response: HttpResponse, operation: Operation) -> dict[str, Any]:
    """The body of a 202 for work that was left to the worker, and where to ask for it."""
    response["Location"] = _address(operation)
    return operation_body(operation)


def _address(operation: Operation) -> str:
    return f"/api/v1/operations/{operation.pk}"
