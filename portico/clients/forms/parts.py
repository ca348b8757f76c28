"""The fields of a form that are no columns: tags, account managers, custom properties.

Every value is one text here, so that forms work without scripts and compare field by field when
somebody else saves first; several values stand behind each other with semicolons.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX, properties_of
from portico.clients.models import CustomProperty, Organization, Person
from portico.clients.reports import definitions_of, managers_of, tag_names
from portico.kit.parting import listed
from portico.workspaces.models import Agent

TAGS, MANAGERS, MANAGER = "tags", "account_managers", "account_manager"
OFFERED_AGENTS = 200
SEPARATOR = ";"


class JoinedInput(forms.TextInput):
    """Several values of one name, as a list without scripts sends them, read as one text."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All values behind each other."""
        return joined(data, name)


class Text(str):
    """A value of a form, and how a reader is told it."""

    shown: str

    def __new__(cls, value: str, shown: str) -> Self:
        """The value with its words."""
        text = super().__new__(cls, value)
        text.shown = shown
        return text


@dataclass(frozen=True, kw_only=True)
class Part:
    """One such field as the template draws it."""

    name: str
    widget: str
    label: str
    options: list[tuple[str, str]] = field(default_factory=list)
    is_required: bool = False


def joined(data: Any, name: str) -> str:
    """The sent value, or all of them behind each other."""
    if hasattr(data, "getlist"):
        return SEPARATOR.join(data.getlist(name))
    return str(data.get(name) or "")


def parts_of_organization(organization: Organization | None = None) -> list[Part]:
    """The parts that the form of an organization shows, in order."""
    own = property_parts(PropertySubject.ORGANIZATION, organization)
    kept = [] if organization is None else managers_of(organization)
    agents = agent_options((str(one.id), one.name) for one in kept)
    managers = Part(name=MANAGERS, widget="agents", label=_("Account managers"), options=agents)
    return [Part(name=TAGS, widget="tags", label=_("Tags")), managers, *own]


def parts_of_person(person: Person | None = None) -> list[Part]:
    """The parts that the form of a person shows, in order."""
    kept = person.account_manager if person and person.account_manager_id else None
    agents = agent_options([(str(kept.pk), kept.display_name)] if kept else [])
    return [
        Part(name=TAGS, widget="tags", label=_("Tags")),
        Part(name=MANAGER, widget="agent", label=_("Account manager"), options=agents),
        *property_parts(PropertySubject.PERSON, person),
    ]


def property_parts(subject: PropertySubject, row: Any = None) -> list[Part]:
    """The custom properties of the workspace as fields."""
    values = row.property_values if row is not None else {}
    if row is None:
        known = properties_of(subject).values()
        definitions = [one for one in known if one.archived_at is None]
    else:
        definitions = definitions_of(row)
    return [
        Part(
            name=PROPERTY_PREFIX + definition.key,
            widget=definition.kind,
            label=definition.label,
            options=_choices(definition, values.get(definition.key)),
            is_required=definition.is_required,
        )
        for definition in definitions
    ]


def agent_options(kept: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """The agents who can look after clients, and those who do already."""
    rows = Agent.objects.active().filter(is_disabled=False).order_by("name_key", "pk")
    offered = {str(agent.pk): agent.display_name for agent in rows[:OFFERED_AGENTS]}
    return list((dict(kept) | offered).items())


def add_parts(form: forms.Form, parts: Iterable[Part]) -> None:
    """Add these fields to a form."""
    for part in parts:
        form.fields[part.name] = forms.CharField(
            label=part.label, required=False, strip=False, widget=JoinedInput()
        )


def values_of_organization(organization: Organization) -> dict[str, Any]:
    """The present values of the parts of its form."""
    managers = managers_of(organization)
    keys = SEPARATOR.join(str(one.id) for one in managers)
    own = {MANAGERS: Text(keys, ", ".join(one.name for one in managers))}
    return own | _shared_values(organization)


def values_of_person(person: Person) -> dict[str, Any]:
    """The present values of the parts of their form."""
    manager = person.account_manager
    own = {MANAGER: Text(str(manager.pk), manager.display_name) if manager else ""}
    return own | _shared_values(person)


def _shared_values(row: Any) -> dict[str, Any]:
    values: dict[str, Any] = {TAGS: ", ".join(tag_names(row))}
    for definition in definitions_of(row):
        stored = row.property_values.get(definition.key)
        values[PROPERTY_PREFIX + definition.key] = _as_sent(stored)
    return values


def _as_sent(stored: Any) -> str:
    if isinstance(stored, bool):
        return Text("yes", _("Yes")) if stored else Text("no", _("No"))
    if isinstance(stored, list):
        return Text(SEPARATOR.join(stored), listed(stored))
    return "" if stored is None else str(stored)


def _choices(definition: CustomProperty, stored: Any) -> list[tuple[str, str]]:
    """What a list offers, and what the record has although it was taken off since."""
    if definition.kind == PropertyKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    kept: Mapping[str, None] = {}
    if definition.kind in {PropertyKind.CHOICE, PropertyKind.CHOICES} and stored:
        kept = dict.fromkeys(stored if isinstance(stored, list) else [stored])
    return [(choice, choice) for choice in dict.fromkeys([*definition.choices, *kept])]
