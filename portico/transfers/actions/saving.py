"""Saving what was decided: through the same actions as forms and API."""

from collections.abc import Sequence

from portico.clients.actions.changes import change_organizations, change_people
from portico.clients.actions.organizations import create_organizations
from portico.clients.actions.people import create_people
from portico.kit.actors import Actor
from portico.transfers.actions.plans import Decision


def save_decisions(actor: Actor, decisions: Sequence[Decision]) -> None:
    """Save the rows of a chunk, with one event for each record; runs in the chunk's transaction.

    Raises Refused when a record took an address, a reference or the last place in the meantime.
    """
    places = [decision.new_place for decision in decisions if decision.new_place is not None]
    if places:
        created = create_organizations(actor, [place.fields for place in places])
        for place, organization in zip(places, created, strict=True):
            place.id = organization.pk
    new = [decision.new_person for decision in decisions if decision.new_person is not None]
    if new:
        create_people(actor, [(fields, place.id if place else None) for fields, place in new])
    changed = [decision.changed_organization for decision in decisions]
    change_organizations(actor, [(row.pk, fields) for row, fields in filter(None, changed)])
    people = [decision.changed_person for decision in decisions]
    change_people(actor, [(person.pk, fields) for person, fields in filter(None, people)])
