"""The forms of an import: the file, and what its columns mean."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.accounts.choices import DateOrder
from portico.transfers.choices import MATCHES, Existing, Match, UnknownOrganizations
from portico.transfers.reading.fields import Kind
from portico.transfers.reports import match_label
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
    match = forms.ChoiceField(required=False)
    date_order = forms.ChoiceField(required=False)
    clear_empty = forms.BooleanField(required=False)
    all_or_nothing = forms.BooleanField(required=False)
    invite = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kind: Kind, has_dates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._set_choices(kind)
        if kind == "organizations":
            del self.fields["organization"], self.fields["unknown_organizations"]
        if not has_dates:
            del self.fields["date_order"]

    def clean_match(self) -> str:
        """A form without the field leaves the usual key."""
        return self.cleaned_data["match"] or Match.AUTO.value

    def clean_date_order(self) -> str:
        """A form without the field leaves the order that was found in the file."""
        chosen: str = self.cleaned_data["date_order"] or self.initial["date_order"]
        return chosen

    def _set_choices(self, kind: Kind) -> None:
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
        fields["match"].label = _("Find them by")
        fields["match"].choices = [(key.value, match_label(key, kind)) for key in MATCHES[kind]]
        fields["match"].help_text = _(
            "Only where records are changed. By one column alone, every row has to fill it."
        )
        fields["date_order"].label = _("Dates are written as")
        fields["date_order"].choices = DateOrder.choices
        fields["date_order"].help_text = _("2027-12-31 is read in any case.")
        fields["clear_empty"].label = _("Empty cells clear the field")
        fields["clear_empty"].help_text = _(
            "Otherwise an empty cell leaves the field as it is. Names and addresses always stay."
        )
        fields["invite"].label = say("Invite the people who are created")
        fields["invite"].help_text = _("Only with an e-mail address. You see how many before.")
        fields["all_or_nothing"].label = _("Import nothing when a row is wrong")


class SheetForm(forms.Form):
    """Which sheet of a workbook."""

    sheet = forms.CharField(max_length=200, strip=False)


def kind_choices() -> list[tuple[str, str]]:
    """The two kinds of files."""
    return [("people", say("People")), ("organizations", say("Organizations"))]


def corrections_of(data: QueryDict, rows: list[dict[str, Any]]) -> dict[int, dict[str, str]]:
    """Row number to column to text, as far as the cells on the page were changed.

    A text field shows line breaks as blanks; a cell that differs in them alone is unchanged.
    """
    changed: dict[int, dict[str, str]] = {}
    for row in rows:
        for cell in row["cells"]:
            text = data.get(cell["name"])
            if text is not None and text.split() != cell["text"].split():
                changed.setdefault(row["row"], {})[cell["column"]] = text
    return changed


def mapping_of(data: QueryDict, columns: list[str]) -> dict[str, str]:
    """Column to field, as the selects of the page say; columns that it did not show stay as is."""
    chosen = ((name, data.get(f"{COLUMN}{place}")) for place, name in enumerate(columns))
    return {name: field for name, field in chosen if field is not None}
