"""Forms of invitations."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.accounts.choices import Licence
from portico.kit.errors import Refused
from portico.kit.signatures import recipients_in
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import RoleKind
from portico.workspaces.models import Role

NOBODY_TYPED = ""


class AcceptForm(forms.Form):
    """The invited one's name and password; the action judges both."""

    name = forms.CharField(label=_("Your name"), required=False, max_length=500)
    password = forms.CharField(
        label=_("Choose a password"), strip=False, required=False, widget=forms.PasswordInput
    )


class InviteAgentForm(forms.Form):
    """A colleague's address, name, roles and licence."""

    email = forms.CharField(label=_("E-mail"), widget=forms.EmailInput)
    name = forms.CharField(label=_("Name"), required=False, max_length=500)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False
    )
    licence = forms.ChoiceField(
        label=_("Licence"), choices=Licence.choices, initial=Licence.FULL, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        field.choices = [(str(role.pk), role.name) for role in roles]

    def role_ids(self) -> list[UUID]:
        """The chosen roles."""
        return [UUID(key) for key in self.cleaned_data["roles"]]


class InvitePersonForm(forms.Form):
    """Into which organization, with which role."""

    organization = forms.ChoiceField(required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(
        self,
        *args: Any,
        organizations: list[tuple[str, str]],
        roles: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].label = say("Organization")
        chosen: Any = self.fields["organization"]
        chosen.choices = organizations
        role: Any = self.fields["role"]
        role.choices = [(NOBODY_TYPED, ""), *roles]

    def organization_id(self) -> UUID | None:
        """The chosen organization; none: directly with the workspace."""
        key = self.cleaned_data["organization"]
        return UUID(key) if key else None

    def role_ids(self) -> list[UUID]:
        """The chosen role, if any."""
        key = self.cleaned_data["role"]
        return [UUID(key)] if key else []


class InviteAddressesForm(forms.Form):
    """Whom to invite into one organization, and with which role where it may be chosen."""

    addresses = forms.CharField(
        label=_("E-mail addresses"), required=False, strip=False, widget=forms.Textarea
    )
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [(NOBODY_TYPED, ""), *roles]

    @property
    def texts(self) -> list[str]:
        """One text for each who is meant; mere addresses may stand on one line."""
        return recipients_in(self.data.get("addresses", ""))

    @property
    def role_ids(self) -> list[UUID]:
        """The chosen role, if any."""
        key = self.cleaned_data["role"]
        return [UUID(key)] if key else []

    @property
    def role_name(self) -> str:
        """The role that somebody invited so starts with; empty where it is none."""
        default: str = current_scope().settings["default_client_role"]
        role: Any = self.fields["role"]
        chosen: str = dict(role.choices)[self.cleaned_data["role"]]
        return chosen or default


def show_problems(form: forms.Form, refused: Refused) -> None:
    """Put what an action refused at the fields where it is wrong, the rest above the form."""
    for problem in refused.errors:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    if not refused.errors:
        form.add_error(None, refused.detail)


def giveable_roles(permissions: frozenset[str]) -> list[Role]:
    """The agent roles that somebody with these permissions may give, the smaller ones first."""
    roles = Role.objects.filter(kind=RoleKind.AGENT)
    given = [role for role in roles if permissions.issuperset(role.permissions)]
    return sorted(given, key=lambda role: (len(role.permissions), role.name))
