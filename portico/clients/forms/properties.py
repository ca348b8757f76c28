"""The form that defines a custom property."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.clients.choices import PropertyKind
from portico.clients.models import CustomProperty

FLAGS = ("is_required", "is_visible_to_clients")


class PropertyForm(forms.Form):
    """Label, kind, choices and the two switches; the rules live in the action."""

    label = forms.CharField(label=_("Label"), required=False, strip=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=PropertyKind.choices, required=False)
    choices = forms.CharField(
        label=_("Choices"), required=False, strip=False, widget=forms.Textarea()
    )
    is_required = forms.BooleanField(label=_("Required"), required=False)
    is_visible_to_clients = forms.BooleanField(label=_("Shown in the portal"), required=False)

    def fields_to_save(self) -> dict[str, Any]:
        """The values that were sent, uncleaned."""
        self.is_valid()
        return {
            name: bool(self.data.get(name)) if name in FLAGS else self.data.get(name, "")
            for name in self.fields
        }


def values_of(definition: CustomProperty) -> dict[str, Any]:
    """The present values as the form shows them: one choice on each line."""
    return {
        "label": definition.label,
        "kind": definition.kind,
        "choices": "\n".join(definition.choices),
        **{name: getattr(definition, name) for name in FLAGS},
    }
