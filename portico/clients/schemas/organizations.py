"""The shapes of organizations."""

import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from portico.clients.schemas.addresses import Address, AddressChange, AddressOut
from portico.clients.schemas.strict import StrictSchema


class OrganizationCreate(StrictSchema):
    """A new organization; a name alone is enough."""

    name: str
    reference: str = ""
    description: str = ""
    website: str = ""
    address: Address = Field(default_factory=Address)
    membership_end_date: datetime.date | None = None
    is_active: bool = True
    tags: list[str] = Field(default_factory=list)
    account_managers: list[UUID] = Field(default_factory=list)
    properties: dict[str, Any] = Field(default_factory=dict)
    confirm: list[str] = Field(default_factory=list)


class OrganizationChange(StrictSchema):
    """Fields to change; what is missing stays as it is (R-C86)."""

    name: str | None = None
    reference: str | None = None
    description: str | None = None
    website: str | None = None
    address: AddressChange | None = None
    membership_end_date: datetime.date | None = None
    is_active: bool | None = None
    tags: list[str] | None = None
    account_managers: list[UUID] | None = None
    properties: dict[str, Any] | None = None
    confirm: list[str] = Field(default_factory=list)


class ManagerOut(Schema):
    """An agent who looks after an organization."""

    id: UUID
    name: str
    email: str
    is_first: bool


class OrganizationOut(Schema):
    """An organization as the API shows it."""

    object: Literal["organization"] = "organization"
    id: UUID
    version: int
    name: str
    reference: str
    description: str
    website: str
    address: AddressOut
    membership_end_date: datetime.date | None
    membership_status: str
    is_active: bool
    archived_at: datetime.datetime | None
    tags: list[str]
    account_managers: list[ManagerOut]
    properties: dict[str, Any]
    people_count: int
    location_count: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_activity_at: datetime.datetime | None


class OrganizationList(Schema):
    """A page of organizations."""

    object: Literal["list"] = "list"
    items: list[OrganizationOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
