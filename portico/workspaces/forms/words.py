"""The form of the kind of business."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.workspaces.choices import Preset


class WordsForm(forms.Form):
    """One of the four presets, as read at `version`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    preset = forms.ChoiceField(
        label=_("Kind of business"), choices=Preset.choices, widget=forms.RadioSelect
    )
