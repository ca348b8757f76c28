"""/api/v1/memberships, and moving a person."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.clients.actions.memberships import (
    add_membership,
    move_person,
    remove_membership,
    update_membership,
)
from portico.clients.models import Membership, Organization, Person, standing_id
from portico.clients.querysets import MEMBERSHIP_ORDER
from portico.clients.schemas import (
    MembershipChange,
    MembershipCreate,
    MembershipList,
    MembershipOut,
    MoveBody,
)
from portico.kit.endpoints import endpoint, list_filters, required_version, with_etag
from portico.kit.errors import NotThere
from portico.kit.ids import parse_id
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import ID, PAGING
from portico.workspaces.choices import Permission

router = Router(tags=["memberships"])
MEMBERSHIP_FILTERS = {"person": Person, "organization": Organization}
LIST_PARAMETERS = {**dict.fromkeys(MEMBERSHIP_FILTERS, ID), **PAGING}
MEMBERS = {"person": "person_id", "organization": "organization_id", "roles": "role_ids"}
EDIT = (Permission.EDIT_CLIENTS,)


@router.get("/memberships", response=MembershipList)
@endpoint("memberships.list", parameters=LIST_PARAMETERS, permissions=(Permission.VIEW_CLIENTS,))
def list_memberships(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List memberships: `person` and `organization` (ids), `cursor`, `limit` (at most 200)."""
    given = list_filters(request.GET, tuple(MEMBERSHIP_FILTERS))
    rows = _narrowed(Membership.objects.visible_to(request.actor), given)
    page = keyset_page(
        rows, MEMBERSHIP_ORDER, cursor=cursor, limit=limit, context=repr(sorted(given.items()))
    )
    return {
        "items": membership_bodies(page.items),
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/memberships", response={201: MembershipOut})
@endpoint("memberships.create", permissions=EDIT, writes=True, members=MEMBERS)
def create(request: Any, response: HttpResponse, body: MembershipCreate) -> Any:
    """Let a person belong to one more organization."""
    membership = add_membership(
        request.actor, body.person_id, body.organization_id, role_ids=body.role_ids
    )
    return Status(201, _answer(response, membership))


@router.get("/memberships/{uuid:membership_id}", response=MembershipOut)
@endpoint("memberships.show", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, response: HttpResponse, membership_id: UUID) -> Any:
    """One membership, with its version as ETag."""
    rows = Membership.objects.visible_to(request.actor).filter(pk=membership_id)
    found: Membership | None = rows.first()
    if found is None:
        raise NotThere
    return _answer(response, found)


@router.patch("/memberships/{uuid:membership_id}", response=MembershipOut)
@endpoint("memberships.edit", permissions=EDIT, writes=True, members=MEMBERS)
def change(
    request: Any, response: HttpResponse, membership_id: UUID, body: MembershipChange
) -> Any:
    """Set the roles, or make it the primary one; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True)
    return _answer(
        response, update_membership(request.actor, membership_id, version=version, **changes)
    )


@router.delete("/memberships/{uuid:membership_id}", response={204: None})
@endpoint("memberships.delete", permissions=EDIT, writes=True)
def delete(request: Any, membership_id: UUID) -> Any:
    """End a membership; needs If-Match."""
    version = required_version(request)
    remove_membership(request.actor, membership_id, version=version)
    return Status(204, None)


@router.post("/people/{uuid:person_id}/move", response=MembershipOut)
@endpoint("people.move", permissions=EDIT, writes=True, members=MEMBERS)
def move(request: Any, response: HttpResponse, person_id: UUID, body: MoveBody) -> Any:
    """Move a person to another organization; answers the new membership."""
    fields = body.dict(exclude={"organization_id"})
    return _answer(response, move_person(request.actor, person_id, body.organization_id, **fields))


def membership_bodies(memberships: Sequence[Membership]) -> list[dict[str, Any]]:
    """The memberships' fields as MembershipOut has them, with their roles in one query for all."""
    rows = Membership.objects.filter(pk__in=[row.pk for row in memberships])
    held = rows.filter(role_assignments__isnull=False).order_by("role_assignments__role__name")
    roles: dict[UUID, list[dict[str, Any]]] = {row.pk: [] for row in memberships}
    for key, role_id, name in held.values_list(
        "pk", "role_assignments__role_id", "role_assignments__role__name"
    ):
        roles[key].append({"id": role_id, "name": name})
    return [
        {
            "id": row.pk,
            "version": row.version,
            "person_id": row.person_id,
            "organization_id": row.organization_id,
            "is_primary": row.is_primary,
            "roles": roles[row.pk],
            "created_at": row.created_at,
        }
        for row in memberships
    ]


def _answer(response: HttpResponse, membership: Membership) -> dict[str, Any]:
    with_etag(response, membership.version)
    return membership_bodies([membership])[0]


def _narrowed(rows: Any, given: Mapping[str, str]) -> Any:
    for name, model in MEMBERSHIP_FILTERS.items():
        if name in given:
            key = parse_id(given[name])
            standing = standing_id(model, key) if key else None
            rows = rows.filter(**{f"{name}_id": standing}) if standing else rows.none()
    return rows
