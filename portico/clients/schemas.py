"""The shapes of organizations, people and memberships in the API."""

import datetime
from decimal import Decimal
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
    tags: list[str] = Field(default_factory=list)
    account_managers: list[UUID] = Field(default_factory=list)
    properties: dict[str, Any] = Field(default_factory=dict)
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
    tags: list[str] | None = None
    account_managers: list[UUID] | None = None
    properties: dict[str, Any] | None = None
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
    tags: list[str] = Field(default_factory=list)
    account_manager: UUID | None = None
    properties: dict[str, Any] = Field(default_factory=dict)


class PersonChange(StrictSchema):
    """Fields to change; what is missing stays as it is."""

    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    position: str | None = None
    phone: str | None = None
    reference: str | None = None
    tags: list[str] | None = None
    account_manager: UUID | None = None
    properties: dict[str, Any] | None = None


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


class ManagerOut(Schema):
    """An agent who looks after an organization."""

    id: UUID
    name: str
    is_first: bool


class EffectiveManagerOut(Schema):
    """Who looks after a person, and because of what: `own` or `organization`."""

    id: UUID
    name: str
    source: Literal["own", "organization"]


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
    tags: list[str]
    account_manager: UUID | None
    effective_manager: EffectiveManagerOut | None
    properties: dict[str, Any]
    avatar_url: str | None
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


class MembershipCreate(StrictSchema):
    """Let a person belong to one more organization."""

    person_id: UUID
    organization_id: UUID
    role_ids: list[UUID] = Field(default_factory=list, max_length=100)


class MembershipChange(StrictSchema):
    """The client roles, or `is_primary: true`; what is missing stays as it is."""

    role_ids: list[UUID] | None = Field(default=None, max_length=100)
    is_primary: bool | None = None


class MoveBody(StrictSchema):
    """Where a person moves; `keep_past` leaves past requests with the old organization."""

    organization_id: UUID
    from_organization_id: UUID | None = None
    role_ids: list[UUID] | None = Field(default=None, max_length=100)
    keep_past: bool = True


class MembershipOut(Schema):
    """How a person belongs to an organization (none: directly to the workspace)."""

    object: Literal["membership"] = "membership"
    id: UUID
    version: int
    person_id: UUID
    organization_id: UUID | None
    is_primary: bool
    roles: list[dict[str, Any]]
    created_at: datetime.datetime


class MembershipList(Schema):
    """A page of memberships."""

    object: Literal["list"] = "list"
    items: list[MembershipOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool


class TagCreate(StrictSchema):
    """A new tag."""

    name: str
    colour: str = "grey"


class TagChange(StrictSchema):
    """Name or colour of a tag."""

    name: str | None = None
    colour: str | None = None


class TagMerge(StrictSchema):
    """The tags that become part of this one."""

    sources: list[UUID] = Field(max_length=100)


class TagOut(Schema):
    """A tag as the API shows it, with how many records carry it."""

    object: Literal["tag"] = "tag"
    id: UUID
    version: int
    name: str
    colour: str
    organizations_count: int
    people_count: int
    created_at: datetime.datetime


class TagList(Schema):
    """A page of tags."""

    object: Literal["list"] = "list"
    items: list[TagOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool


class PropertyCreate(StrictSchema):
    """A new custom property of organizations or people."""

    subject: str
    label: str
    kind: str = "text"
    choices: list[str] = Field(default_factory=list)
    is_required: bool = False
    is_visible_to_clients: bool = False


class PropertyChange(StrictSchema):
    """What of a custom property changes."""

    label: str | None = None
    kind: str | None = None
    choices: list[str] | None = None
    is_required: bool | None = None
    is_visible_to_clients: bool | None = None


class PropertyOut(Schema):
    """A custom property as the API shows it."""

    object: Literal["property"] = "property"
    id: UUID
    version: int
    subject: str
    key: str
    label: str
    kind: str
    choices: list[str]
    is_required: bool
    is_visible_to_clients: bool
    archived_at: datetime.datetime | None
    created_at: datetime.datetime


class PropertyList(Schema):
    """All custom properties, in their order."""

    object: Literal["list"] = "list"
    items: list[PropertyOut]
    next_cursor: str | None = None
    previous_cursor: str | None = None
    has_more: bool = False


class MergeBody(StrictSchema):
    """Which record goes into the one of the address, and which values stay.

    `choices` maps a field to `survivor` or `source`; `dry_run` answers what would happen.
    """

    source_id: UUID
    choices: dict[str, str] = Field(default_factory=dict, max_length=200)
    confirm: list[str] = Field(default_factory=list)
    dry_run: bool = False


class MergedField(Schema):
    """One field of a merge: both values, whose stays (none: it must be chosen), and the result."""

    name: str
    survivor: Any
    source: Any
    taken: str | None
    result: Any


class MergedRows(Schema):
    """How many rows of a kind the survivor and the source had, and the survivor has after it."""

    name: str
    survivor: int
    source: int
    after: int


class MergeOut(Schema):
    """A merge, done or planned."""

    object: Literal["merge"] = "merge"
    survivor_id: UUID
    source_id: UUID
    dry_run: bool
    fields: list[MergedField]
    rows: list[MergedRows]
