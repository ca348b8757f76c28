"""/api/v1/organizations/{id}/merge and /not-a-duplicate, and the same of people."""

from typing import Any
from uuid import UUID

from ninja import Router

from portico.clients.actions.merging import (
    MergePlan,
    merge_organizations,
    merge_people,
    preview_organizations,
    preview_people,
    tell_apart,
)
from portico.clients.choices import PropertySubject
from portico.clients.models import Distinction
from portico.clients.schemas import DistinctionBody, DistinctionOut, MergeBody, MergeOut
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


@router.post("/organizations/{uuid:organization_id}/not-a-duplicate", response=DistinctionOut)
@endpoint(
    "organizations.tell_apart",
    permissions=(Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
    writes=True,
)
def tell_organizations_apart(request: Any, organization_id: UUID, body: DistinctionBody) -> Any:
    """Say that two organizations are no duplicates; they are not proposed again."""
    subject = PropertySubject.ORGANIZATION
    return _told(tell_apart(request.actor, subject, organization_id, other_id=body.other_id))


@router.post("/people/{uuid:person_id}/not-a-duplicate", response=DistinctionOut)
@endpoint(
    "people.tell_apart",
    permissions=(Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS),
    writes=True,
)
def tell_people_apart(request: Any, person_id: UUID, body: DistinctionBody) -> Any:
    """Say that two people are no duplicates; they are not proposed again."""
    return _told(
        tell_apart(request.actor, PropertySubject.PERSON, person_id, other_id=body.other_id)
    )


def _told(distinction: Distinction) -> dict[str, Any]:
    return {
        "subject": distinction.subject,
        "first_id": distinction.first_id,
        "second_id": distinction.second_id,
    }


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
