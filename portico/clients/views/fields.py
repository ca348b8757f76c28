"""What stands in the right column of a record: its fields in order, and how each is edited."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.forms.details import (
    ADDRESS,
    AGENT,
    AGENTS,
    LINK,
    MAIL,
    TAGS,
    Detail,
    day_detail,
    flag_detail,
    property_detail,
    text_detail,
)
from portico.clients.models import Organization, Person
from portico.clients.panels import ORGANIZATION_LABELS, PERSON_LABELS
from portico.clients.reports import definitions_of, effective_manager, managers_of, tags_of
from portico.kit.actors import Actor
from portico.kit.routes import address_of
from portico.ui.words import say
from portico.workspaces.models import Agent
from portico.workspaces.presets import uses_membership_ends

ADDRESS_PARTS = ("street", "postal_code", "city", "region", "country")
MOST_AGENTS = 500


def organization_details(
    _actor: Actor, organization: Organization, *, editing: str = ""
) -> list[Detail]:
    """The fields of an organization, in order; `editing` names the one whose choices are needed."""
    rows = [text_detail("name", _("Name"), value=organization.name, is_required=True)]
    if uses_membership_ends():
        end = organization.membership_end_date
        rows.append(day_detail("membership_end_date", _("Ends on"), value=end))
    rows += [
        flag_detail("is_active", _("Active"), value=organization.is_active),
        _managers(organization, editing),
        _tags(organization),
        text_detail("reference", _("Reference"), value=organization.reference),
        _website(organization),
        _address(organization),
        *_properties(organization),
    ]
    return rows


def person_details(_actor: Actor, person: Person, *, editing: str = "") -> list[Detail]:
    """The fields of a person, in order."""
    mail = f"mailto:{person.email}" if person.email else ""
    return [
        text_detail("name", _("Name"), value=person.name),
        *_name_parts(person, editing),
        text_detail("email", _("E-mail"), value=person.email, kind=MAIL, url=mail),
        text_detail("phone", _("Phone"), value=person.phone, is_number=True),
        text_detail("position", PERSON_LABELS["position"](), value=person.position),
        _own_manager(person, editing),
        _tags(person),
        text_detail("reference", _("Reference"), value=person.reference),
        *_properties(person),
    ]


def _name_parts(person: Person, editing: str) -> list[Detail]:
    """Given and family name, of those who have one of them; the form takes them from all."""
    parts = ("given_name", "family_name")
    if editing not in parts and not any(getattr(person, part) for part in parts):
        return []
    return [text_detail(part, PERSON_LABELS[part](), value=getattr(person, part)) for part in parts]


def row_of(view: str, record: Any, *, detail: Detail, may_edit: bool) -> dict[str, Any]:
    """A field with the addresses of its form: the small one, and the page that has it too."""
    if not may_edit:
        return {"detail": detail, "field_url": "", "edit_url": ""}
    anchor = next(iter(detail.inputs), detail.name)
    edit_url = address_of(f"{view}.edit", record.pk)
    return {
        "detail": detail,
        "field_url": address_of(f"{view}.field", record.pk, field=detail.name),
        "edit_url": f"{edit_url}#id_{anchor}",
    }


def rows_of(
    view: str, record: Any, *, details: Sequence[Detail], may_edit: bool
) -> list[dict[str, Any]]:
    """All fields as the right column shows them."""
    return [row_of(view, record, detail=detail, may_edit=may_edit) for detail in details]


def _managers(organization: Organization, editing: str) -> Detail:
    name = "account_managers"
    held = [(str(manager.id), manager.name) for manager in managers_of(organization)]
    return Detail(
        name=name,
        label=_("Account managers"),
        kind=AGENTS,
        text=", ".join(text for _key, text in held),
        inputs={name: [key for key, _text in held]},
        options=_agents(held) if editing == name else (),
    )


def _own_manager(person: Person, editing: str) -> Detail:
    """The one who looks after them, and where that comes from (X11); one's own can be chosen."""
    name = "account_manager"
    manager = effective_manager(person)
    own = str(person.account_manager_id or "")
    held = [(own, manager.name)] if manager and manager.source == "own" else []
    inherited = ("", say("From the organization"))
    note = ""
    if manager is not None:
        is_own = manager.source == "own"
        note = _("Own") if is_own else _("From %(name)s") % {"name": manager.organization_name}
    return Detail(
        name=name,
        label=_("Account manager"),
        kind=AGENT,
        text=manager.name if manager else "",
        inputs={name: own},
        options=[inherited, *_agents(held)] if editing == name else (),
        note=note,
    )


def _agents(held: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Who of the team can look after clients; those who do already stand first."""
    rows = Agent.objects.active().filter(is_disabled=False).order_by("name_key", "pk")
    known = {key for key, _name in held}
    found = [(str(agent.pk), agent.display_name) for agent in rows[:MOST_AGENTS]]
    return [*held, *(row for row in found if row[0] not in known)]


def _tags(record: Any) -> Detail:
    tags = tags_of(record)
    text = ", ".join(name for name, _colour in tags)
    return Detail(
        name="tags",
        label=_("Tags"),
        kind=TAGS,
        text=text,
        inputs={"tags": text},
        tags=tags,
    )


def _website(organization: Organization) -> Detail:
    website = organization.website
    text = website.removeprefix("https://").removeprefix("http://")
    return Detail(
        name="website",
        label=_("Website"),
        kind=LINK,
        text=text,
        inputs={"website": website},
        url=website,
    )


def _address(organization: Organization) -> Detail:
    inputs = {f"address_{part}": getattr(organization, f"address_{part}") for part in ADDRESS_PARTS}
    city = f"{organization.address_postal_code} {organization.address_city}".strip()
    lines = (
        organization.address_street,
        city,
        organization.address_region,
        organization.address_country,
    )
    return Detail(
        name="address",
        label=_("Address"),
        kind=ADDRESS,
        text="\n".join(line for line in lines if line),
        inputs=inputs,
        labels={name: ORGANIZATION_LABELS[name]() for name in inputs},
    )


def _properties(record: Any) -> list[Detail]:
    values = record.property_values
    return [property_detail(row, values.get(row.key)) for row in definitions_of(record)]
