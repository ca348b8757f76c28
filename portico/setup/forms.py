"""The one form of first run."""

import zoneinfo
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import User
from portico.kit.addresses import clean_email
from portico.kit.errors import Refused
from portico.kit.names import clean_name
from portico.workspaces.choices import Preset


class FirstRunForm(forms.Form):
    """The business, its first agent, the preset."""

    workspace = forms.CharField(label=_("Business name"), strip=False)
    name = forms.CharField(label=_("Your name"), strip=False)
    email = forms.CharField(label=_("Your e-mail"), strip=False)
    password = forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput)
    preset = forms.ChoiceField(
        label=_("How do you work with your clients?"),
        choices=Preset.choices,
        initial=Preset.AGENCY,
        widget=forms.RadioSelect,
    )
    example_data = forms.BooleanField(
        label=_("Add example data (can be removed in one step)"), required=False
    )

    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_time_zone(self) -> str:
        """The browser's own zone; UTC where it said none, or one that nobody knows."""
        zone: str = self.cleaned_data["time_zone"]
        return zone if zone in zoneinfo.available_timezones() else "UTC"

    def clean_workspace(self) -> str:
        """A name of 2 to 200 characters."""
        return _cleaned(clean_name, self.cleaned_data["workspace"])

    def clean_name(self) -> str:
        """A name of 2 to 200 characters."""
        return _cleaned(clean_name, self.cleaned_data["name"])

    def clean_email(self) -> str:
        """One bare address."""
        return _cleaned(clean_email, self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """Judge the password with the words that an attacker would know."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password:
            known = " ".join(str(cleaned.get(field, "")) for field in ("name", "workspace"))
            try:
                validate_password(password, User(name=known, email=cleaned.get("email", "")))
            except forms.ValidationError as error:
                self.add_error("password", error.messages[0])
        return cleaned


def _cleaned(clean: Any, text: str) -> str:
    try:
        return str(clean(text))
    except Refused as refused:
        raise forms.ValidationError(refused.detail, code=refused.code) from refused
