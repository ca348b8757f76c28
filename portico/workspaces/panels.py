"""The agents' Home and Settings: open lists that apps above fill, and their menu entries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.panels import AccountPanel, add_account_panel
from portico.history.reports import EventWords, add_event_words, add_field_labels
from portico.kit.actors import Actor
from portico.kit.policies import Audience
from portico.ui.menu import MenuEntry, add_menu_entry
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.models import Agent
from portico.workspaces.reports import LABELS, own_rights


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """One step of the first days: where it is done, by whom, and whether it is."""

    code: str
    place: int
    view: str
    permissions: tuple[str, ...]
    label: Callable[[], str]
    text: Callable[[], str]
    is_done: Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class HomePanel:
    """A block of Home. `context` answers None when there is nothing to show; the template reads
    what it answers as `panel`.
    """

    permission: str
    template: str
    context: Callable[[Actor], Mapping[str, Any] | None]
    place: int = 50


@dataclass(frozen=True, kw_only=True)
class AgentPanel:
    """A block on the page of a colleague; `context(actor, agent)` otherwise as in `HomePanel`."""

    permission: str
    template: str
    context: Callable[[Actor, Agent], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """A page that stands in the list of Settings."""

    view: str
    label: Callable[[], str]
    text: Callable[[], str]
    icon: str
    permission: str
    place: int = 50


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A sentence, and where to look at what it tells."""

    text: str
    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class SettingNotice:
    """What a value of a setting means for the records that are there; None when for none."""

    setting: str
    look: Callable[[Actor, Any], Notice | None]


@dataclass(frozen=True, kw_only=True)
class TeamTab:
    """A tab of the Team pages, for who holds one of the permissions; none named: every agent."""

    view: str
    label: Callable[[], str]
    any_of: tuple[str, ...] = ()
    place: int = 50


_first_steps: dict[str, FirstStep] = {}
_home_panels: dict[str, HomePanel] = {}
_agent_panels: dict[str, AgentPanel] = {}
_settings_pages: dict[str, SettingsPage] = {}
_setting_notices: dict[str, SettingNotice] = {}
_team_tabs: dict[str, TeamTab] = {}


def add_first_step(step: FirstStep) -> None:
    """Add a step; a second one of the same code replaces the first."""
    _first_steps[step.code] = step


def add_home_panel(panel: HomePanel) -> None:
    """Add a block to Home; a second one with the same template replaces the first."""
    _home_panels[panel.template] = panel


def add_agent_panel(panel: AgentPanel) -> None:
    """Add a block to a colleague's page; a second one with the same template replaces the first."""
    _agent_panels[panel.template] = panel


def add_settings_page(settings_page: SettingsPage) -> None:
    """Add a page to the list of Settings; a second one of the same view replaces the first."""
    _settings_pages[settings_page.view] = settings_page


def add_setting_notice(notice: SettingNotice) -> None:
    """Say what a setting means for records; a second one of the same setting replaces the first."""
    _setting_notices[notice.setting] = notice


def setting_notices_of(
    actor: Actor, settings: Mapping[str, Any], names: Sequence[str]
) -> list[Notice]:
    """What these settings, with these values, mean for the records that are there."""
    looked = [setting_notice_of(actor, name, settings[name]) for name in names]
    return [found for found in looked if found is not None]


def setting_notice_of(actor: Actor, name: str, value: Any) -> Notice | None:
    """What this setting, with this value, means for the records that are there."""
    notice = _setting_notices.get(name)
    return None if notice is None else notice.look(actor, value)


def add_team_tab(tab: TeamTab) -> None:
    """Add a tab to the Team pages; a second one of the same view replaces the first."""
    _team_tabs[tab.view] = tab


def first_steps_of(actor: Actor) -> list[FirstStep]:
    """The steps that this actor may do, in order."""
    steps = [step for step in _first_steps.values() if actor.may(*step.permissions)]
    return sorted(steps, key=lambda step: step.place)


def home_panels_of(actor: Actor) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and context of each block that has something to show this actor, in order."""
    shown = []
    for panel in sorted(_home_panels.values(), key=lambda panel: panel.place):
        if actor.may(panel.permission):
            context = panel.context(actor)
            if context is not None:
                shown.append((panel.template, context))
    return shown


def agent_panels_of(actor: Actor, agent: Agent) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and context of each block of a colleague's page that this actor gets."""
    asked = [
        (panel.template, panel.context(actor, agent))
        for panel in _agent_panels.values()
        if actor.may(panel.permission)
    ]
    return [(template, context) for template, context in asked if context is not None]


