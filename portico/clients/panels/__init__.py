"""Pieces of the client screens that apps above fill: open lists, and this app's own menu entries.

An app above registers from its own `panels.py`, imported in `AppConfig.ready()`. A template of a
section or panel is included in the page and sees, besides everything the page has, one mapping
named `panel`: what its `context` returned.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.models import Organization, Person
from portico.clients.panels.belonging import LOCATION_LABELS
from portico.clients.panels.words import ORGANIZATION_LABELS, PERSON_LABELS
from portico.history.reports import VIEW_HISTORY
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.policies import Audience
from portico.kit.tenancy.scope import current_scope
from portico.ui.menu import MenuEntry, add_menu_entry
from portico.ui.words import say
from portico.workspaces.choices import Permission, Preset
from portico.workspaces.panels import HomePanel, add_home_panel
from portico.workspaces.presets import uses_membership_ends

__all__ = ["LOCATION_LABELS", "ORGANIZATION_LABELS", "PERSON_LABELS"]

Shown = Mapping[str, Any]
SHOWN_ON_HOME = 5


@dataclass(frozen=True, kw_only=True)
class FormSection:
    """A section of the form that creates a person, such as "Send invitation".

    `context(actor, organization_id, data)` returns what the template sees as `panel`, or None when
    this actor gets no such section; `data` is what was posted (None when the form is first shown),
    so that typed values are kept. Its field names begin with `<name>_` or are the name itself.
    `action(actor, person, organization_id, data)` runs in the transaction of `create_person`, right
    after it, and only for an actor to whom the section is shown; it returns a sentence about what
    it did, empty when it did nothing: what it did keeps the creation from being undone. A Refused
    it raises undoes the creation and shows the form again with its field errors.
    """

    name: str
    template: str
    context: Callable[[Actor, UUID | None, QueryDict | None], Shown | None]
    action: Callable[[Actor, Person, UUID | None, QueryDict], str]


@dataclass(frozen=True, kw_only=True)
class PersonPanel:
    """A block that stands above the content of a person's page, such as the invitation card.

    `context(actor, person)` returns what the template sees as `panel`, or None to show nothing.
    """

    name: str
    template: str
    context: Callable[[Actor, Person], Shown | None]


@dataclass(frozen=True, kw_only=True)
class OrganizationPanel:
    """A block on an organization's overview; see `PersonPanel`."""

    name: str
    template: str
    context: Callable[[Actor, Organization], Shown | None]


@dataclass(frozen=True, kw_only=True)
class RecordTab:
    """A tab of an organization's page that an app above fills, such as "Services".

    `view` is a page of that app whose address takes the organization's `id`; its template extends
    `clients/organizations/record.html`, its context has `record_context(..., current=name)`.
    `count` is what stands behind the label, from the organization's own row. The tab is shown to
    who holds `permission`, where `module` (if any is named) is switched on.
    """

    name: str
    label: Callable[[], str]
    view: str
    permission: str
    count: Callable[[Organization], int | None] | None = None
    module: str = ""
    place: int = 50

    def is_for(self, actor: Actor) -> bool:
        """Whether this actor sees the tab in the present workspace."""
        is_on = not self.module or current_scope().has_module(self.module)
        return is_on and actor.may(self.permission)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A status at a row: its word, tone (info ok warn bad mute), shape (dot half ring dashed)."""

    word: str
    tone: str = "mute"
    shape: str = "dot"


@dataclass(frozen=True, kw_only=True)
class RowMark:
    """What another app says about people in lists, such as "Invited".

    `marks(actor, people)` is asked once per page, in a fixed number of queries, and returns a mark
    for those rows that have one. Archived and disabled rows keep their own mark.
    """

    name: str
    marks: Callable[[Actor, Sequence[Person]], Mapping[UUID, Mark]]


@dataclass(frozen=True, kw_only=True)
class ListLink:
    """What both lists offer besides their own, such as "Import a file".

    With `keeps_filters` it is about the records of the list as it is narrowed: its address gets
    `kind` and the list's filters. With `starts_a_list` an empty workspace offers it too.
    """

    view: str
    label: Callable[[], str]
    icon: str
    permission: str
    keeps_filters: bool = False
    starts_a_list: bool = False


_form_sections: dict[str, FormSection] = {}
_person_panels: dict[str, PersonPanel] = {}
_organization_panels: dict[str, OrganizationPanel] = {}
_organization_tabs: dict[str, RecordTab] = {}
_row_marks: dict[str, RowMark] = {}
_list_links: dict[str, ListLink] = {}


def add_form_section(section: FormSection) -> None:
    """Add a section to the form of a new person; a second one of the same name replaces it."""
    _form_sections[section.name] = section


def add_person_panel(panel: PersonPanel) -> None:
    """Add a block to the page of a person; a second one of the same name replaces it."""
    _person_panels[panel.name] = panel


def add_organization_panel(panel: OrganizationPanel) -> None:
    """Add a block to the overview of an organization; the same name replaces."""
    _organization_panels[panel.name] = panel


def add_organization_tab(tab: RecordTab) -> None:
    """Add a tab to the page of an organization; a second one of the same name replaces it."""
    _organization_tabs[tab.name] = tab


def add_row_mark(mark: RowMark) -> None:
    """Add a source of marks in lists of people; the same name replaces."""
    _row_marks[mark.name] = mark


def add_list_link(link: ListLink) -> None:
    """Add a link to the page menu and the empty state of both lists; the same view replaces."""
    _list_links[link.view] = link


def shown_list_links(actor: Actor, kind: str, *, filters: Mapping[str, Any]) -> list[Shown]:
    """The links that this actor gets on the list of this kind, with their words and addresses."""
    narrowed = urlencode({**filters, "kind": kind})
    return [
        {
            "label": link.label(),
            "url": f"{reverse(link.view)}?{narrowed}" if link.keeps_filters else reverse(link.view),
            "icon": link.icon,
            "starts_a_list": link.starts_a_list,
        }
        for link in _list_links.values()
        if actor.may(link.permission)
    ]


def shown_form_sections(
    actor: Actor, organization_id: UUID | None, data: QueryDict | None
) -> list[tuple[FormSection, Shown]]:
    """The sections that this actor gets, each with what its template sees."""
    asked = ((part, part.context(actor, organization_id, data)) for part in _form_sections.values())
    return [(part, seen) for part, seen in asked if seen is not None]


def shown_person_panels(actor: Actor, person: Person) -> list[tuple[PersonPanel, Shown]]:
    """The blocks of this person's page that this actor gets."""
    asked = ((panel, panel.context(actor, person)) for panel in _person_panels.values())
    return [(panel, seen) for panel, seen in asked if seen is not None]


