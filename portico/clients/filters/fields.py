"""What organizations and people can be narrowed by; apps above may add fields of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters.acts import act_field
from portico.clients.filters.grammar import ANY, EMPTY, EQUALS, NOT, FilterField, FilterKind
from portico.clients.filters.links import (
    NONE,
    leads_of_effective_managers,
    leads_of_managers,
    leads_of_organizations,
    named_agents,
    named_managers,
    named_tags,
    of_effective_managers,
    of_managers,
    of_organizations,
    standing_organizations,
    tag_links,
)
from portico.clients.filters.properties import property_fields
from portico.clients.filters.roles import role_field
from portico.clients.models import Organization, OrganizationTag, PersonTag, Tag
from portico.kit.ids import parse_id
from portico.kit.prepared import Slot, prepared
from portico.ui.words import say
from portico.workspaces.models import Agent
from portico.workspaces.presets import uses_membership_ends

ME = "me"
MOST_CHOICES = 200
_CHOICE_OPERATORS = (EQUALS, ANY, NOT, EMPTY)
_ORGANIZATION_TAGS = tag_links(OrganizationTag, "organization_id")
_PERSON_TAGS = tag_links(PersonTag, "person_id")


def text_field(
    name: str, label: Callable[[], str], *, column: str = "", is_indexed: bool = False
) -> FilterField:
    """A field of text."""
    return FilterField(
        name=name,
        label=label,
        kind=FilterKind.TEXT,
        column=column or name,
        is_indexed=is_indexed,
    )


def moment_field(name: str, label: Callable[[], str], *, is_indexed: bool = False) -> FilterField:
    """A field that holds an instant, compared by days."""
    return FilterField(
        name=name, label=label, kind=FilterKind.MOMENT, column=name, is_indexed=is_indexed
    )


def count_field(name: str, label: Callable[[], str]) -> FilterField:
    """A counter that is kept, and indexed."""
    return FilterField(name=name, label=label, kind=FilterKind.NUMBER, column=name, is_indexed=True)


def tag_choices() -> list[tuple[str, str]]:
    """The tags of the workspace, by name."""
    names = Tag.objects.order_by("name_key").values_list("name", flat=True)[:MOST_CHOICES]
    return [(name, name) for name in names]


def manager_choices() -> list[tuple[str, str]]:
    """Nobody, oneself, and the agents who can be account managers."""
    agents = Agent.objects.filter(archived_at__isnull=True).order_by("name_key")[:MOST_CHOICES]
    own = [(ME, _("Me")), (NONE, _("Nobody"))]
    return own + [(str(agent.pk), agent.display_name) for agent in agents]


@prepared
def _agent() -> Any:
    return Agent.objects.archived_or_not().filter(pk=Slot("id")).only("kind", "name", "email")


def _name_of_manager(value: str) -> str:
    if value in {ME, NONE}:
        return _("Me") if value == ME else _("Nobody")
    agent = _agent.first(id=parse_id(value))
    return value if agent is None else str(agent.display_name)


def _is_id_or_none(value: str) -> bool:
    return value == NONE or parse_id(value) is not None


def _name_of_organization(value: str) -> str:
    if value == NONE:
        return _("None")
    key = parse_id(value)
    name = Organization.objects.filter(pk=key).values_list("name", flat=True).first()
    return name or value


_ADDRESS = (
    text_field("address_street", lambda: _("Street")),
    text_field("address_city", lambda: _("City")),
    text_field("address_region", lambda: _("Region")),
    text_field("address_postal_code", lambda: _("Postal code")),
    text_field("address_country", lambda: _("Country")),
)

_fields: dict[PropertySubject, dict[str, FilterField]] = {
    subject: {} for subject in PropertySubject
}


def add_filter_field(subject: PropertySubject, field: FilterField) -> None:
    """Add something a list can be narrowed by; a second one of the same name replaces it."""
    _fields[subject][field.name] = field


def fixed_fields(subject: PropertySubject) -> Mapping[str, FilterField]:
    """The fields that every workspace has."""
    return _fields[subject]


def all_fields(subject: PropertySubject) -> dict[str, FilterField]:
    """The fields of this workspace, its custom properties included; one query."""
    return {**_fields[subject], **{field.name: field for field in property_fields(subject)}}


_OF_ORGANIZATIONS: Sequence[FilterField] = (
    text_field("name", lambda: _("Name")),
    FilterField(
        name="tag",
        label=lambda: _("Tag"),
        kind=FilterKind.CHOICE,
        operators=_CHOICE_OPERATORS,
        choices=tag_choices,
        is_open=True,
        name_of=str,
        narrow=_ORGANIZATION_TAGS.narrow,
        leads=_ORGANIZATION_TAGS.leads,
        look_up=named_tags,
        is_indexed=True,
    ),
    FilterField(
        name="manager",
        label=lambda: _("Account manager"),
        kind=FilterKind.CHOICE,
        operators=_CHOICE_OPERATORS,
        choices=manager_choices,
        is_open=True,
        is_possible=_is_id_or_none,
        narrow=of_managers,
        leads=leads_of_managers,
        look_up=named_managers,
        name_of=_name_of_manager,
        is_indexed=True,
    ),
    FilterField(
        name="membership_end_date",
        label=lambda: say("Membership end date"),
        kind=FilterKind.DAY,
        column="membership_end_date",
        is_indexed=True,
        is_used=uses_membership_ends,
    ),
    FilterField(
        name="is_active", label=lambda: _("Active"), kind=FilterKind.FLAG, column="is_active"
    ),
    count_field("people_count", lambda: say("Number of people")),
    count_field("location_count", lambda: say("Number of locations")),
    moment_field("created_at", lambda: _("Created"), is_indexed=True),
    moment_field("updated_at", lambda: _("Last change")),
    moment_field("last_activity_at", lambda: _("Last activity"), is_indexed=True),
    text_field("reference", lambda: _("Reference")),
    text_field("website", lambda: _("Website")),
    text_field("description", lambda: _("Description")),
    *_ADDRESS,
    act_field("organization"),
)
_OF_PEOPLE: Sequence[FilterField] = (
    text_field("name", lambda: _("Name")),
    text_field("email", lambda: _("E-mail")),
    FilterField(
        name="organization",
        label=lambda: say("Organization"),
        kind=FilterKind.CHOICE,
        operators=(EQUALS, NOT, EMPTY),
        is_open=True,
        is_possible=_is_id_or_none,
        narrow=of_organizations,
        leads=leads_of_organizations,
        look_up=standing_organizations,
        name_of=_name_of_organization,
        is_indexed=True,
    ),
    FilterField(
        name="tag",
        label=lambda: _("Tag"),
        kind=FilterKind.CHOICE,
        operators=_CHOICE_OPERATORS,
        choices=tag_choices,
        is_open=True,
        name_of=str,
        narrow=_PERSON_TAGS.narrow,
        leads=_PERSON_TAGS.leads,
        look_up=named_tags,
        is_indexed=True,
    ),
    FilterField(
        name="manager",
        label=lambda: _("Account manager"),
        kind=FilterKind.CHOICE,
        operators=(EQUALS, NOT, EMPTY),
        choices=manager_choices,
        is_open=True,
        is_possible=_is_id_or_none,
        narrow=of_effective_managers,
        leads=leads_of_effective_managers,
        look_up=named_agents,
        name_of=_name_of_manager,
        is_indexed=True,
    ),
    role_field(),
    text_field("given_name", lambda: _("Given name")),
    text_field("family_name", lambda: _("Family name")),
    text_field("position", lambda: say("Position of a person")),
    text_field("phone", lambda: _("Phone")),
    text_field("reference", lambda: _("Reference")),
    moment_field("created_at", lambda: _("Created"), is_indexed=True),
    moment_field("updated_at", lambda: _("Last change")),
    moment_field("last_active_at", lambda: _("Last activity"), is_indexed=True),
    act_field("person"),
)
for _field in _OF_ORGANIZATIONS:
    add_filter_field(PropertySubject.ORGANIZATION, _field)
for _field in _OF_PEOPLE:
    add_filter_field(PropertySubject.PERSON, _field)
