"""POST /api/v1/organizations/export and /people/export."""

from typing import Any, Self
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status
from pydantic import Field, model_validator

from portico.clients.schemas import StrictSchema
from portico.kit.endpoints import endpoint
from portico.operations.api import answer_started
from portico.operations.schemas import OperationOut
from portico.transfers.actions.exports import Format, start_export
from portico.transfers.filters import Columns, asked_headings
from portico.transfers.reading.fields import Kind
from portico.workspaces.choices import Permission

router = Router(tags=["exports"])
EXPORTING = (Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)


class ExportBody(StrictSchema):
    """What to export: `ids`, or `filter` with the parameters of the list.

    Without both it is the list as it opens: all that are active. `columns`: all, which can be
    imported again whole, or those that the list shows, in their order (`filter` may name a `view`
    or `columns`).
    """

    ids: list[UUID] | None = Field(default=None, min_length=1, max_length=10_000)
    filter: dict[str, str] | None = None
    format: Format = "csv"
    columns: Columns = "all"

    @model_validator(mode="after")
    def not_both(self) -> Self:
        """Records, or a list."""
        if self.ids is not None and self.filter is not None:
            raise ValueError("Send either ids or filter.")
        return self


@router.post("/organizations/export", response={202: OperationOut})
@endpoint("organizations.export", permissions=EXPORTING, writes=True)
def export_organizations(request: Any, response: HttpResponse, body: ExportBody) -> Any:
    """Write organizations to a file; `Location` leads to the operation."""
    return _started(request, response, kind="organizations", body=body)


@router.post("/people/export", response={202: OperationOut})
@endpoint("people.export", permissions=EXPORTING, writes=True)
def export_people(request: Any, response: HttpResponse, body: ExportBody) -> Any:
    """Write people to a file; `Location` leads to the operation."""
    return _started(request, response, kind="people", body=body)


def _started(request: Any, response: HttpResponse, *, kind: Kind, body: ExportBody) -> Any:
    headings = asked_headings(request.actor, kind, body.filter or {}, columns=body.columns)
    operation = start_export(
        request.actor, kind, filters=body.filter, ids=body.ids, form=body.format, headings=headings
    )
    return Status(202, answer_started(response, operation))
