"""What organizations and people can be narrowed by; apps above may add fields of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters.acts import act_field
from portico.clients.filters.grammar import ANY, EMPTY, EQUALS, NOT, FilterField, FilterKind
from portico.clients.filters.properties import property_fields
from portico.clients.models import (
    AccountManager,
    Membership,
    Organization,
    OrganizationTag,
    PersonTag,
    Tag,
)
from portico.kit.ids import parse_id
from portico.kit.names import name_key
from portico.kit.narrowing import is_walking, linked, unlinked
from portico.ui.words import say
from portico.workspaces.models import Agent
from portico.workspaces.presets import uses_membership_ends

NONE, ME = "none", "me"
MOST_CHOICES = 200
_CHOICE_OPERATORS = (EQUALS, ANY, NOT, EMPTY)


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


def _tagged(model: Any, column: str) -> Callable[..., Any]:
    def narrow(rows: Any, *, operator: str, value: Any) -> Any:
        if operator == EMPTY:
            carrying = model.objects.all()
            return rows.filter(
                unlinked(carrying, column) if value else linked(rows, carrying, column=column)
            )
        keys = [name_key(name) for name in value]
        # Looked up apart: beside the links the planner of SQLite reads all tags for each row.
        ids = dict(Tag.objects.filter(name_key__in=keys).values_list("name_key", "pk"))
        carrying = model.objects.filter(tag_id__in=list(ids.values()))
        if operator == NOT:
            return rows.filter(unlinked(carrying, column))
        if operator == ANY:
            return rows.filter(linked(rows, carrying, column=column))
        if len(ids) < len(set(keys)):
            return rows.none()
        for key in ids.values():
            rows = rows.filter(linked(rows, model.objects.filter(tag_id=key), column=column))
        return rows

    return narrow


def _of_managers(rows: Any, *, operator: str, value: Any) -> Any:
    """Organizations looked after by all (any, none) of these agents; disabled ones do not count."""
    agents = Agent.objects.filter(archived_at__isnull=True, is_disabled=False)
    # Looked up apart, as tags are: PostgreSQL takes the agents for one and plans for that.
    working = AccountManager.objects.filter(agent_id__in=list(agents.values_list("pk", flat=True)))
    if operator == EMPTY:
        value, operator = [NONE], EQUALS if value else NOT
    named = [key for key in map(parse_id, value) if key is not None]
    managed = working.filter(agent_id__in=named)
    if NONE in value:
        without = unlinked(working, "organization_id")
        wanted = without | linked(rows, managed, column="organization_id") if named else without
        return rows.filter(~wanted if operator == NOT else wanted)
    if operator == NOT:
        return rows.filter(unlinked(managed, "organization_id"))
    if operator == ANY:
        return rows.filter(linked(rows, managed, column="organization_id"))
    for agent in named:
        rows = rows.filter(linked(rows, working.filter(agent_id=agent), column="organization_id"))
    return rows if named else rows.none()


def _of_effective_managers(rows: Any, *, operator: str, value: Any) -> Any:
    """People whose account manager is one of these: their own, else their organization's first."""
    if operator == EMPTY:
        value, operator = [NONE], EQUALS if value else NOT
    agents = [key for key in map(parse_id, value) if key is not None]
    first = AccountManager.objects.filter(is_first=True)
    primary = Membership.objects.filter(is_primary=True)
    looked_after = first.filter(agent_id__in=agents)
    if is_walking(rows):
        # From the person to the organization to its manager; the other way round SQLite would
        # try each organization of the manager for each person (8 s at a million people).
        here = looked_after.filter(organization_id=OuterRef("organization_id"))
        inherited = primary.filter(Exists(here))
    else:
        inherited = primary.filter(organization_id__in=looked_after.values("organization_id"))
    wanted = Q(account_manager_id__in=agents) | (
        Q(account_manager__isnull=True) & linked(rows, inherited, column="person_id")
    )
    if NONE in value:
        managed = primary.filter(organization_id__in=first.values("organization_id"))
        wanted |= Q(account_manager__isnull=True) & unlinked(managed, "person_id")
    return rows.filter(~wanted if operator == NOT else wanted)


def _of_organizations(rows: Any, *, operator: str, value: Any) -> Any:
    """People of one of these organizations; `none` for people who belong to none."""
    memberships = Membership.objects.filter(organization_id__isnull=False)
    if operator == EMPTY or NONE in value:
        is_without = value if operator == EMPTY else operator != NOT
        # Whoever belongs to no organization belongs to the workspace directly (decision 4).
        direct = Membership.objects.filter(organization_id__isnull=True)
        if is_without:
            return rows.filter(linked(rows, direct, column="person_id"))
        return rows.filter(unlinked(direct, "person_id"))
    ids = [key for key in map(parse_id, value) if key is not None]
    members = memberships.filter(organization_id__in=ids)
    if operator == NOT:
        return rows.filter(unlinked(members, "person_id"))
    return rows.filter(linked(rows, members, column="person_id"))


def _is_id_or_none(value: str) -> bool:
    return value == NONE or parse_id(value) is not None


def _name_of_organization(value: str) -> str:
    if value == NONE:
        return _("None")
    key = parse_id(value)
    name = Organization.objects.filter(pk=key).values_list("name", flat=True).first()
    return name or value


_ADDRESS = (
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
        narrow=_tagged(OrganizationTag, "organization_id"),
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
        narrow=_of_managers,
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
        narrow=_of_organizations,
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
        narrow=_tagged(PersonTag, "person_id"),
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
        narrow=_of_effective_managers,
        is_indexed=True,
    ),
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
