"""The forms of memberships: which organization, which roles, what becomes of the past."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.clients.forms.people import NO_SUCH
from portico.kit.ids import parse_id
from portico.ui.words import say
from portico.workspaces.choices import RoleKind
from portico.workspaces.models import Role

STAYS, GOES = "stays", "goes"


class MembershipForm(forms.Form):
    """An organization (or a person) to choose, and the client roles."""

    def __init__(self, *args: Any, chooses: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"organization": say("Organization"), "person": say("Person")}
        if chooses:
            self.fields[chooses] = forms.CharField(label=labels[chooses], required=False)
        self.fields["roles"] = forms.CharField(label=_("Roles"), required=False)

    @property
    def role_ids(self) -> list[UUID]:
        """The ticked roles; an id that is none stands for one that nobody has."""
        return roles_in(self.data)

    def chosen(self, name: str) -> UUID | None:
        """The id chosen in this field; None where nothing is."""
        text = self.data.get(name, "")
        return (parse_id(text) or parse_id(NO_SUCH)) if text else None


def roles_in(sent: Mapping[str, Any]) -> list[UUID]:
    """The roles that a form sent."""
    texts = sent.getlist("roles") if isinstance(sent, QueryDict) else []
    found = [parse_id(text) or parse_id(NO_SUCH) for text in texts if text]
    return [key for key in found if key is not None]


def role_choices(held: Collection[UUID | str]) -> list[dict[str, Any]]:
    """All client roles, each with whether it is ticked."""
    ticked = {str(key) for key in held}
    roles = Role.objects.filter(kind=RoleKind.CLIENT).order_by("name")
    return [
        {"id": str(role.pk), "name": role.name, "is_ticked": str(role.pk) in ticked}
        for role in roles
    ]
