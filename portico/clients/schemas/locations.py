"""The shapes of locations."""

import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from portico.clients.schemas.addresses import Address, AddressChange, AddressOut
from portico.clients.schemas.strict import StrictSchema


class LocationCreate(StrictSchema):
    """A new place of an organization; a name is enough."""

    organization_id: UUID
    name: str
    address: Address = Field(default_factory=Address)
    area: Decimal | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    tags: list[str] = Field(default_factory=list)
    note: str = ""


class LocationChange(StrictSchema):
    """Fields to change; what is missing stays as it is."""

    name: str | None = None
    address: AddressChange | None = None
    area: Decimal | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    tags: list[str] | None = None
    note: str | None = None


class LocationOut(Schema):
    """A place of an organization; numbers with decimals are texts, so that none is rounded."""

    object: Literal["location"] = "location"
    id: UUID
    version: int
    organization_id: UUID
    name: str
    address: AddressOut
    area: str | None
    latitude: str | None
    longitude: str | None
    tags: list[str]
    note: str
    archived_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


class LocationList(Schema):
    """A page of locations."""

    object: Literal["list"] = "list"
    items: list[LocationOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
