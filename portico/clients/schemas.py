"""The shapes of organizations, people and memberships in the API."""

import datetime
from typing import Any, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, model_validator

from portico.kit.selection import Selection


class StrictSchema(Schema):
    """A body whose unknown members are refused (mass assignment, R-C37)."""

    model_config = ConfigDict(extra="forbid")


class Address(StrictSchema):
    """A postal address; `country` is an ISO 3166 code, or the text where none is known."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


class OrganizationCreate(StrictSchema):
    """A new organization; a name alone is enough."""

    name: str
    reference: str = ""
    description: str = ""
    website: str = ""
    address: Address = Field(default_factory=Address)
    membership_end_date: datetime.date | None = None
    is_active: bool = True
    confirm: list[str] = Field(default_factory=list)


class AddressChange(StrictSchema):
    """Parts of an address to change; what is missing stays."""

    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


class OrganizationChange(StrictSchema):
    """Fields to change; what is missing stays as it is (R-C86)."""

    name: str | None = None
    reference: str | None = None
    description: str | None = None
    website: str | None = None
    address: AddressChange | None = None
    membership_end_date: datetime.date | None = None
    is_active: bool | None = None
    confirm: list[str] = Field(default_factory=list)


class PersonCreate(StrictSchema):
    """A new person; what is required is the workspace's choice."""

    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    position: str = ""
    phone: str = ""
    reference: str = ""
    organization_id: UUID | None = None


class PersonChange(StrictSchema):
    """Fields to change; what is missing stays as it is."""

    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    position: str | None = None
    phone: str | None = None
    reference: str | None = None


class SelectionBody(StrictSchema):
    """Which rows a bulk verb means: `ids`, or `filter` with the parameters of the list."""

    ids: list[UUID] | None = Field(default=None, max_length=10_000)
    filter: dict[str, str] | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Exactly one of the two: nothing ticked never means everything."""
        if (self.ids is None) == (self.filter is None):
            raise ValueError("Send either ids or filter.")
        return self

    def selection(self) -> Selection:
        """The selection it stands for."""
        if self.ids is not None:
            return Selection(ids=self.ids)
        return Selection(is_all=True, filters=self.filter or {})


class AddressOut(Schema):
    """A postal address."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str


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
    people_count: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_activity_at: datetime.datetime | None


class PersonOut(Schema):
    """A person as the API shows them."""

    object: Literal["person"] = "person"
    id: UUID
    version: int
    name: str
    given_name: str
    family_name: str
    email: str
    position: str
    phone: str
    reference: str
    is_disabled: bool
    has_joined: bool
    organizations: list[dict[str, Any]]
    archived_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_active_at: datetime.datetime | None


class OrganizationList(Schema):
    """A page of organizations."""

    object: Literal["list"] = "list"
    items: list[OrganizationOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool


class PersonList(Schema):
    """A page of people."""

    object: Literal["list"] = "list"
    items: list[PersonOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool


class BulkResult(Schema):
    """What a bulk verb did: how many rows changed, and which."""

    object: Literal["bulk_result"] = "bulk_result"
    done: int
    ids: list[UUID]