def shown_organization_panels(
    actor: Actor, organization: Organization
) -> list[tuple[OrganizationPanel, Shown]]:
    """The blocks of this organization's overview that this actor gets."""
    asked = ((panel, panel.context(actor, organization)) for panel in _organization_panels.values())
    return [(panel, seen) for panel, seen in asked if seen is not None]


def shown_organization_tabs(
    actor: Actor, organization: Organization, current: str
) -> list[dict[str, Any]]:
    """The tabs of this organization that this actor sees, in order, the current one marked."""
    tabs = [tab for tab in _organization_tabs.values() if tab.is_for(actor)]
    return [
        {
            "label": tab.label(),
            "url": reverse(tab.view, kwargs={"id": organization.pk}),
            "current": tab.name == current,
            "count": tab.count(organization) if tab.count else None,
        }
        for tab in sorted(tabs, key=lambda tab: tab.place)
    ]


def marks_of(actor: Actor, people: Sequence[Person]) -> dict[UUID, Mark]:
    """What other apps say about these people; the first word counts."""
    merged: dict[UUID, Mark] = {}
    for source in _row_marks.values():
        for key, mark in source.marks(actor, people).items():
            merged.setdefault(key, mark)
    return merged


def ending_memberships(actor: Actor) -> Shown | None:
    """Whose membership ends within 30 days, the next first; None where there is nothing to say."""
    if not uses_membership_ends():
        return None
    today = today_in(current_scope().time_zone)
    ending = Organization.objects.visible_to(actor).active().ending(today)
    rows = list(ending.order_by("membership_end_date", "name_key")[: SHOWN_ON_HOME + 1])
    if not rows:
        return None
    return {"organizations": rows[:SHOWN_ON_HOME], "has_more": len(rows) > SHOWN_ON_HOME}


add_home_panel(
    HomePanel(
        permission=Permission.VIEW_CLIENTS,
        template="clients/panels/ending.html",
        context=ending_memberships,
        place=20,
    )
)
add_organization_tab(
    RecordTab(
        name="show",
        label=lambda: _("Overview"),
        view="organizations.show",
        permission=Permission.VIEW_CLIENTS,
        place=10,
    )
)
add_organization_tab(
    RecordTab(
        name="people",
        label=lambda: say("People"),
        view="organizations.people",
        permission=Permission.VIEW_CLIENTS,
        count=lambda organization: organization.people_count,
        place=20,
    )
)
add_organization_tab(
    RecordTab(
        name="locations",
        label=lambda: _("Locations"),
        view="organizations.locations",
        permission=Permission.VIEW_CLIENTS,
        count=lambda organization: organization.location_count,
        place=40,
    )
)
add_organization_tab(
    RecordTab(
        name="history",
        label=lambda: _("History"),
        view="organizations.history",
        permission=VIEW_HISTORY,
        place=90,
    )
)
add_menu_entry(
    MenuEntry(
        view="organizations.list",
        label=lambda: say("Organizations"),
        icon="building-arch",
        audience=Audience.AGENT,
        permission=Permission.VIEW_CLIENTS,
        place=20,
        places={Preset.SUPPORT_DESK: 30},
        prefix="/organizations/",
        go="o",
    )
)
add_menu_entry(
    MenuEntry(
        view="people.list",
        label=lambda: say("People"),
        icon="users",
        audience=Audience.AGENT,
        permission=Permission.VIEW_CLIENTS,
        place=30,
        places={Preset.SUPPORT_DESK: 20},
        prefix="/people/",
        go="p",
    )
)
