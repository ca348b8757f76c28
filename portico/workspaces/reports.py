"""Who in the team can do what, whom to ask, and what each preset looks like."""

from typing import Any

from django.utils.translation import gettext as _

from portico.kit.tenancy.scope import current_scope
from portico.ui.menu import agent_entries
from portico.ui.words import words_of
from portico.workspaces.choices import Permission, Preset
from portico.workspaces.models import Agent, Role


def who_can_give(limit: int = 3) -> str:
    """The names of active agents who may give permissions, for pages that refuse."""
    roles = [
        role.pk
        for role in Role.objects.filter(kind="agent")
        if Permission.MANAGE_TEAM in role.permissions
    ]
    agents = Agent.objects.active().filter(role_assignments__role__in=roles, is_disabled=False)
    names = agents.distinct().order_by("name_key").values_list("name", "email")[:limit]
    return ", ".join(name or email for name, email in names)


def support_contact() -> Agent | None:
    """The agent whom everybody may ask when nobody else is responsible for them."""
    agents = Agent.objects.active().filter(is_disabled=False)
    contact: Agent | None = agents.filter(pk=current_scope().settings["support_contact_id"]).first()
    return contact


def preset_cards() -> list[dict[str, Any]]:
    """The four presets with the menu that each one gives, in its own words."""
    texts = {
        Preset.FIELD_SERVICE: _("Clients, their contacts and the jobs you do for them"),
        Preset.AGENCY: _("Organizations, their people and what they ask of you"),
        Preset.SUPPORT_DESK: _("Clients who report, return and ask"),
        Preset.PARTNER: _("Client accounts with an end date and their own admins"),
    }
    return [
        {"value": preset.value, "title": preset.label, "text": text, "items": _menu_under(preset)}
        for preset, text in texts.items()
    ]


def _menu_under(preset: Preset) -> list[dict[str, str]]:
    with words_of(preset):
        return [{"icon": entry.icon, "label": entry.label()} for entry in agent_entries(preset)]
