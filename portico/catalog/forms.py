"""The form of a service. Its rules live in the actions; it only shows and carries values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.catalog.models import Service
from portico.kit.errors import Refused

TEXTS = ("name", "description")
FLAGS = ("is_active", "for_everyone")


class ServiceForm(forms.Form):
    """The fields of a service."""

    name = forms.CharField(label=_("Name"), required=False, strip=False)
    description = forms.CharField(
        label=_("Description"), required=False, strip=False, widget=forms.Textarea
    )
    is_active = forms.BooleanField(label=_("Active"), required=False)
    for_everyone = forms.BooleanField(label=_("Offered to everyone"), required=False)

    def fields_to_save(self) -> dict[str, Any]:
        """The values that were sent, uncleaned."""
        self.is_valid()
        texts = {name: self.data.get(name, "") for name in TEXTS}
        return texts | {name: bool(self.data.get(name)) for name in FLAGS}

    def show(self, refused: Refused) -> None:
        """Put each problem at its field."""
        self.is_valid()
        for problem in refused.errors:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        if not refused.errors:
            self.add_error(None, refused.detail)


def values_of(service: Service) -> dict[str, Any]:
    """The present values of the fields that the form shows."""
    return {name: getattr(service, name) for name in (*TEXTS, *FLAGS)}
