"""The form of a colleague."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.accounts.choices import Licence
from portico.kit.errors import Refused
from portico.workspaces.models import Agent, Role


class AgentForm(forms.Form):
    """Name, roles and licence; what may be given is judged by the action."""

    name = forms.CharField(label=_("Name"), max_length=500)
    role_ids = forms.MultipleChoiceField(
        label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False
    )
    licence = forms.ChoiceField(
        label=_("Licence"), choices=Licence.choices, widget=forms.RadioSelect
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role_choices = [(str(role.pk), role.name) for role in roles]
        field: Any = self.fields["role_ids"]
        field.choices = self.role_choices

    def changes(self) -> dict[str, Any]:
        """What `change_agent` takes; roles only when ticked otherwise."""
        values = {"name": self.cleaned_data["name"], "licence": self.cleaned_data["licence"]}
        if "role_ids" in self.changed_data:
            values["role_ids"] = [UUID(key) for key in self.cleaned_data["role_ids"]]
        return values

    def show_problems(self, refused: Refused) -> None:
        """Put what the action refused at the fields where it is wrong, the rest above the form."""
        for problem in refused.errors:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        if not refused.errors:
            self.add_error(None, refused.detail)


def values_of(agent: Agent, roles: list[Role]) -> dict[str, Any]:
    """What the form shows of a colleague as they are now."""
    return {
        "name": agent.name,
        "licence": agent.licence,
        "role_ids": [str(role.pk) for role in roles],
        "version": agent.version,
    }
