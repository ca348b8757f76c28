"""The forms of the settings that a preset fills, and of those that are the same for all."""

from typing import Any

from django import forms

from portico.workspaces.cleaning import RULES, OneOf, Range, SomeOf, YesNo
from portico.workspaces.forms.settings import SettingsForm
from portico.workspaces.models import Workspace
from portico.workspaces.presets import effective_settings
from portico.workspaces.reports import LABELS, TEXTS, YES, setting_options, shown_value


class RulesForm(SettingsForm):
    """Settings of a page, one field each, in the order in which `shown` names them."""

    shown: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.shown:
            self.fields[name] = _field(name)

    @classmethod
    def values_of(cls, workspace: Workspace) -> dict[str, Any]:
        """The values that count now, own or the preset's."""
        settings = effective_settings(workspace.preset, workspace.settings)
        return {name: shown_value(settings[name]) for name in cls.shown}

    def changes(self, workspace: Workspace) -> dict[str, Any]:
        """The settings that differ from what counts now: they become the workspace's own."""
        present = effective_settings(workspace.preset, workspace.settings)
        chosen = {name: _meant(self.cleaned_data[name], name) for name in self.shown}
        differs = [
            name for name in chosen if shown_value(present[name]) != shown_value(chosen[name])
        ]
        return {"settings": {name: chosen[name] for name in differs}}

    def others(self, name: str) -> list[tuple[str, Any]]:
        """What a field offers beside its present value: each as it reads, and as it is stored."""
        present, rows = self[name].value(), getattr(self.fields[name], "choices", ())
        return [(label, _meant(value, name)) for value, label in rows if value != present]

    def meant(self) -> dict[str, Any]:
        """The settings as they stand in the fields, saved or not, right or wrong."""
        return {name: _meant(self[name].value(), name) for name in self.shown}


class RecordRulesForm(RulesForm):
    """What is asked of new records, and what invitations do."""

    shown = (
        "organization_required",
        "email_required",
        "membership_end",
        "default_client_role",
        "role_in_invitation",
        "invitation_days",
        "initial_password",
        "modules",
    )


class SignInForm(RulesForm):
    """Passwords and how long a sign-in lasts."""

    shown = (
        "password_minimum",
        "agent_idle_hours",
        "agent_session_days",
        "person_idle_days",
        "person_session_days",
    )


def _field(name: str) -> forms.Field:
    shared: dict[str, Any] = {
        "label": LABELS[name](),
        "help_text": TEXTS[name]() if name in TEXTS else "",
    }
    rule = RULES[name]
    if isinstance(rule, Range):
        return forms.IntegerField(min_value=rule.least, max_value=rule.most, **shared)
    if isinstance(rule, SomeOf):
        return forms.MultipleChoiceField(
            choices=setting_options(name),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **shared,
        )
    is_optional = isinstance(rule, OneOf) and "" in dict(setting_options(name))
    return forms.ChoiceField(choices=setting_options(name), required=not is_optional, **shared)


def _meant(value: Any, name: str) -> Any:
    """What a field holds as it is stored."""
    return value == YES if isinstance(RULES[name], YesNo) else value
