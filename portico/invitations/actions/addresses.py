"""Invite whoever has one of these addresses into an organization: some are new, some are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.actions.additions import Line, LineState, sort_people
from portico.clients.actions.locks import hold_organizations, hold_people
from portico.clients.actions.people import create_person
from portico.clients.models import Membership, Organization, Person, missing
from portico.history.actions import count_act
from portico.invitations.actions.inviting import invite_person
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.addresses import email_key
from portico.kit.errors import Refused
from portico.kit.tenancy.models import is_one_of
from portico.workspaces.choices import Permission
from portico.workspaces.limits import hold_plan

# What concerns the organization, and so every address alike.
_SHARED = {"organization_not_assignable", "membership_ended", "role_unknown", "role_not_choosable"}


_NAMED = 5
# Each is invited in the one transaction of the act, which other writers wait for.
MOST_INVITED = 50


class AddressState(StrEnum):
    """What becomes of an address."""

    NEW = "new"
    KNOWN = "known"
    MEMBER = "member"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One line of what was typed: who it is, and what becomes of it, in a word."""

    line: Line
    state: AddressState
    person_id: UUID | None = None
    note: str = ""

    @property
    def is_invited(self) -> bool:
        """Whether an invitation goes there."""
        return self.state in {AddressState.NEW, AddressState.KNOWN}


@dataclass(frozen=True, kw_only=True)
class InvitedAddresses:
    """What became of the addresses: invitations, people created for them, and the others."""

    invitations: Sequence[Invitation]
    created: Sequence[Person]
    others: Sequence[Address]

    def labels(self, state: AddressState) -> list[str]:
        """Who is in this state."""
        return [other.line.label for other in self.others if other.state is state]


def sort_addresses(actor: Actor, organization: Organization, texts: Sequence[str]) -> list[Address]:
    """What would become of each line, in a fixed number of queries; nothing is changed."""
    read = sort_people(actor, texts, organization_id=organization.pk, is_name_required=False)
    lines = _each_once(read)
    keys = [email_key(line.fields["email"]) for line in lines if line.fields.get("email")]
    people = Person.objects.visible_to(actor).archived_or_not().filter(is_one_of("email_key", keys))
    known = {person.email_key: person for person in people}
    ids = [person.pk for person in known.values()]
    here = Membership.objects.filter(organization=organization, person_id__in=ids)
    waiting = Invitation.objects.pending().filter(organization=organization, user_id__in=ids)
    open_ones = waiting.filter(expires_at__gt=timezone.now())
    members = set(here.values_list("person_id", flat=True))
    invited = set(open_ones.values_list("user_id", flat=True))
    return [_sorted(line, known, members=members, invited=invited) for line in lines]


@transaction.atomic
def invite_addresses(
    actor: Actor,
    organization_id: UUID,
    texts: Sequence[str],
    *,
    role_ids: Sequence[UUID] = (),
) -> InvitedAddresses:
    """Invite each of these lines (`Name <mail>` or a mail) into the organization, all as one act.

    Whoever is new is created first. Who is there already, can't be invited or can't be read stays
    and is named. Raises NotThere, Denied, Refused: nobody_invited, too_many_lines, and what
    concerns the organization or the role (see `invite_person`).
    """
    actor.require(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS)
    organization = Organization.objects.visible_to(actor).filter(pk=organization_id).first()
    if organization is None:
        raise missing(actor, Organization, organization_id)
    if len(texts) > MOST_INVITED:
        text = _("These are %(count)s lines; at most %(limit)s are invited at once. Import a file.")
        raise Refused("too_many_lines", text % {"count": len(texts), "limit": MOST_INVITED})
    invitations, created, others = [], [], []
    addresses = sort_addresses(actor, organization, texts)
    _hold(addresses, organization)
    for address in addresses:
        if not address.is_invited:
            others.append(address)
            continue
        try:
            with transaction.atomic():
                person_id, made = _person_of(actor, address, organization_id)
                invitation = invite_person(
                    actor, person_id, organization_id=organization_id, role_ids=role_ids
                )
        except Refused as refused:
            if refused.code in _SHARED:
                raise
            others.append(_refused(address.line, refused.detail))
            continue
        invitations.append(invitation)
        created += made
    done = InvitedAddresses(invitations=invitations, created=created, others=others)
    if not invitations:
        raise Refused("nobody_invited", _nobody(done, organization))
    count_act(actor.act_id, len(created))
    return done


