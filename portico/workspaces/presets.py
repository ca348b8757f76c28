"""What each preset sets by default; every value can be changed one by one (domain.md)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from portico.workspaces.choices import Preset

HIDDEN, OPTIONAL, REQUIRED = "hidden", "optional", "required"

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
        "modules": ("jobs",),
    },
    Preset.AGENCY: {
        "organization_required": True,
        "email_required": True,
        "membership_end": OPTIONAL,
        "default_client_role": "Client",
        "role_in_invitation": True,
        "initial_password": False,
        "modules": ("services", "requests", "billing"),
    },
    Preset.SUPPORT_DESK: {
        "organization_required": False,
        "email_required": True,
        "membership_end": OPTIONAL,
        "default_client_role": "",
        "role_in_invitation": True,
        "initial_password": True,
        "modules": ("requests", "pages"),
    },
    Preset.PARTNER: {
        "organization_required": True,
        "email_required": True,
        "membership_end": REQUIRED,
        "default_client_role": "Guest",
        "role_in_invitation": False,
        "initial_password": False,
        "modules": ("locations", "groups", "requests"),
    },
}


def effective_settings(preset: str, chosen: Mapping[str, Any]) -> Mapping[str, Any]:
    """The preset's defaults under what the workspace chose itself.

    A preset that is not one of the four (the tests' nonsense one) has the agency's defaults.
    """
    defaults = _BY_PRESET.get(preset, _BY_PRESET[Preset.AGENCY])
    return MappingProxyType({**_SAME_FOR_ALL, **defaults, **chosen})
