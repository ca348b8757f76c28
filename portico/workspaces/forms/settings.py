"""The forms of Settings that hold the workspace's own fields, and what all of them share."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.accounts.choices import Clock, DateOrder, DateSeparator
from portico.kit.errors import Refused
from portico.ui.words import say
from portico.workspaces.models import Agent, Workspace

BEFORE = "before-"


class SettingsForm(forms.Form):
    """A page of Settings; `version` is the one that the page was read at.

    Each field shows what `values_of` answers; what it showed comes back beside what was typed, so
    that a page that was overtaken can tell which fields only the other one changed.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def values_of(cls, workspace: Workspace) -> dict[str, Any]:
        """The present values of all fields, as the form shows them."""
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """The fields that hold a setting."""
        return [name for name in self.fields if name != "version"]

    def changes(self, workspace: Workspace) -> dict[str, Any]:
        """What `update_workspace` takes."""
        return {name: self.cleaned_data[name] for name in self.names}

    def show_problems(self, refused: Refused) -> None:
        """Put what the action refused at the fields where it is wrong, the rest above the form."""
        for problem in refused.errors:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        if not refused.errors:
            self.add_error(None, refused.detail)


class GeneralForm(SettingsForm):
    """Name, time zone, currency, formats of new users, support contact."""

    name = forms.CharField(label=_("Business name"), strip=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Memberships end at midnight here.")
    )
    currency = forms.CharField(label=_("Currency"), help_text=_("Three letters, such as EUR."))
    support_contact = forms.ChoiceField(label=_("Support contact"), required=False)
    support_text = forms.CharField(
        label=_("Or a page, address or sentence"),
        required=False,
        help_text=_("Shown instead of a colleague: https://…, an e-mail address or plain text."),
    )
    date_order = forms.ChoiceField(label=_("Order of dates"), choices=DateOrder.choices)
    date_separator = forms.ChoiceField(label=_("Separator"), choices=DateSeparator.choices)
    clock = forms.ChoiceField(label=_("Clock"), choices=Clock.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = Agent.objects.active().filter(is_disabled=False).order_by("name_key")
        zone: Any = self.fields["time_zone"]
        zone.choices = [(name, name) for name in sorted(available_timezones())]
        contact: Any = self.fields["support_contact"]
        contact.help_text = say("Whom people are told to ask when nobody else looks after them.")
        contact.choices = [("", _("Nobody")), *((str(row.pk), row.display_name) for row in agents)]

    @classmethod
    def values_of(cls, workspace: Workspace) -> dict[str, Any]:
        """The present values."""
        contact = workspace.support_contact_id
        own = {name: getattr(workspace, name) for name in cls.base_fields if name != "version"}
        return {**own, "support_contact": str(contact) if contact else ""}

    def changes(self, workspace: Workspace) -> dict[str, Any]:
        """What the action takes; the contact as a record."""
        chosen = super().changes(workspace)
        contact = chosen["support_contact"]
        return {
            **chosen,
            "support_contact": Agent.objects.get(pk=contact) if contact else None,
        }


class AppearanceForm(SettingsForm):
    """The accent colour."""

    accent = forms.CharField(
        label=_("Accent colour"),
        help_text=_("As #rrggbb. Buttons, links and marks take it. Portico's own is #0d5f68."),
    )

    @classmethod
    def values_of(cls, workspace: Workspace) -> dict[str, Any]:
        """The present colour."""
        return {"accent": workspace.accent}


def values_of(workspace: Workspace) -> dict[str, Any]:
    """The present values of the general page with the version they were read at."""
    return {**GeneralForm.values_of(workspace), "version": workspace.version}


def as_text(value: Any) -> str:
    """A value as it is compared between what was shown, typed and saved."""
    if isinstance(value, list | tuple):
        return ",".join(sorted(str(part) for part in value))
    return "" if value is None else str(value)


def before_of(form: SettingsForm, values: Mapping[str, Any]) -> dict[str, str]:
    """What the page shows, as hidden fields that come back with it."""
    return {BEFORE + name: as_text(values[name]) for name in form.names}
