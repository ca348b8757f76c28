"""The form of a person. Its rules live in the actions; it only shows and carries values."""

from typing import Any
from uuid import UUID

from django import forms

from portico.clients.forms.details import day_or_text
from portico.clients.forms.parts import Text, add_parts, joined, parts_of_person, values_of_person
from portico.clients.models import Organization, Person
from portico.clients.panels import ORGANIZATION_LABELS, PERSON_LABELS
from portico.clients.reports import belongings_of
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.presets import REQUIRED

FOLDED = ("given_name", "family_name")
NEW_FIELDS = ("name", "email", "position", "phone", *FOLDED)
FIELDS = ("name", *FOLDED, "email", "position", "phone", "reference")
OFFERED = 50
ORGANIZATION = "organization"
NO_SUCH = "00000000-0000-0000-0000-000000000000"


class PersonForm(forms.Form):
    """The fields of a person as plain text."""

    shown: tuple[str, ...] = FIELDS

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.shown:
            self.fields[name] = forms.CharField(
                label=PERSON_LABELS[name](), required=False, strip=False
            )
        self.fields["avatar"] = forms.FileField(label=PERSON_LABELS["avatar"](), required=False)
        self.parts = parts_of_person(person)
        add_parts(self, self.parts)

    def fields_to_save(self) -> dict[str, Any]:
        """The values that were sent, uncleaned.

        A name that stands as it stood was not typed, and follows its parts (X19).
        """
        self.is_valid()
        names = (*self.shown, *(part.name for part in self.parts))
        sent = {name: joined(self.data, name) for name in names}
        if sent["name"] == self.initial.get("name"):
            del sent["name"]
        return sent

    @property
    def is_more_wrong(self) -> bool:
        """Whether a field that is folded away at first has a problem."""
        folded = (*FOLDED, *(part.name for part in self.parts))
        return self.is_bound and any(name in self.errors for name in folded)


class NewPersonForm(PersonForm):
    """A person, the organization they belong to, and a way to create that one on the spot."""

    shown = NEW_FIELDS

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = forms.CharField(label=say("Organization"), required=False)
        if actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS):
            self.fields["organization_name"] = forms.CharField(
                label=say("Name of the new organization"), required=False, strip=False
            )
            if current_scope().settings["membership_end"] == REQUIRED:
                self.fields["organization_end_date"] = forms.CharField(
                    label=ORGANIZATION_LABELS["membership_end_date"](), required=False
                )

    @property
    def may_create_organization(self) -> bool:
        """Whether the form offers to create an organization."""
        return "organization_name" in self.fields

    @property
    def new_organization(self) -> dict[str, Any]:
        """The fields of an organization that was typed into this form; empty when none was."""
        name = self.data.get("organization_name", "")
        if not self.may_create_organization or not name.strip():
            return {}
        typed: dict[str, Any] = {"name": name}
        if "organization_end_date" in self.fields:
            typed["membership_end_date"] = day_or_text(self.data.get("organization_end_date", ""))
        return typed

    @property
    def organization_id(self) -> Any:
        """The organization chosen; an id that is none stands for one that nobody has."""
        chosen = self.data.get("organization", "")
        return (parse_id(chosen) or parse_id(NO_SUCH)) if chosen else None


class EditPersonForm(PersonForm):
    """What is known of a person, and the organization that they belong to first (S2.21)."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields[ORGANIZATION] = forms.CharField(label=say("Organization"), required=False)

    def organization_to_move_to(self, person: Person) -> UUID | None:
        """The organization that was chosen instead of the present one; None: it stays.

        Raises Refused("required") where the present one was taken away: ending a membership is
        an act of its own.
        """
        present = str(_first_place(person))
        chosen = str(self.data.get(ORGANIZATION, present))
        if chosen == present:
            return None
        if not chosen:
            raise Refused("required", say("Choose an organization."), field=ORGANIZATION)
        return parse_id(chosen) or UUID(NO_SUCH)


def _first_place(person: Person) -> Text:
    """The organization that somebody belongs to first, by its id."""
    belongings = belongings_of(person)
    if not belongings or belongings[0].organization_id is None:
        return Text("", "")
    return Text(str(belongings[0].organization_id), belongings[0].organization_name)


def offered_organizations(actor: Actor, chosen_id: str = "") -> list[tuple[str, str]]:
    """The first organizations a person can be put into, and the chosen one, as (id, name)."""
    rows = Organization.objects.visible_to(actor).assignable()
    offered = list(rows.order_by("name_key", "pk").values_list("pk", "name")[:OFFERED])
    key = parse_id(chosen_id)
    if key is not None and key not in {row[0] for row in offered}:
        offered += list(rows.filter(pk=key).values_list("pk", "name"))
    return [(str(pk), name) for pk, name in offered]


def values_of(person: Person) -> dict[str, Any]:
    """The present values of the fields that the form shows."""
    own = {name: getattr(person, name) for name in FIELDS}
    return own | {ORGANIZATION: _first_place(person)} | values_of_person(person)
