"""The form of an organization. Its rules live in the actions; it only shows and carries values."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from portico.clients.forms.details import day_or_text
from portico.clients.forms.parts import (
    add_parts,
    joined,
    parts_of_organization,
    values_of_organization,
)
from portico.clients.forms.problems import as_text
from portico.clients.models import Organization
from portico.clients.panels import ORGANIZATION_LABELS
from portico.clients.panels.new_organizations import FollowingField
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import format_date
from portico.workspaces.presets import HIDDEN, OPTIONAL, REQUIRED, uses_membership_ends

TEXTS = (
    *("name", "reference", "website", "address_street", "address_city", "address_region"),
    *("address_postal_code", "address_country", "description"),
)
END_DATE = "membership_end_date"
AREAS = {"address_street": 2, "description": 4}


class OrganizationForm(forms.Form):
    """Every field as plain text; `fields_to_save` gives the action what it cleans itself."""

    def __init__(
        self,
        *args: Any,
        is_new: bool,
        organization: Organization | None = None,
        following: Sequence[FollowingField] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name] = _text_field(name)
        if uses_membership_ends():
            self.fields[END_DATE] = _text_field(END_DATE)
        self.following = following
        for field in following:
            self.fields[field.name] = forms.CharField(label=field.label(), required=False)
        if not is_new:
            self.fields["is_active"] = forms.BooleanField(
                label=ORGANIZATION_LABELS["is_active"](), required=False
            )
        self.ends_on = organization.membership_end_date if organization else None
        self.parts = parts_of_organization(organization)
        add_parts(self, self.parts)

    @property
    def is_more_wrong(self) -> bool:
        """Whether a field that is folded away at first has a problem."""
        seen = {"name", END_DATE, "__all__", *self._following_names}
        return bool(set(self.errors) - seen) if self.is_bound else False

    @property
    def followed(self) -> dict[str, str]:
        """What was typed into the fields of other apps; those left empty are not among it."""
        texts = {name: self.data.get(name, "").strip() for name in self._following_names}
        return {name: text for name, text in texts.items() if text}

    @property
    def _following_names(self) -> list[str]:
        return [field.name for field in self.following]

    def fields_to_save(self) -> dict[str, Any]:
        """The values that were sent, uncleaned, only those this form shows."""
        self.is_valid()
        sent = {
            name: bool(self.data.get(name)) if name == "is_active" else joined(self.data, name)
            for name in self.fields
            if name not in self._following_names
        }
        if END_DATE in sent:
            sent[END_DATE] = day_or_text(sent[END_DATE], counted_from=self.ends_on)
        return sent


def values_of(organization: Organization) -> dict[str, Any]:
    """The present values of the fields that the form of this workspace shows."""
    names = [*TEXTS, "is_active"]
    if uses_membership_ends():
        names.append(END_DATE)
    own = {name: getattr(organization, name) for name in names}
    if END_DATE in own:
        own[END_DATE] = format_date(own[END_DATE])
    return own | values_of_organization(organization)


def initial_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the form shows them at first."""
    return {
        name: value if name == "is_active" else as_text(value) for name, value in values.items()
    }


def end_date_setting() -> str:
    """Whether this workspace hides, offers or demands the membership end date."""
    setting: str = current_scope().settings["membership_end"]
    return setting if setting in {HIDDEN, OPTIONAL, REQUIRED} else OPTIONAL


def _text_field(name: str) -> forms.CharField:
    widget = forms.Textarea() if name in AREAS else forms.TextInput()
    return forms.CharField(
        label=ORGANIZATION_LABELS[name](), required=False, strip=False, widget=widget
    )
