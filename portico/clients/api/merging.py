"""/api/v1/organizations/{id}/merge and /api/v1/people/{id}/merge."""

from typing import Any
from uuid import UUID

from ninja import Router

from portico.clients.actions.merging import (
    MergePlan,
    merge_organizations,
    merge_people,
    preview_organizations,
    preview_people,
)
from portico.clients.schemas import MergeBody, MergeOut
from portico.kit.endpoints import endpoint
from portico.workspaces.choices import Permission

router = Router(tags=["merge"])


@router.post("/organizations/{uuid:organization_id}/merge", response=MergeOut)
@endpoint(
    "organizations.merge",
    permissions=(
        Permission.VIEW_CLIENTS,
        Permission.DELETE_CLIENTS,
        Permission.MANAGE_CLIENT_ORGANIZATIONS,
    ),
    writes=True,
)
def merge_into_organization(request: Any, organization_id: UUID, body: MergeBody) -> Any:
    """Merge `source_id` into this organization; `dry_run` only says what would happen."""
    ends = (organization_id, body.source_id)
    if body.dry_run:
        return _answer(preview_organizations(request.actor, *ends, choices=body.choices), body)
    plan = merge_organizations(request.actor, *ends, choices=body.choices, confirm=body.confirm)
    return _answer(plan, body)


@router.post("/people/{uuid:person_id}/merge", response=MergeOut)
@endpoint(
    "people.merge",
    permissions=(Permission.VIEW_CLIENTS, Permission.DELETE_CLIENTS, Permission.EDIT_CLIENTS),
    writes=True,
)
def merge_into_person(request: Any, person_id: UUID, body: MergeBody) -> Any:
    """Merge `source_id` into this person; `dry_run` only says what would happen."""
    ends = (person_id, body.source_id)
    if body.dry_run:
        return _answer(preview_people(request.actor, *ends, choices=body.choices), body)
    plan = merge_people(request.actor, *ends, choices=body.choices, confirm=body.confirm)
    return _answer(plan, body)


def _answer(plan: MergePlan, body: MergeBody) -> dict[str, Any]:
    return {
        "survivor_id": plan.survivor.pk,
        "source_id": plan.source.pk,
        "dry_run": body.dry_run,
        "fields": [
            {
                "name": field.name,
                "survivor": field.survivor,
                "source": field.source,
                "taken": field.taken,
                "result": field.result,
            }
            for field in plan.fields
        ],
        "rows": [
            {
                "name": rows.part.name,
                "survivor": rows.before,
                "source": rows.source,
                "after": rows.after,
            }
            for rows in plan.rows
            if rows.part.label
        ],
    }
