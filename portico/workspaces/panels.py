"""The agents' Home and Settings: open lists that apps above fill, and their menu entries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.kit.actors import Actor
from portico.kit.policies import Audience
from portico.ui.menu import MenuEntry, add_menu_entry
from portico.workspaces.choices import Permission


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
class SettingsPage:
    """A page that stands in the list of Settings."""

    view: str
    label: Callable[[], str]
    text: Callable[[], str]
    icon: str
    permission: str
    place: int = 50


_first_steps: dict[str, FirstStep] = {}
_home_panels: dict[str, HomePanel] = {}
_settings_pages: dict[str, SettingsPage] = {}


def add_first_step(step: FirstStep) -> None:
    """Add a step; a second one of the same code replaces the first."""
    _first_steps[step.code] = step


def add_home_panel(panel: HomePanel) -> None:
    """Add a block to Home; a second one with the same template replaces the first."""
    _home_panels[panel.template] = panel


def add_settings_page(settings_page: SettingsPage) -> None:
    """Add a page to the list of Settings; a second one of the same view replaces the first."""
    _settings_pages[settings_page.view] = settings_page


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


def settings_pages_of(actor: Actor) -> list[SettingsPage]:
    """The pages of Settings that this actor may open, in order."""
    pages = [entry for entry in _settings_pages.values() if actor.may(entry.permission)]
    return sorted(pages, key=lambda entry: entry.place)


add_menu_entry(
    MenuEntry(
        view="home",
        label=lambda: _("Home"),
        icon="home",
        audience=Audience.AGENT,
        place=0,
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
