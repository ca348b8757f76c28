"""How a merge and its undo read in History and in Recent changes."""

import pytest

from portico.clients.actions.merging import merge_organizations
from portico.clients.actions.organizations import update_organization
from portico.clients.models import Organization
from portico.history.actions.undo import undo_act
from portico.history.models import Act, Event
from portico.history.reports import act_text, timeline
from portico.kit.actors import Actor
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization
from tests.factories.workspaces import actor_of

pytestmark = pytest.mark.once


@pytest.fixture
def birch(scope: object) -> Organization:
    """A second organization."""
    return make_organization("Birch & Sons")


def merge(owner: Agent, survivor: Organization, source: Organization) -> Actor:
    """Merge and return who did it."""
    actor = actor_of(owner)
    merge_organizations(actor, survivor.pk, source.pk, choices={"membership_end_date": "survivor"})
    return actor


def test_edge_case_41_the_history_of_the_source_stands_in_the_survivors(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    update_organization(actor_of(owner), birch.pk, {"name": "Birch Doors"})
    merge(owner, acme, birch)
    told = timeline(actor_of(owner), Event.objects.within(acme), about=acme.pk)
    lines = [entry.what for day in told.days for entry in day.entries]
    assert lines == [
        "merged the organization Birch Doors into this one",
        "changed the organization Birch Doors",
    ]


def test_a_merge_and_its_undo_name_both_records_as_they_were(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    merged = merge(owner, acme, birch)
    act = Act.objects.get(pk=merged.act_id)
    assert act_text(act) == "merged the organization Birch & Sons into Acme Windows"
    undo_act(actor_of(owner), merged.act_id)
    update_organization(actor_of(owner), birch.pk, {"name": "Birch Doors"})
    assert act_text(act) == "merged the organization Birch & Sons into Acme Windows"
    assert told_of(owner, acme) == [
        "took the merge with the organization Birch & Sons apart",
        "merged the organization Birch & Sons into this one",
    ]
    assert told_of(owner, birch) == [
        "changed this organization",
        "took the merge with the organization Acme Windows apart",
    ]


def told_of(owner: Agent, organization: Organization) -> list[str]:
    """What the history of this organization itself says, newest first."""
    told = timeline(actor_of(owner), Event.objects.about(organization), about=organization.pk)
    return [entry.what for day in told.days for entry in day.entries]
