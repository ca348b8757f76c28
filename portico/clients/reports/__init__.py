"""What is asked about organizations and people by more than one door."""

from portico.clients.reports.looking_after import (
    EffectiveManager,
    ManagerOf,
    effective_managers,
    organization_managers,
    places_of,
)
from portico.clients.reports.records import (
    Belonging,
    belongings_of,
    definitions_of,
    effective_manager,
    lacks_manager,
    managers_of,
    read_organization,
    read_person,
    tags_of,
    with_readings,
)
from portico.clients.reports.standings import (
    Standing,
    entry_refusal_of_person,
    open_standing,
    primary_organizations,
    rights_of_person,
    sees_avatar,
    standings_of,
)
from portico.clients.reports.tags import TagUse, property_keys, tag_names, tag_uses

__all__ = [
    "Belonging",
    "EffectiveManager",
    "ManagerOf",
    "Standing",
    "TagUse",
    "belongings_of",
    "definitions_of",
    "effective_manager",
    "effective_managers",
    "entry_refusal_of_person",
    "lacks_manager",
    "managers_of",
    "open_standing",
    "organization_managers",
    "places_of",
    "primary_organizations",
    "property_keys",
    "read_organization",
    "read_person",
    "rights_of_person",
    "sees_avatar",
    "standings_of",
    "tag_names",
    "tag_uses",
    "tags_of",
    "with_readings",
]
