"""The forms of an import: the file, and what its columns mean."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.transfers.choices import Existing, UnknownOrganizations
from portico.ui.words import say

COLUMN = "column-"


class FileForm(forms.Form):
    """Which file, and of what."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    file = forms.FileField(allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = forms.ChoiceField(
            label=_("What does the file hold?"), choices=kind_choices(), widget=forms.RadioSelect
        )
        self.fields["kind"] = kinds
        self.fields["file"].label = _("File")
        self.fields["file"].error_messages = {"required": _("Choose a file.")}


class ChoicesForm(forms.Form):
    """How the import behaves."""

    organization = forms.CharField(required=False, max_length=200, strip=True)
    unknown_organizations = forms.ChoiceField(required=False)
    existing = forms.ChoiceField()
    all_or_nothing = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._set_choices()
        if kind == "organizations":
            del self.fields["organization"], self.fields["unknown_organizations"]

    def _set_choices(self) -> None:
        fields: Mapping[str, Any] = self.fields
        fields["organization"].label = say("Organization of rows that name none")
        fields["unknown_organizations"].label = say("Organizations that are not there yet")
        fields["unknown_organizations"].choices = [
            (UnknownOrganizations.CREATE.value, _("Create them")),
            (UnknownOrganizations.REFUSE.value, _("Refuse their rows")),
        ]
        fields["existing"].label = _("Records that are there already")
        fields["existing"].choices = [
            (Existing.SKIP.value, _("Leave them as they are")),
            (Existing.UPDATE.value, _("Change what the file says differently")),
        ]
        fields["all_or_nothing"].label = _("Import nothing when a row is wrong")


def kind_choices() -> list[tuple[str, str]]:
    """The two kinds of files."""
    return [("people", say("People")), ("organizations", say("Organizations"))]


def mapping_of(data: QueryDict, columns: list[str]) -> dict[str, str]:
    """Column to field, as the selects of the page say; columns that it did not show stay as is."""
    chosen = ((name, data.get(f"{COLUMN}{place}")) for place, name in enumerate(columns))
    return {name: field for name, field in chosen if field is not None}
