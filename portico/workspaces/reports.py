"""Who in the team can do what, whom to ask, and what each preset looks like."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.choices import Licence
from portico.kit.actors import Actor
from portico.kit.addresses import clean_email
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import current_scope, scope_or_none
from portico.ui.menu import agent_entries
from portico.ui.words import say, words_of
from portico.workspaces.choices import MembershipEnd, Module, Permission, Preset
from portico.workspaces.cleaning import RULES, Range, client_role_names
from portico.workspaces.models import DEFAULT_ACCENT, Agent, Role, Workspace
from portico.workspaces.presets import effective_settings, is_of_preset, preset_settings

YES, NO = "yes", "no"
Words = Callable[[], str]

LABELS: Mapping[str, Words] = {
    "organization_required": lambda: say("Every person belongs to an organization"),
    "email_required": lambda: say("Every person has an e-mail address"),
    "membership_end": lambda: say("Membership end date of an organization"),
    "default_client_role": lambda: _("Role given at first sign-in"),
    "role_in_invitation": lambda: _("Invitations ask for a role"),
    "initial_password": lambda: say("Agents may type an initial password"),
    "modules": lambda: _("Parts of the product in use"),
    "invitation_days": lambda: _("Days an invitation can be accepted"),
    "password_minimum": lambda: _("Shortest password, in characters"),
    "agent_idle_hours": lambda: say("Hours until an idle agent is signed out"),
    "agent_session_days": lambda: say("Days until an agent signs in again"),
    "person_idle_days": lambda: say("Days until an idle person is signed out"),
    "person_session_days": lambda: say("Days until a person signs in again"),
}
TEXTS: Mapping[str, Words] = {
    "organization_required": lambda: say(
        "Asked of new people in forms, imports and the API. People who have none stay as they are."
    ),
    "email_required": lambda: say("Without an address a person can't sign in."),
    "membership_end": lambda: _("The last day of access to the portal."),
    "default_client_role": lambda: _("For those whose invitation names no role."),
    "initial_password": lambda: _("It only opens the page on which an own one is chosen."),
    "password_minimum": lambda: _("At least 8. Passwords chosen before stay valid."),
}


def value_text(name: str, value: Any) -> str:
    """A value of a setting in the reader's words."""
    options = dict(setting_options(name))
    if isinstance(value, list | tuple):
        return ", ".join(options.get(str(part), str(part)) for part in value) or _("None")
    return str(options.get(shown_value(value), value))


def setting_options(name: str) -> list[tuple[str, str]]:
    """What a setting may be set to, with its words; numbers have none."""
    if name == "membership_end":
        return [(value, str(label)) for value, label in MembershipEnd.choices]
    if name == "modules":
        own: dict[str, str] = {Module.REQUESTS: say("Requests")}
        return [(value, own.get(value, str(label))) for value, label in Module.choices]
    if name == "default_client_role":
        return [(role, role or _("No role")) for role in client_role_names()]
    return [] if isinstance(RULES[name], Range) else [(YES, _("Yes")), (NO, _("No"))]