def _hold(addresses: Sequence[Address], organization: Organization) -> None:
    """Lock what the actions change one after the other, in the one order of all acts."""
    hold_plan()
    hold_people(address.person_id for address in addresses if address.person_id is not None)
    hold_organizations([organization.pk])


def result_of(done: InvitedAddresses, organization: Organization, *, role: str) -> str:
    """What was done, in one line: "2 invited, 1 is already in Acme. They start as Guest."."""
    invited, members = len(done.invitations), len(done.labels(AddressState.MEMBER))
    refused = done.labels(AddressState.REFUSED)
    parts = []
    if invited:
        parts.append(ngettext("%(n)s invited", "%(n)s invited", invited) % {"n": invited})
    if members:
        text = ngettext("%(n)s is already in %(place)s", "%(n)s are already in %(place)s", members)
        parts.append(text % {"n": members, "place": organization})
    if refused:
        text = ngettext(
            "%(n)s can't be invited: %(names)s", "%(n)s can't be invited: %(names)s", len(refused)
        )
        parts.append(text % {"n": len(refused), "names": ", ".join(refused[:_NAMED])})
    sentence = ", ".join(parts) + "." if parts else _("Enter at least one e-mail address.")
    starts = _("They start as %(role)s.") % {"role": role}
    return f"{sentence} {starts}" if invited and role else sentence


def _nobody(done: InvitedAddresses, organization: Organization) -> str:
    """Why no invitation went out; where it was one address, its own reason."""
    if len(done.others) == 1 and done.others[0].state is AddressState.REFUSED:
        return done.others[0].note
    return result_of(done, organization, role="")


def _each_once(lines: Sequence[Line]) -> list[Line]:
    """Without the lines whose address stands in an earlier one."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        key = email_key(line.fields.get("email", ""))
        if not key or key not in seen:
            kept.append(line)
        seen.add(key)
    return kept


def _person_of(actor: Actor, address: Address, organization_id: UUID) -> tuple[UUID, list[Person]]:
    """Whom to invite, and who was created for it."""
    if address.person_id is not None:
        return address.person_id, []
    fields = address.line.fields
    person = create_person(actor, fields, organization_id=organization_id, is_name_required=False)
    return person.pk, [person]


def _sorted(
    line: Line, known: Mapping[str, Any], *, members: set[UUID], invited: set[UUID]
) -> Address:
    email = line.fields.get("email", "")
    person = known.get(email_key(email)) if line.url else None
    if line.state is LineState.NEW and email:
        return Address(line=line, state=AddressState.NEW)
    if person is None:
        missing = line.state is not LineState.UNREADABLE and not email
        return _refused(line, _("Enter an e-mail address.") if missing else line.note)
    obstacle = _obstacle(person, invited)
    if obstacle:
        return _refused(line, obstacle)
    if person.pk in members and person.has_usable_password():
        return Address(line=line, state=AddressState.MEMBER, note=_("Already a member"))
    note = _("Already exists")
    return Address(line=line, state=AddressState.KNOWN, person_id=person.pk, note=note)


def _obstacle(person: Any, invited: set[UUID]) -> str:
    """Why somebody who is known gets no invitation; empty where nothing is in the way."""
    if person.archived_at is not None:
        return _("Archived")
    if person.is_disabled:
        return _("Disabled")
    return _("Invited already") if person.pk in invited else ""


def _refused(line: Line, note: str) -> Address:
    return Address(line=line, state=AddressState.REFUSED, note=note)
