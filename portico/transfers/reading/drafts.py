"""What a row says, checked for its form and not yet for its place in a workspace.

An empty text, an empty tuple and None mean that the row says nothing about the field: an import
into existing records leaves the field as it is. `managers` are the addresses of agents, the first
one first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class PersonDraft:
    """A person as a row describes them; `name` is empty only where there is an e-mail address.

    `is_name_joined` says that the row has no name of its own, only the parts of one.
    """

    reference: str = ""
    name: str = ""
    is_name_joined: bool = False
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    email_key: str = ""
    position: str = ""
    phone: str = ""
    organization_name: str = ""
    tags: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    is_disabled: bool | None = None
    archived_at: datetime | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AddressDraft:
    """An address; `country` is an ISO 3166 code, or what was written where that is unknown."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True)
class OrganizationDraft:
    """An organization as a row describes it, with at most one contact."""

    reference: str = ""
    name: str = ""
    description: str = ""
    website: str = ""
    address: AddressDraft = AddressDraft()
    membership_end_date: date | None = None
    tags: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    is_active: bool | None = None
    archived_at: datetime | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    contact: PersonDraft | None = None
