"""The shape of what people type about organizations and people: one place for form, API, import."""

from portico.clients.cleaning.names import named_by_parts
from portico.clients.cleaning.properties import (
    PROPERTY_PREFIX,
    clean_property_values,
    properties_of,
    property_fields,
    require_properties,
)
from portico.clients.cleaning.records import clean_organization, clean_person
from portico.clients.cleaning.tags import clean_tag_name, clean_tags

__all__ = [
    "PROPERTY_PREFIX",
    "clean_organization",
    "clean_person",
    "clean_property_values",
    "clean_tag_name",
    "clean_tags",
    "named_by_parts",
    "properties_of",
    "property_fields",
    "require_properties",
]