def settings_pages_of(actor: Actor) -> list[SettingsPage]:
    """The pages of Settings that this actor may open, in order."""
    pages = [entry for entry in _settings_pages.values() if actor.may(entry.permission)]
    return sorted(pages, key=lambda entry: entry.place)


def team_tabs_of(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The tabs of the Team pages that this actor may open, the current one marked."""
    tabs = sorted(_team_tabs.values(), key=lambda tab: tab.place)
    return [
        {"label": tab.label(), "url": reverse(tab.view), "current": tab.view == current}
        for tab in tabs
        if not tab.any_of or actor.may_any(*tab.any_of)
    ]


_AGENT_WORDS = {
    "agent.created": (lambda: _("added them"), lambda name: _("added %(name)s") % {"name": name}),
    "agent.updated": (
        lambda: _("changed them"),
        lambda name: _("changed %(name)s") % {"name": name},
    ),
    "agent.disabled": (
        lambda: _("disabled the sign-in"),
        lambda name: _("disabled the sign-in of %(name)s") % {"name": name},
    ),
    "agent.enabled": (
        lambda: _("enabled the sign-in"),
        lambda name: _("enabled the sign-in of %(name)s") % {"name": name},
    ),
    "agent.archived": (
        lambda: _("archived them"),
        lambda name: _("archived %(name)s") % {"name": name},
    ),
    "agent.unarchived": (
        lambda: _("brought them back"),
        lambda name: _("brought %(name)s back") % {"name": name},
    ),
}
for _kind, (_own, _other) in _AGENT_WORDS.items():
    add_event_words(_kind, EventWords(own=_own, other=_other))
add_team_tab(TeamTab(view="agents.list", label=lambda: say("Agents"), place=10))
add_menu_entry(
    MenuEntry(
        view="agents.list",
        label=lambda: say("Team"),
        icon="id-badge-2",
        audience=Audience.AGENT,
        place=70,
        prefix="/team/",
    )
)
add_menu_entry(
    MenuEntry(
        view="home",
        label=lambda: _("Home"),
        icon="home",
        audience=Audience.AGENT,
        place=0,
        go="h",
    )
)
add_menu_entry(
    MenuEntry(
        view="settings.general",
        label=lambda: _("Settings"),
        icon="settings",
        audience=Audience.AGENT,
        permission=Permission.MANAGE_WORKSPACE,
        place=90,
        is_foot=True,
        prefix="/settings/",
        go="s",
    )
)
add_menu_entry(
    MenuEntry(
        view="help",
        label=lambda: _("Help"),
        icon="help-circle",
        audience=Audience.AGENT,
        place=95,
        is_foot=True,
    )
)
_WORKSPACE_WORDS = {
    "workspace.created": lambda: _("set up the workspace"),
    "workspace.updated": lambda: _("changed the settings"),
    "plan.updated": lambda: _("changed the plan"),
}
for _kind, _said in _WORKSPACE_WORDS.items():
    add_event_words(_kind, EventWords(own=_said, other=lambda _name, said=_said: said()))  # type: ignore[misc]
add_field_labels(
    "workspace",
    {
        **LABELS,
        "name": lambda: _("Business name"),
        "preset": lambda: _("Words"),
        "accent": lambda: _("Accent colour"),
        "clock": lambda: _("Clock"),
        "person_limit": lambda: say("People allowed"),
        "full_licences": lambda: _("Full licences"),
        "read_only_licences": lambda: _("Read-only licences"),
    },
)
_PAGES = (
    (
        "settings.words",
        lambda: _("Words"),
        lambda: _("What you call those you work for, and what follows from it"),
        "language",
    ),
    (
        "settings.rules",
        lambda: _("Rules"),
        lambda: _("What new records need, what invitations do, which parts are in use"),
        "checkbox",
    ),
    (
        "settings.sign_in",
        lambda: _("Sign-in"),
        lambda: _("Length of passwords, and how long a sign-in lasts"),
        "lock",
    ),
    (
        "settings.appearance",
        lambda: _("Appearance"),
        lambda: _("Your colour on buttons, links and mails"),
        "palette",
    ),
    (
        "settings.plan",
        lambda: _("Plan and limits"),
        lambda: _("What the operator grants, and how much of it is in use"),
        "gauge",
    ),
)
for _place, (_view, _label, _text, _icon) in enumerate(_PAGES):
    add_settings_page(
        SettingsPage(
            view=_view,
            label=_label,
            text=_text,
            icon=_icon,
            permission=Permission.MANAGE_WORKSPACE,
            place=10 + _place,
        )
    )
add_account_panel(
    AccountPanel(
        template="workspaces/own_permissions.html",
        context=lambda actor: own_rights(actor) if actor.is_agent else None,
    )
)
