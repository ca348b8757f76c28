"""Saving what was decided: through the same actions as forms and API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portico.clients.actions.changes import change_organizations, change_people
from portico.clients.actions.locks import hold_members, hold_places
from portico.clients.actions.organizations import (
    archive_organizations,
    create_organizations,
    unarchive_organizations,
)
from portico.clients.actions.people import (
    archive_people,
    create_people,
    disable_people,
    enable_people,
    unarchive_people,
)
from portico.clients.models import Organization, Person
from portico.invitations.actions.inviting import invite_person
from portico.invitations.limits import TooManyInvitations
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.transfers.actions.plans import Change, Decision
from portico.workspaces.limits import hold_plan

_BEFORE = (Change.UNARCHIVE,)
_AFTER = (Change.DISABLE, Change.ENABLE, Change.ARCHIVE)
_ACTIONS: Mapping[tuple[Any, Change], Callable[[Actor, Any], Any]] = {
    (Organization, Change.ARCHIVE): archive_organizations,
    (Organization, Change.UNARCHIVE): unarchive_organizations,
    (Person, Change.ARCHIVE): archive_people,
    (Person, Change.UNARCHIVE): unarchive_people,
    (Person, Change.DISABLE): disable_people,
    (Person, Change.ENABLE): enable_people,
}
_New = tuple[Decision, Mapping[str, Any], UUID | None]


@dataclass
class Touched:
    """What decisions change, so that it is locked in the one order of all acts (see `locks`)."""

    people: set[UUID] = field(default_factory=set)
    organizations: set[UUID] = field(default_factory=set)
    switched: set[UUID] = field(default_factory=set)

    def add(self, decisions: Sequence[Decision]) -> None:
        """Take in the records of these decisions; switched organizations touch their members."""
        for decision in decisions:
            pairs = (decision.changed_person, decision.changed_organization)
            rows = [pair[0] for pair in pairs if pair is not None]
            if decision.state_changes:
                rows.append(decision.state_changes[0])
                if isinstance(rows[-1], Organization):
                    self.switched.add(rows[-1].pk)
            for row in rows:
                (self.organizations if isinstance(row, Organization) else self.people).add(row.pk)
            place = decision.new_person[1] if decision.new_person else None
            if place is not None and place.id is not None:
                self.organizations.add(place.id)

    def hold(self) -> None:
        """Lock it all, before the actions do so one after the other."""
        hold_plan()
        hold_members(self.switched, self.people)
        hold_places(self.people, *self.organizations)


def save_decisions(actor: Actor, decisions: Sequence[Decision]) -> None:
    """Save the rows of a chunk, with one event for each record; runs in the chunk's transaction.

    Raises Refused when a record took an address, a reference or the last place in the meantime.
    """
    touched = Touched()
    touched.add(decisions)
    touched.hold()
    _change_states(actor, decisions, _BEFORE)
    places = [decision.new_place for decision in decisions if decision.new_place is not None]
    if places:
        created = create_organizations(actor, [place.fields for place in places])
        for place, organization in zip(places, created, strict=True):
            place.id = organization.pk
    new = [
        (decision, fields, place.id if place else None)
        for decision in decisions
        if decision.new_person is not None
        for fields, place in [decision.new_person]
    ]
    if new:
        people = create_people(actor, [(fields, place) for _decision, fields, place in new])
        _invite(actor, new, people)
    changed = [decision.changed_organization for decision in decisions]
    change_organizations(actor, [(row.pk, fields) for row, fields in filter(None, changed)])
    changes = [decision.changed_person for decision in decisions]
    change_people(actor, [(person.pk, fields) for person, fields in filter(None, changes)])
    _change_states(actor, decisions, _AFTER)


def _change_states(actor: Actor, decisions: Sequence[Decision], kinds: Sequence[Change]) -> None:
    """Archive, bring back, switch off and on what the rows ask for, by the actions of each."""
    asked = [decision.state_changes for decision in decisions if decision.state_changes]
    for kind in kinds:
        for model in (Organization, Person):
            keys = [
                row.pk
                for row, changes in asked
                if kind in changes and isinstance(row, Organization) is (model is Organization)
            ]
            if keys:
                _ACTIONS[model, kind](actor, model.objects.filter(pk__in=keys))


def _invite(actor: Actor, new: Sequence[_New], people: Sequence[Person]) -> None:
    """Invite the created people whose rows ask for it; who can't be is in all the same (case 47).

    Where the limit of invitations is reached, the others are not tried any more.
    """
    limit_reached = ""
    for (decision, _fields, place), person in zip(new, people, strict=True):
        if not decision.invites:
            continue
        decision.unfinished = limit_reached
        if not limit_reached:
            try:
                with transaction.atomic():
                    invite_person(actor, person.pk, organization_id=place)
            except TooManyInvitations as refusal:
                limit_reached = decision.unfinished = _not_invited(refusal)
            except Refused as refusal:
                decision.unfinished = _not_invited(refusal)


def _not_invited(refusal: Refused) -> str:
    return _("Imported, but not invited: %(reason)s") % {"reason": refusal.detail}
