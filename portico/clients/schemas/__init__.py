"""The shapes of this app's records in the API; one file per noun."""

from portico.clients.schemas.addresses import Address, AddressChange, AddressOut
from portico.clients.schemas.bulk import (
    AssignBody,
    AssignOwnBody,
    BulkOutcome,
    ExtendBody,
    SelectionBody,
    SkippedOut,
    TagBody,
)
from portico.clients.schemas.lists import list_parameters
from portico.clients.schemas.locations import (
    LocationChange,
    LocationCreate,
    LocationList,
    LocationOut,
)
from portico.clients.schemas.memberships import (
    MembershipChange,
    MembershipCreate,
    MembershipList,
    MembershipOut,
    MoveBody,
)
from portico.clients.schemas.merging import (
    DistinctionBody,
    DistinctionOut,
    MergeBody,
    MergedField,
    MergedRows,
    MergeOut,
)
from portico.clients.schemas.organizations import (
    ManagerOut,
    OrganizationChange,
    OrganizationCreate,
    OrganizationList,
    OrganizationOut,
)
from portico.clients.schemas.people import (
    EffectiveManagerOut,
    PersonChange,
    PersonCreate,
    PersonList,
    PersonOut,
)
from portico.clients.schemas.properties import (
    PropertyChange,
    PropertyCreate,
    PropertyList,
    PropertyOut,
)
from portico.clients.schemas.strict import StrictSchema
from portico.clients.schemas.tags import TagChange, TagCreate, TagList, TagMerge, TagOut

__all__ = [
    "Address",
    "AddressChange",
    "AddressOut",
    "AssignBody",
    "AssignOwnBody",
    "BulkOutcome",
    "DistinctionBody",
    "DistinctionOut",
    "EffectiveManagerOut",
    "ExtendBody",
    "LocationChange",
    "LocationCreate",
    "LocationList",
    "LocationOut",
    "ManagerOut",
    "MembershipChange",
    "MembershipCreate",
    "MembershipList",
    "MembershipOut",
    "MergeBody",
    "MergeOut",
    "MergedField",
    "MergedRows",
    "MoveBody",
    "OrganizationChange",
    "OrganizationCreate",
    "OrganizationList",
    "OrganizationOut",
    "PersonChange",
    "PersonCreate",
    "PersonList",
    "PersonOut",
    "PropertyChange",
    "PropertyCreate",
    "PropertyList",
    "PropertyOut",
    "SelectionBody",
    "SkippedOut",
    "StrictSchema",
    "TagBody",
    "TagChange",
    "TagCreate",
    "TagList",
    "TagMerge",
    "TagOut",
    "list_parameters",
]
