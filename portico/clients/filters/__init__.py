"""What narrows the lists of organizations and people, in one grammar for every door."""

from portico.clients.filters.fields import add_filter_field, all_fields
from portico.clients.filters.grammar import Condition, FilterField, FilterKind
from portico.clients.filters.in_turn import Hanging, hanging_on
from portico.clients.filters.lists import (
    ACTIVE,
    ALL,
    ARCHIVED,
    NOT_FILTERS,
    ListFilter,
    OrganizationFilter,
    PersonFilter,
    filters_of,
)
from portico.clients.filters.narrowed import asked_pages, kept_list, narrowed_list
from portico.clients.filters.saved import organizations_meant, people_meant
from portico.clients.filters.sorting import BY_NAME, add_sorting, order_of_ranks, sort_names
from portico.clients.filters.whole import whole_list

__all__ = [
    "ACTIVE",
    "ALL",
    "ARCHIVED",
    "BY_NAME",
    "NOT_FILTERS",
    "Condition",
    "FilterField",
    "FilterKind",
    "Hanging",
    "ListFilter",
    "OrganizationFilter",
    "PersonFilter",
    "add_filter_field",
    "add_sorting",
    "all_fields",
    "asked_pages",
    "filters_of",
    "hanging_on",
    "kept_list",
    "narrowed_list",
    "order_of_ranks",
    "organizations_meant",
    "people_meant",
    "sort_names",
    "whole_list",
]