def shown_value(value: Any) -> Any:
    """A stored value as the fields hold it."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | tuple):
        return sorted(str(part) for part in value)
    return str(value)


def who_can_give(limit: int = 3) -> str:
    """The names of active agents who may give permissions, for pages that refuse."""
    return ", ".join(name for name, _email in givers(limit))


def givers(limit: int = 3) -> list[tuple[str, str]]:
    """Active agents who may give permissions: the name, or what stands for it, and the address."""
    roles = [
        role.pk
        for role in Role.objects.filter(kind="agent")
        if Permission.MANAGE_TEAM in role.permissions
    ]
    agents = Agent.objects.active().filter(role_assignments__role__in=roles, is_disabled=False)
    names = agents.distinct().order_by("name_key").values_list("name", "email")[:limit]
    return [(name or email, email) for name, email in names]


@dataclass(frozen=True, kw_only=True)
class SupportContact:
    """Whom everybody may ask: what is shown, and where it leads if it leads anywhere."""

    label: str
    url: str = ""
    address: str = ""


def support_contact() -> SupportContact | None:
    """The page, address or sentence that was named; else the agent; None when neither is there."""
    settings = current_scope().settings
    text = settings["support_text"]
    if text:
        return SupportContact(label=text, url=_address_of(text))
    if settings["support_contact_id"] is None:
        return None
    agents = Agent.objects.active().filter(is_disabled=False)
    agent: Agent | None = agents.filter(pk=settings["support_contact_id"]).first()
    if agent is None:
        return None
    return SupportContact(
        label=agent.display_name, url=f"mailto:{agent.email}", address=agent.email
    )


def _address_of(text: str) -> str:
    """Where a support contact leads: a page, a mail; "" for a sentence."""
    if text.lower().startswith(("https://", "http://")) and " " not in text:
        return text
    try:
        return f"mailto:{clean_email(text)}"
    except Refused:
        return ""


def accent_url() -> str:
    """The stylesheet of the workspace's own colour; "" where it is the product's."""
    scope = scope_or_none()
    colour = scope.settings["accent"] if scope else DEFAULT_ACCENT
    if colour == DEFAULT_ACCENT:
        return ""
    return reverse("accent.sheet", kwargs={"colour": colour.removeprefix("#")})


@dataclass(frozen=True, kw_only=True)
class SettingStanding:
    """Where the value of a setting comes from, and what the preset would set."""

    is_own: bool
    is_of_preset: bool
    default: str


def settings_shown(workspace: Workspace, names: Sequence[str]) -> dict[str, SettingStanding]:
    """Of each setting: whether the value is the workspace's own, and the preset's value."""
    defaults = preset_settings(workspace.preset)
    return {
        name: SettingStanding(
            is_own=name in workspace.settings,
            is_of_preset=is_of_preset(name),
            default=value_text(name, defaults[name]),
        )
        for name in names
    }


@dataclass(frozen=True, kw_only=True)
class SettingChange:
    """What another preset does to a setting; an own value stays."""

    label: str
    old: str
    new: str
    stays: bool


def changes_under(workspace: Workspace, preset: str) -> list[SettingChange]:
    """The settings that this preset would change, and the own values that it leaves alone.

    Told in the words of this preset, as everything beside it on the page.
    """
    present = effective_settings(workspace.preset, workspace.settings)
    wanted = preset_settings(preset)
    with words_of(preset):
        return [
            SettingChange(
                label=LABELS[name](),
                old=value_text(name, present[name]),
                new=value_text(name, wanted[name]),
                stays=name in workspace.settings,
            )
            for name in RULES
            if value_text(name, present[name]) != value_text(name, wanted[name])
        ]


PERMISSION_LABELS: Mapping[str, Words] = {
    **{value: partial(str, label) for value, label in Permission.choices},
    Permission.CREATE_CLIENTS: lambda: say("Add people and send invitations"),
    Permission.EDIT_CLIENTS: lambda: say("Change people, their roles and sign-in"),
    Permission.MANAGE_CLIENT_ORGANIZATIONS: lambda: say("Create and edit organizations"),
    Permission.VIEW_REQUESTS: lambda: say("See requests"),
    Permission.MANAGE_REQUESTS: lambda: say("Work on requests"),
    Permission.MANAGE_REQUEST_TYPES: lambda: say("Set up kinds of requests"),
    Permission.VIEW_CLIENTS: lambda: say("See people and organizations"),
}
"""What each permission allows, in the words of the preset."""


def permission_text(code: str) -> str:
    """A permission as a refusal names it: what it allows, and its code."""
    if code == "full_licence":
        return _("a full licence")
    label = PERMISSION_LABELS.get(code)
    return f"{label()} (“{code}”)" if label else f"“{code}”"


def own_rights(actor: Actor) -> dict[str, Any]:
    """An agent's roles and licence, and what they may do by them, with its words and codes."""
    roles = Role.objects.filter(assignments__user=actor.user_id).order_by("name")
    return {
        "roles": list(roles.values_list("name", flat=True)),
        "licence": Licence(actor.licence).label if actor.licence else "",
        "is_read_only": actor.licence == Licence.READ_ONLY,
        "allowed": [
            (label(), code) for code, label in PERMISSION_LABELS.items() if actor.may(code)
        ],
        "givers": "" if actor.may(*Permission.values) else who_can_give(),
    }


def preset_cards() -> list[dict[str, Any]]:
    """The four presets with the menu that each one gives, in its own words."""
    texts = {
        Preset.FIELD_SERVICE: _("Clients, their contacts and the jobs you do for them"),
        Preset.AGENCY: _("Organizations, their people and what they ask of you"),
        Preset.SUPPORT_DESK: _("Clients who report, return and ask"),
        Preset.PARTNER: _("Client accounts with an end date and their own admins"),
    }
    return [
        {
            "value": preset.value,
            "title": preset.label,
            "text": text,
            "items": _menu_under(preset, {}),
        }
        for preset, text in texts.items()
    ]


def _menu_under(preset: str, chosen: Mapping[str, Any]) -> list[dict[str, str]]:
    """The menu under this preset, with what a workspace chose itself."""
    entries = agent_entries(preset, effective_settings(preset, chosen)["modules"])
    with words_of(preset):
        return [{"icon": entry.icon, "label": entry.label()} for entry in entries]


@dataclass(frozen=True, kw_only=True)
class PagePreview:
    """What a page would be called under a preset: its heading, its button, its lines."""

    heading: str
    button: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WordsPreview:
    """Menu and three pages in the words of a preset."""

    menu: list[dict[str, str]]
    pages: tuple[PagePreview, ...]


def preview_of(preset: str, chosen: Mapping[str, Any]) -> WordsPreview:
    """Menu, Home, the list of organizations and the form of a person under this preset.

    `chosen` are the settings that the workspace has values of its own for.
    """
    with words_of(preset):
        home = PagePreview(
            heading=_("Home"),
            button="",
            lines=(
                say("Bring in your organizations and people"),
                say("Invite a person"),
            ),
        )
        organizations = PagePreview(
            heading=say("Organizations"),
            button=say("Create organization"),
            lines=(say("Search organizations"), say("Active organizations"), say("People")),
        )
        person = PagePreview(
            heading=say("New person"),
            button=say("Create person now"),
            lines=(_("Name"), _("E-mail"), say("Organization")),
        )
    return WordsPreview(menu=_menu_under(preset, chosen), pages=(home, organizations, person))
