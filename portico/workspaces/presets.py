"""What each preset sets by default; every value can be changed one by one (domain.md)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from portico.kit.tenancy.scope import current_scope
from portico.workspaces.choices import MembershipEnd, Module, Preset

HIDDEN, OPTIONAL, REQUIRED = MembershipEnd.values

_SAME_FOR_ALL: Mapping[str, Any] = {
    "invitation_days": 14,
    "password_minimum": 12,
    "agent_idle_hours": 8,
    "agent_session_days": 7,
    "person_idle_days": 14,
    "person_session_days": 60,
    "person_keys": False,
}

_BY_PRESET: Mapping[str, Mapping[str, Any]] = {
    Preset.FIELD_SERVICE: {
        "organization_required": True,
        "email_required": False,
        "membership_end": HIDDEN,
        "default_client_role": "Viewer",
        "role_in_invitation": True,
        "initial_password": False,
        "modules": (Module.JOBS,),
    },
    Preset.AGENCY: {
        "organization_required": True,
        "email_required": True,
        "membership_end": OPTIONAL,
        "default_client_role": "Client",
        "role_in_invitation": True,
        "initial_password": False,
        "modules": (Module.SERVICES, Module.REQUESTS, Module.BILLING),
    },
    Preset.SUPPORT_DESK: {
        "organization_required": False,
        "email_required": True,
        "membership_end": OPTIONAL,
        "default_client_role": "",
        "role_in_invitation": True,
        "initial_password": True,
        "modules": (Module.REQUESTS, Module.PAGES),
    },
    Preset.PARTNER: {
        "organization_required": True,
        "email_required": True,
        "membership_end": REQUIRED,
        "default_client_role": "Guest",
        "role_in_invitation": False,
        "initial_password": False,
        "modules": (Module.LOCATIONS, Module.GROUPS, Module.REQUESTS),
    },
}


def effective_settings(preset: str, chosen: Mapping[str, Any]) -> Mapping[str, Any]:
    """The preset's defaults under what the workspace chose itself."""
    return MappingProxyType({**preset_settings(preset), **chosen})


def preset_settings(preset: str) -> Mapping[str, Any]:
    """Every setting with the value that it has where nothing else was chosen.

    A preset that is not one of the four (the tests' nonsense one) has the agency's defaults.
    """
    defaults = _BY_PRESET.get(preset, _BY_PRESET[Preset.AGENCY])
    return MappingProxyType({**_SAME_FOR_ALL, **defaults})


def uses_membership_ends() -> bool:
    """Whether memberships end at all in this workspace.

    Where they do not, dates that are stored stay so, but keep nobody out, and nothing asks for
    them or speaks of them.
    """
    return bool(current_scope().settings["membership_end"] != HIDDEN)


def is_of_preset(name: str) -> bool:
    """Whether the presets differ in this setting, or may."""
    return name in _BY_PRESET[Preset.AGENCY]
