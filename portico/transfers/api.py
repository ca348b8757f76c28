"""POST /api/v1/organizations/export and /people/export."""

from typing import Any

from django.http import HttpResponse
from ninja import Router, Status
from pydantic import Field

from portico.clients.schemas import StrictSchema
from portico.kit.endpoints import endpoint
from portico.operations.api import answer_started
from portico.operations.schemas import OperationOut
from portico.transfers.actions.exports import Format, start_export
from portico.workspaces.choices import Permission

router = Router(tags=["exports"])
EXPORTING = (Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)


class ExportBody(StrictSchema):
    """What to export: `filter` has the parameters of the list, empty for all that are active."""

    filter: dict[str, str] = Field(default_factory=dict)
    format: Format = "csv"


@router.post("/organizations/export", response={202: OperationOut})
@endpoint("organizations.export", permissions=EXPORTING, writes=True)
def export_organizations(request: Any, response: HttpResponse, body: ExportBody) -> Any:
    """Write organizations to a file; `Location` leads to the operation."""
    operation = start_export(request.actor, "organizations", filters=body.filter, form=body.format)
    return Status(202, answer_started(response, operation))


@router.post("/people/export", response={202: OperationOut})
@endpoint("people.export", permissions=EXPORTING, writes=True)
def export_people(request: Any, response: HttpResponse, body: ExportBody) -> Any:
    """Write people to a file; `Location` leads to the operation."""
    operation = start_export(request.actor, "people", filters=body.filter, form=body.format)
    return Status(202, answer_started(response, operation))
