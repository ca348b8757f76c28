"""The general page of Settings."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.accounts.choices import Clock, DateOrder, DateSeparator
from portico.kit.errors import Refused
from portico.kit.names import clean_name
from portico.ui.words import say
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Workspace

FIELDS = (
    "name",
    "preset",
    "time_zone",
    "date_order",
    "date_separator",
    "clock",
    "support_contact",
)


class GeneralForm(forms.Form):
    """Name, words, formats, support contact; `version` is the one that the page was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Business name"), strip=False)
    preset = forms.ChoiceField(
        label=_("Kind of business"), choices=Preset.choices, widget=forms.RadioSelect
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Memberships end at midnight here.")
    )
    date_order = forms.ChoiceField(label=_("Order of dates"), choices=DateOrder.choices)
    date_separator = forms.ChoiceField(label=_("Separator"), choices=DateSeparator.choices)
    clock = forms.ChoiceField(label=_("Clock"), choices=Clock.choices)
    support_contact = forms.ChoiceField(label=_("Support contact"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = Agent.objects.active().filter(is_disabled=False).order_by("name_key")
        zone: Any = self.fields["time_zone"]
        zone.choices = [(name, name) for name in sorted(available_timezones())]
        contact: Any = self.fields["support_contact"]
        contact.help_text = say("Whom people are told to ask when nobody else looks after them.")
        contact.choices = [("", _("Nobody")), *((str(row.pk), row.display_name) for row in agents)]

    def clean_name(self) -> str:
        """A name of 2 to 200 characters."""
        try:
            return clean_name(self.cleaned_data["name"])
        except Refused as refused:
            raise forms.ValidationError(refused.detail, code=refused.code) from refused

    def changes(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = {field: self.cleaned_data[field] for field in FIELDS}
        contact = chosen.pop("support_contact")
        chosen["support_contact"] = Agent.objects.get(pk=contact) if contact else None
        return chosen


def values_of(workspace: Workspace) -> dict[str, Any]:
    """The present values, as the form shows them."""
    values = {field: getattr(workspace, field) for field in FIELDS if field != "support_contact"}
    contact = workspace.support_contact_id
    return {
        **values,
        "support_contact": str(contact) if contact else "",
        "version": workspace.version,
    }
