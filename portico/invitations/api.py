"""/api/v1/invitations."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.clients.api.bulk import ANSWERS, change_many
from portico.clients.schemas import SelectionBody
from portico.invitations.actions.addresses import invite_addresses
from portico.invitations.actions.inviting import invite_person
from portico.invitations.actions.sending import cancel_invitation, copy_link, resend_invitation
from portico.invitations.choices import InvitationState
from portico.invitations.models import Invitation
from portico.invitations.reports import delivery_of
from portico.invitations.schemas import (
    AddressesInvite,
    InvitationCreate,
    InvitationList,
    InvitationOut,
    InvitedOut,
    LinkOut,
)
from portico.kit.endpoints import IN_ADDRESS, endpoint, with_etag
from portico.kit.errors import NotThere, Refused
from portico.kit.idempotency import NO_STORE
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import PAGING, one_of
from portico.workspaces.choices import Permission

router = Router(tags=["invitations"])
NEWEST = Order("newest", (SortColumn("id", is_descending=True),))
SENDERS = (Permission.CREATE_CLIENTS, Permission.EDIT_CLIENTS, Permission.MANAGE_TEAM)
LIST_PARAMETERS = {"state": one_of(InvitationState.values), **PAGING}
READERS = (Permission.VIEW_CLIENTS, Permission.MANAGE_TEAM)


@router.get("/invitations", response=InvitationList)
@endpoint("invitations.list", parameters=LIST_PARAMETERS, any_of=READERS)
def list_invitations(
    request: Any, *, state: str | None = None, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List invitations, newest first; `state` is one of pending, accepted, cancelled, expired."""
    rows = Invitation.objects.visible_to(request.actor).select_related("mail")
    if state is not None:
        if state not in InvitationState.values:
            raise Refused("unknown_value", "", field="state", status=400)
        rows = rows.filter(state=state)
    page = keyset_page(rows, NEWEST, cursor=cursor, limit=limit, context=str(state))
    return {
        "items": [invitation_body(row) for row in page.items],
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/invitations", response={201: InvitationOut})
@endpoint(
    "invitations.create",
    permissions=(Permission.CREATE_CLIENTS,),
    writes=True,
    members={"person": "person_id", "organization": "organization_id", "roles": "role_ids"},
)
def create(request: Any, response: HttpResponse, body: InvitationCreate) -> Any:
    """Invite a person; the mail is queued, never sent by this request."""
    invitation = invite_person(
        request.actor,
        body.person_id,
        organization_id=body.organization_id,
        role_ids=body.role_ids,
    )
    return Status(201, _answer(response, invitation))


@router.post("/organizations/{uuid:organization_id}/invite", response=InvitedOut)
@endpoint(
    "organizations.invite",
    permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
    writes=True,
    members={"organization": IN_ADDRESS, "roles": "role_ids"},
)
def invite_several(request: Any, organization_id: UUID, body: AddressesInvite) -> dict[str, Any]:
    """Invite several addresses at once; who is new is created first, who stays out is named."""
    done = invite_addresses(request.actor, organization_id, body.addresses, role_ids=body.role_ids)
    others = [
        {"address": other.line.label, "state": other.state, "reason": other.note}
        for other in done.others
    ]
    return {
        "invitations": [invitation_body(row) for row in done.invitations],
        "created_ids": [person.pk for person in done.created],
        "others": others,
    }


@router.post("/people/invite", response=ANSWERS)
@endpoint(
    "people.invite",
    permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
    writes=True,
)
def invite_many(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Invite the ids, or all that match the filter; who can't be invited is named."""
    return change_many(request, response, act="people.invite", body=body)


@router.post("/people/resend", response=ANSWERS)
@endpoint(
    "people.resend",
    permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
    writes=True,
)
def resend_many(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Send the pending invitations again of the ids, or of all that match the filter."""
    return change_many(request, response, act="people.resend", body=body)


@router.post("/people/cancel-invitations", response=ANSWERS)
@endpoint(
    "people.cancel_invitations",
    permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
    writes=True,
)
def cancel_many(request: Any, response: HttpResponse, body: SelectionBody) -> Any:
    """Cancel the pending invitations of the ids, or of all that match the filter."""
    return change_many(request, response, act="people.cancel_invitations", body=body)


@router.get("/invitations/{uuid:invitation_id}", response=InvitationOut)
@endpoint("invitations.show", any_of=READERS)
def show(request: Any, response: HttpResponse, invitation_id: UUID) -> Any:
    """One invitation."""
    return _answer(response, _found(request, invitation_id))


@router.post("/invitations/{uuid:invitation_id}/resend", response=InvitationOut)
@endpoint("invitations.resend", any_of=SENDERS, writes=True)
def resend(request: Any, response: HttpResponse, invitation_id: UUID) -> Any:
    """Send it again with a new link; the older link dies."""
    _found(request, invitation_id)
    return _answer(response, resend_invitation(request.actor, invitation_id))


@router.post("/invitations/{uuid:invitation_id}/cancel", response=InvitationOut)
@endpoint("invitations.cancel", any_of=SENDERS, writes=True)
def cancel(request: Any, response: HttpResponse, invitation_id: UUID) -> Any:
    """Cancel it; its link says so from now on."""
    _found(request, invitation_id)
    return _answer(response, cancel_invitation(request.actor, invitation_id))


@router.post("/invitations/{uuid:invitation_id}/link", response=LinkOut)
@endpoint("invitations.link", any_of=SENDERS, writes=True)
def link(request: Any, response: HttpResponse, invitation_id: UUID) -> dict[str, str]:
    """The link itself, for who may send it; leaves an event, and is stored nowhere."""
    _found(request, invitation_id)
    response["Cache-Control"] = NO_STORE
    return {"url": copy_link(request.actor, invitation_id)}


def invitation_body(invitation: Invitation) -> dict[str, Any]:
    """The invitation's fields as InvitationOut has them."""
    delivery = delivery_of(invitation)
    return {
        "id": invitation.pk,
        "version": invitation.version,
        "user_id": invitation.user_id,
        "organization_id": invitation.organization_id,
        "address": invitation.address,
        "state": invitation.state,
        "delivery": delivery.state,
        "delivery_reason": delivery.reason,
        "invited_by_id": invitation.invited_by_id,
        "sent_at": invitation.sent_at,
        "sent_count": invitation.sent_count,
        "expires_at": invitation.expires_at,
        "accepted_at": invitation.accepted_at,
    }


def _answer(response: HttpResponse, invitation: Invitation) -> dict[str, Any]:
    with_etag(response, invitation.version)
    return invitation_body(invitation)


def _found(request: Any, invitation_id: UUID) -> Invitation:
    found: Invitation | None = (
        Invitation.objects.visible_to(request.actor)
        .select_related("mail")
        .filter(pk=invitation_id)
        .first()
    )
    if found is None:
        raise NotThere
    return found
