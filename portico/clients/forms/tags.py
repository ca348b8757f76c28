"""The form of a tag."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.clients.choices import TagColour


class TagForm(forms.Form):
    """Name and colour; the rules live in the action."""

    name = forms.CharField(label=_("Name"), required=False, strip=False)
    colour = forms.ChoiceField(label=_("Colour"), choices=TagColour.choices, required=False)

    def fields_to_save(self) -> dict[str, Any]:
        """The values that were sent, uncleaned."""
        self.is_valid()
        return {name: self.data.get(name, "") for name in self.fields}
