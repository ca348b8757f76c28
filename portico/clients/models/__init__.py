"""Organizations, people, and how they belong together; one file per noun."""

from portico.clients.models.duplicates import Distinction, LikenessKey
from portico.clients.models.locations import Location
from portico.clients.models.memberships import Membership, MembershipRole
from portico.clients.models.merges import (
    Merge,
    merged_ids,
    missing,
    refuse_merged,
    require_all_found,
    standing_id,
    survivor_id_of,
)
from portico.clients.models.organizations import DERIVED_FIELDS, AccountManager, Organization
from portico.clients.models.people import Person
from portico.clients.models.properties import KEPT_VALUES, CustomProperty, PropertyValue
from portico.clients.models.tags import LocationTag, OrganizationTag, PersonTag, Tag

__all__ = [
    "DERIVED_FIELDS",
    "KEPT_VALUES",
    "AccountManager",
    "CustomProperty",
    "Distinction",
    "LikenessKey",
    "Location",
    "LocationTag",
    "Membership",
    "MembershipRole",
    "Merge",
    "Organization",
    "OrganizationTag",
    "Person",
    "PersonTag",
    "PropertyValue",
    "Tag",
    "merged_ids",
    "missing",
    "refuse_merged",
    "require_all_found",
    "standing_id",
    "survivor_id_of",
]
