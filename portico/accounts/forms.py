"""Forms of sign-in and of one's own account."""

import datetime
import itertools
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.actions.passwords import request_password_reset
from portico.accounts.actions.profiles import time_zones
from portico.accounts.choices import Clock, DateOrder, DateSeparator, Density, Theme
from portico.accounts.guards import entry_refusal
from portico.accounts.models import User
from portico.kit.addresses import clean_email, email_key
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import Formats

BETWEEN = "|"


class AddressField(forms.CharField):
    """One e-mail address, by our own rules: Django's validator refuses real ones."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("E-mail"))
        options.setdefault("widget", forms.EmailInput)
        super().__init__(strip=False, **options)

    def clean(self, value: Any) -> str:
        """The address as typed, without outer white space."""
        try:
            return clean_email(super().clean(value))
        except Refused as refused:
            raise ValidationError(refused.detail, code=refused.code) from refused


class LoginForm(allauth_forms.LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField()
        self.fields["password"].help_text = ""


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """The address to which a link is mailed, if its user may sign in with a password."""

    email = AddressField()

    def clean_email(self) -> str:
        """Look the address up by its key; whether it was found shows nowhere."""
        address: str = self.cleaned_data["email"]
        user = User.objects.filter(email_key=email_key(address)).first()
        self.users = [user] if user is not None and _may_reset(user) else []
        return address

    def save(self, request: HttpRequest, **_options: Any) -> str:
        """Record the request; nothing is sent from here, nor ever to the typed address (R-C46)."""
        for user in self.users:
            request_password_reset(user)
        return str(self.cleaned_data["email"])


def _may_reset(user: User) -> bool:
    refusal = entry_refusal(user)
    return user.has_usable_password() and (refusal is None or refusal.may_sign_in)


class NewPasswordForm(forms.Form):
    """A password chosen by its user, typed once: it can be shown."""

    password1 = forms.CharField(label=_("New password"), strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        """Only a good one (domain.md, Passwords)."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    oldpassword = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput
    )
    field_order = ("oldpassword", "password1")


class ProfileForm(forms.Form):
    """Name and telephone number."""

    name = forms.CharField(label=_("Your name"), strip=False, max_length=1000)
    phone = forms.CharField(label=_("Phone"), strip=False, max_length=1000, required=False)

    @classmethod
    def initial_of(cls, user: User) -> dict[str, Any]:
        """What the form shows first."""
        return {"name": user.name, "phone": user.phone}

    def changes(self) -> dict[str, Any]:
        """What is to be saved."""
        return dict(self.cleaned_data)


class FormatsForm(forms.Form):
    """How dates and times are written, chosen from examples (S3.26 to S3.28), and the time zone."""

    moment = forms.ChoiceField(label=_("Date and time"))
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = current_scope().time_zone
        self.fields["moment"].choices = moment_choices(timezone.now(), zone)  # type: ignore[attr-defined]
        same = _("As the workspace (%(zone)s)") % {"zone": zone}
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", same),
            *((name, name.replace("_", " ")) for name in time_zones()),
        ]

    @classmethod
    def initial_of(cls, user: User) -> dict[str, Any]:
        """What the form shows first."""
        chosen = (user.date_order, user.date_separator, user.clock)
        return {"moment": BETWEEN.join(chosen), "time_zone": user.time_zone}

    def changes(self) -> dict[str, Any]:
        """What is to be saved."""
        order, separator, clock = self.cleaned_data["moment"].split(BETWEEN)
        return {
            "date_order": order,
            "date_separator": separator,
            "clock": clock,
            "time_zone": self.cleaned_data["time_zone"],
        }


def moment_choices(now: datetime.datetime, zone: str) -> list[tuple[str, str]]:
    """The twelve ways to write a moment, each shown by this very moment."""
    ways = itertools.product(DateOrder.values, DateSeparator.values, Clock.values)
    return [(BETWEEN.join(way), Formats(way[0], way[1], way[2], zone).moment(now)) for way in ways]


class DisplayForm(forms.Form):
    """Light or dark; for agents also how dense lists are and whether keys are shortcuts."""

    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, widget=forms.RadioSelect)
    density = forms.ChoiceField(
        label=_("Rows of lists"), choices=Density.choices, widget=forms.RadioSelect
    )
    has_shortcuts = forms.BooleanField(label=_("Keyboard shortcuts"), required=False)
    asks_before_archiving = forms.BooleanField(label=_("Ask before archiving"), required=False)

    def __init__(self, *args: Any, is_agent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_agent:
            for name in ("density", "has_shortcuts", "asks_before_archiving"):
                del self.fields[name]

    @classmethod
    def initial_of(cls, user: User) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "theme": user.theme,
            "density": user.density,
            "has_shortcuts": user.has_shortcuts,
            "asks_before_archiving": user.asks_before_archiving,
        }

    def changes(self) -> dict[str, Any]:
        """What is to be saved."""
        return dict(self.cleaned_data)
