"""The fields that a column may fill, for each kind of record."""

import re
from typing import Literal

Kind = Literal["organizations", "people"]

PEOPLE_FIELDS = (
    "reference",
    "name",
    "given_name",
    "family_name",
    "email",
    "position",
    "phone",
    "organization",
    "tags",
    "account_manager",
    "is_disabled",
    "archived_at",
)
ADDRESS_FIELDS = (
    "address.street",
    "address.city",
    "address.region",
    "address.postal_code",
    "address.country",
)
CONTACT_FIELDS = (
    "contact.name",
    "contact.given_name",
    "contact.family_name",
    "contact.email",
    "contact.position",
    "contact.phone",
)
ORGANIZATION_FIELDS = (
    "reference",
    "name",
    "description",
    "website",
    *ADDRESS_FIELDS,
    "membership_end_date",
    "tags",
    "account_managers",
    "is_active",
    "archived_at",
    *CONTACT_FIELDS,
)
# Several columns may fill these: lines of an address, tags, and account managers.
SHARED_FIELDS = frozenset({"address.street", "tags", "account_managers"})
_PROPERTY = re.compile(r"property\.[a-z0-9][a-z0-9_]{0,62}")


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The fields of a kind in the order in which a form offers them, without properties."""
    return PEOPLE_FIELDS if kind == "people" else ORGANIZATION_FIELDS


def is_field(kind: Kind, name: str) -> bool:
    """Whether a column may be mapped to this name; `property.KEY` stands for a custom property."""
    return name in fields_of(kind) or _PROPERTY.fullmatch(name) is not None
