"""The pages that are not the same under every preset, and how a stage changes its preset."""

from dataclasses import replace
from typing import Any

from portico.workspaces.actions.workspaces import update_workspace
from portico.workspaces.choices import Module, Preset
from portico.workspaces.presets import HIDDEN, effective_settings
from tests.browser.looks import DIALOG, Look
from tests.browser.pages import PAGES
from tests.factories.workspaces import actor_of

OTHER_PRESETS = [preset for preset in Preset.values if preset != Preset.AGENCY]
# The words of the preset that is in use change nothing.
_OTHER_WORDS = "input[value=partner]"

# Where a template, a column or a field depends on the preset or on one of its settings.
DIFFERING: list[Look] = [
    Look(view="home", path="/"),
    Look(view="organizations.list", path="/organizations/"),
    Look(view="organizations.list", path="/organizations/", press=("key:c",), see=DIALOG),
    Look(view="organizations.show", path="/organizations/{acme}/"),
    Look(view="organizations.add_person", path="/organizations/{acme}/people/add/"),
    Look(view="people.list", path="/people/"),
    Look(view="people.list", path="/people/", press=("key:c",), see=DIALOG),
    Look(view="people.show", path="/people/{guest}/"),
    Look(view="people.invite", path="/people/{plain}/invite/"),
    Look(view="settings.words", path="/settings/words/"),
    Look(view="settings.rules", path="/settings/rules/"),
    Look(view="portal.home", path="/portal/", who="member"),
]


def change_preset(owner: Any, preset: str, *, has_every_module: bool = False) -> None:
    """Let the workspace have another preset; with every module, all pages are still there."""
    modules = list(Module.values) if has_every_module else None
    update_workspace(actor_of(owner), {"preset": preset, "settings": {"modules": modules}})


def pages_under(preset: str) -> list[Look]:
    """Every page as it is under a preset that uses every module."""
    return [_look_under(preset, look) for look in PAGES]


def _look_under(preset: str, look: Look) -> Look:
    """Where one tries on words, those of another preset; no end where memberships do not end."""
    if preset == Preset.PARTNER and look.press == (_OTHER_WORDS,):
        return replace(look, press=(f"input[value={Preset.AGENCY}]",))
    if look.view == "organizations.extend" and not _has_membership_ends(preset):
        return replace(look, status=404)
    return look


def _has_membership_ends(preset: str) -> bool:
    return bool(effective_settings(preset, {})["membership_end"] != HIDDEN)
