"""Add many at once from pasted lines: each line is new, known already, or can't be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.actions.organizations import create_organization
from portico.clients.actions.people import create_person
from portico.clients.cleaning import clean_organization, clean_person
from portico.clients.models import Organization, Person
from portico.history.actions import count_act
from portico.kit.actors import Actor
from portico.kit.addresses import email_key
from portico.kit.errors import Refused
from portico.kit.names import name_key
from portico.kit.signatures import understand
from portico.kit.tenancy.models import is_one_of
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Permission

MOST_LINES = 200


class LineState(StrEnum):
    """What becomes of a pasted line."""

    NEW = "new"
    KNOWN = "known"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A pasted line: what would be created of it, or what it is already, or why it can't be read.

    `fields` are uncleaned, as the action that creates takes them. `url` leads to the known record.
    """

    text: str
    label: str
    state: LineState = LineState.NEW
    fields: Mapping[str, Any]
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Added:
    """What an addition of many did: the new records, and the lines that became none."""

    created: Sequence[Any]
    others: Sequence[Line]

    def labels(self, state: LineState) -> list[str]:
        """The names of the lines in this state."""
        return [line.label for line in self.others if line.state is state]


def sort_people(
    actor: Actor,
    texts: Sequence[str],
    *,
    organization_id: UUID | None = None,
    is_name_required: bool = True,
) -> list[Line]:
    """What would become of each line; two queries, nothing is changed.

    Known is who has the address, or, without one, who has the name in this organization. Where no
    name is required, an address that tells none is enough.
    """
    actor.require(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS)
    read = [_person_line(text, is_name_required=is_name_required) for text in _few(texts)]
    lines = _without_twins(read, key=_key_of_person)
    keys = [email_key(line.fields["email"]) for line in lines if line.fields.get("email")]
    holders = {user.email_key: user for user in User.objects.filter(is_one_of("email_key", keys))}
    names = [name_key(line.label) for line in lines if not line.fields.get("email")]
    same = Person.objects.visible_to(actor).active().filter(is_one_of("name_key", names))
    if organization_id is not None:
        same = same.of_organization(organization_id)
    namesakes = {person.name_key: person for person in same} if names else {}
    return [_known_person(line, holders=holders, namesakes=namesakes) for line in lines]


def sort_organizations(actor: Actor, texts: Sequence[str]) -> list[Line]:
    """What would become of each name; one query. Known is the name of one that is not archived."""
    actor.require(Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
    read = [_organization_line(text) for text in _few(texts)]
    lines = _without_twins(read, key=lambda line: name_key(line.label))
    keys = [name_key(line.label) for line in lines]
    known = Organization.objects.visible_to(actor).active().filter(is_one_of("name_key", keys))
    present = {row.name_key: row for row in known.only("id", "name", "name_key", "workspace_id")}
    return [_known_organization(line, present) for line in lines]


@transaction.atomic
def add_people(actor: Actor, texts: Sequence[str], *, organization_id: UUID | None = None) -> Added:
    """Create the people of the new lines; one that fails at the last moment is told, not lost.

    Each is created by itself with every rule of `create_person`, all in one transaction and as one
    act. Raises Refused("nothing_new") when no line is new, and what concerns all of them.
    """
    lines = sort_people(actor, texts, organization_id=organization_id)
    added = _add(
        lines,
        create=lambda line: create_person(actor, line.fields, organization_id=organization_id),
        shared={"organization", "organization_not_assignable", "person_limit"},
    )
    count_act(actor.act_id, len(added.created))
    return added


@transaction.atomic
def add_organizations(
    actor: Actor, texts: Sequence[str], *, fields: Mapping[str, Any] | None = None
) -> Added:
    """Create organizations of these names; `fields` (an end date) are given to each of them."""
    lines = sort_organizations(actor, texts)
    added = _add(
        lines,
        create=lambda line: create_organization(actor, {**(fields or {}), **line.fields}),
        shared={"membership_end_date"},
    )
    count_act(actor.act_id, len(added.created))
    return added


def _add(lines: Sequence[Line], *, create: Any, shared: set[str]) -> Added:
    """Each new line by itself; a refusal about what all lines share refuses the whole."""
    if not any(line.state is LineState.NEW for line in lines):
        raise Refused("nothing_new", _("Nothing of this is new."))
    created, others = [], [line for line in lines if line.state is not LineState.NEW]
    for line in (line for line in lines if line.state is LineState.NEW):
        try:
            created.append(create(line))
        except Refused as refused:
            if shared & {refused.code, *(problem.field for problem in refused.errors)}:
                raise
            others.append(_unreadable(line, refused.detail))
    return Added(created=created, others=others)


def _few(texts: Sequence[str]) -> Sequence[str]:
    if len(texts) > MOST_LINES:
        text = _("These are %(count)s lines; at most %(limit)s are added at once. Import a file.")
        raise Refused("too_many_lines", text % {"count": len(texts), "limit": MOST_LINES})
    return texts


def _person_line(text: str, *, is_name_required: bool) -> Line:
    read = understand(text)
    found = {"name": read.name, "email": read.email, "phone": read.phone}
    fields = {name: value for name, value in (found | {"position": read.position}).items() if value}
    line = Line(text=text, label=read.name or read.email or text, fields=fields)
    if read.bad_email:
        return _unreadable(line, _("%(text)s is no e-mail address.") % {"text": read.bad_email})
    if not read.name and (is_name_required or not read.email):
        return _unreadable(line, _("Enter a name."))
    if not read.email and current_scope().settings["email_required"]:
        return _unreadable(line, _("Enter an e-mail address."))
    try:
        clean_person(fields)
    except Refused as refused:
        return _unreadable(line, refused.detail)
    return line


def _organization_line(text: str) -> Line:
    line = Line(text=text, label=text, fields={"name": text})
    try:
        cleaned = clean_organization({"name": text})
    except Refused as refused:
        return _unreadable(line, refused.detail)
    return replace(line, label=cleaned["name"])


def _unreadable(line: Line, reason: str) -> Line:
    return replace(line, state=LineState.UNREADABLE, note=reason)


def _key_of_person(line: Line) -> str:
    email = line.fields.get("email", "")
    return email_key(email) if email else name_key(line.label)


def _without_twins(lines: Sequence[Line], *, key: Any) -> list[Line]:
    """The second of two equal lines is known from the first."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        own = key(line)
        is_twin = line.state is LineState.NEW and own in seen
        seen.add(own)
        twin = replace(line, state=LineState.KNOWN, note=_("Twice in this list"))
        kept.append(twin if is_twin else line)
    return kept


def _known_person(
    line: Line, *, holders: Mapping[str, User], namesakes: Mapping[str, Person]
) -> Line:
    email = line.fields.get("email", "")
    known = holders.get(email_key(email)) if email else namesakes.get(name_key(line.label))
    # An address that somebody has is known, whatever else is missing in the line.
    if known is None or (line.state is not LineState.NEW and not email):
        return line
    if known.record_type != "person":
        text = say("This address belongs to an agent. One address cannot be both.")
        return replace(line, state=LineState.KNOWN, note=text)
    note = _("Archived") if known.archived_at else _("Already exists")
    url = reverse("people.show", kwargs={"id": known.pk})
    return replace(line, state=LineState.KNOWN, note=note, url=url)


def _known_organization(line: Line, present: Mapping[str, Organization]) -> Line:
    known = present.get(name_key(line.label))
    if line.state is not LineState.NEW or known is None:
        return line
    url = reverse("organizations.show", kwargs={"id": known.pk})
    return replace(line, state=LineState.KNOWN, note=_("Already exists"), url=url)
