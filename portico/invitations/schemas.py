"""The shape of invitations in the API; no token and no link stands in any of them (R-C03)."""

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class InvitationCreate(Schema):
    """Invite a person into the portal of an organization (none: directly with the workspace)."""

    model_config = ConfigDict(extra="forbid")

    person_id: UUID
    organization_id: UUID | None = None
    role_ids: list[UUID] = Field(default_factory=list)


class AddressesInvite(Schema):
    """Invite several addresses into one organization: `maria@firm.com` or `Maria <maria@firm.com>`.

    At most 50 at once. `role_ids`: the client roles that each of them gets.
    """

    model_config = ConfigDict(extra="forbid")

    addresses: list[str] = Field(min_length=1)
    role_ids: list[UUID] = Field(default_factory=list)


class InvitationOut(Schema):
    """An invitation as the API shows it."""

    object: Literal["invitation"] = "invitation"
    id: UUID
    version: int
    user_id: UUID
    organization_id: UUID | None
    address: str
    state: str
    delivery: str
    delivery_reason: str
    invited_by_id: UUID | None
    sent_at: datetime.datetime | None
    sent_count: int
    expires_at: datetime.datetime
    accepted_at: datetime.datetime | None


class InvitationList(Schema):
    """A page of invitations, newest first."""

    object: Literal["list"] = "list"
    items: list[InvitationOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool


class NotInvited(Schema):
    """An address to which nothing went, and why: a member already, or refused."""

    address: str
    state: Literal["member", "refused"]
    reason: str


class InvitedOut(Schema):
    """What became of each address: invitations, the people created for them, and the others."""

    object: Literal["invitation_result"] = "invitation_result"
    invitations: list[InvitationOut]
    created_ids: list[UUID]
    others: list[NotInvited]


class LinkOut(Schema):
    """The link of a pending invitation; asking for it leaves an event."""

    object: Literal["link"] = "link"
    url: str
