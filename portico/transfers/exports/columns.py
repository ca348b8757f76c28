"""What stands in an export: the fields that an import reads, and what is only to be read.

The headings are the field names of the import, so that one's own export maps back by itself. The
further columns (ids, counts, times, who looks after a person in effect) fill no field there. An
export has all of them, or those that the list shows, in its order.
"""

from portico.clients.reports import property_keys
from portico.transfers.choices import PROPERTY_SUBJECTS
from portico.transfers.reading.fields import ADDRESS_FIELDS, Kind

_PROPERTY = "property."
_PERSON_HEAD = (
    *("reference", "name", "given_name", "family_name", "email", "position", "phone"),
    *("organization", "tags", "account_manager", "is_disabled", "archived_at"),
)
_PERSON_STATES = ("id", "organization_id", "effective_manager", "created_at", "updated_at")
_ORGANIZATION_HEAD = (
    *("reference", "name", "description", "website", *ADDRESS_FIELDS, "membership_end_date"),
    *("tags", "account_managers", "is_active", "archived_at"),
)
_ORGANIZATION_STATES = ("id", "people_count", "location_count", "created_at", "updated_at")


def all_headings(kind: Kind) -> list[str]:
    """The headings of an export that can be imported again whole."""
    keys = [f"{_PROPERTY}{key}" for key in property_keys(PROPERTY_SUBJECTS[kind])]
    if kind == "organizations":
        return [*_ORGANIZATION_HEAD, *keys, *_ORGANIZATION_STATES]
    return [*_PERSON_HEAD, *keys, *_PERSON_STATES]
