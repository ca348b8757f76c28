"""Undo creation: untouched rows go for good, touched ones stay and are named, one event remains."""

import dataclasses
import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.clients.actions.organizations import (
    archive_organizations,
    create_organization,
    update_organization,
)
from portico.clients.actions.people import create_person, disable_people, update_person
from portico.clients.actions.undo import Undone, undo_creation
from portico.clients.models import Membership, Organization, Person
from portico.history.models import Event
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Refused
from portico.kit.ids import new_id
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent

CREATION, LATER = new_id(), new_id()


@pytest.fixture
def creator(owner_actor: Actor) -> Actor:
    return dataclasses.replace(owner_actor, act_id=CREATION)


@pytest.fixture
def later(owner_actor: Actor) -> Actor:
    return dataclasses.replace(owner_actor, act_id=LATER)


@pytest.fixture
def birch(creator: Actor) -> Organization:
    return create_organization(creator, {"name": "Birch & Sons", "reference": "B-1"})


@pytest.fixture
def eleanor(creator: Actor, birch: Organization) -> Person:
    fields = {"name": "Eleanor Birch", "email": "eleanor@birch.example"}
    return create_person(creator, fields, organization_id=birch.pk)


def undo(actor: Actor) -> Undone:
    return undo_creation(actor, CREATION)


def test_what_nothing_has_touched_is_removed_for_good(later: Actor, eleanor: Person) -> None:
    assert undo(later) == Undone(organizations=1, people=1, kept=())
    assert not Organization.objects.exists()
    assert not Person.objects.exists()
    assert not Membership.objects.exists()


def test_addresses_and_references_are_free_again(later: Actor, eleanor: Person) -> None:
    undo(later)
    again = create_organization(later, {"name": "Birch & Sons", "reference": "B-1"})
    fields = {"name": "Eleanor Birch", "email": "eleanor@birch.example"}
    assert create_person(later, fields, organization_id=again.pk).email == "eleanor@birch.example"


def test_history_keeps_the_creations_and_one_event_of_the_undoing(
    later: Actor, eleanor: Person
) -> None:
    undo(later)
    kinds = list(Event.objects.filter(act_id=CREATION).values_list("kind", flat=True))
    assert sorted(kinds) == ["organization.created", "person.created"]
    (event,) = Event.objects.filter(act_id=LATER)
    assert (event.kind, event.changes["people_removed"]) == ("creation.undone", [None, 1])


def test_a_changed_person_stays_and_so_does_their_organization(
    later: Actor, eleanor: Person
) -> None:
    update_person(later, eleanor.pk, {"phone": "+44 20 7946 0101"})
    assert undo(later) == Undone(organizations=0, people=0, kept=("Birch & Sons", "Eleanor Birch"))
    assert Organization.objects.get().people_count == 1


def test_a_changed_organization_stays_while_its_untouched_people_go(
    later: Actor, birch: Organization, eleanor: Person
) -> None:
    update_organization(later, birch.pk, {"description": "ours"})
    assert undo(later) == Undone(organizations=0, people=1, kept=("Birch & Sons",))
    assert Organization.objects.get().people_count == 0


def test_an_organization_with_a_person_of_somebody_else_s_stays(
    later: Actor, birch: Organization, eleanor: Person
) -> None:
    create_person(later, {"name": "Tom", "email": "tom@birch.example"}, organization_id=birch.pk)
    assert undo(later) == Undone(organizations=0, people=1, kept=("Birch & Sons",))
    assert Organization.objects.get().people_count == 1


def test_a_person_created_into_an_older_organization_leaves_its_counter_true(
    creator: Actor, later: Actor
) -> None:
    older = make_organization("Older")
    make_person("old@older.example", organization=older)
    create_person(creator, {"name": "New", "email": "new@older.example"}, organization_id=older.pk)
    assert undo(later) == Undone(organizations=0, people=1, kept=())
    assert Organization.objects.get().people_count == 1


def test_an_invited_person_stays(later: Actor, eleanor: Person) -> None:
    until = timezone.now() + datetime.timedelta(days=14)
    Invitation.objects.create(user=eleanor, address=eleanor.email, expires_at=until)
    assert undo(later).people == 0


def test_a_person_who_has_signed_in_stays(later: Actor, eleanor: Person) -> None:
    Person.objects.filter(pk=eleanor.pk).update(last_active_at=timezone.now())
    assert undo(later).people == 0


def test_a_raised_version_alone_counts_as_touched(later: Actor, eleanor: Person) -> None:
    Person.objects.filter(pk=eleanor.pk).update(version=2)
    assert undo(later).people == 0


def test_events_of_the_same_act_are_part_of_the_creation(
    creator: Actor, later: Actor, eleanor: Person
) -> None:
    disable_people(creator, Person.objects.all())
    archive_organizations(creator, Organization.objects.all())
    assert undo(later) == Undone(organizations=1, people=1, kept=())


def test_records_of_other_acts_are_left_alone(later: Actor, eleanor: Person) -> None:
    other = make_organization("Other")
    undo(later)
    assert list(Organization.objects.all()) == [other]


def test_after_30_days_it_is_too_late(later: Actor, eleanor: Person) -> None:
    with (
        time_machine.travel(timezone.now() + datetime.timedelta(days=31)),
        pytest.raises(Refused) as refused,
    ):
        undo(later)
    assert refused.value.code == "undo_expired"
    assert Person.objects.exists()


def test_there_is_nothing_to_undo_under_another_id(later: Actor, eleanor: Person) -> None:
    with pytest.raises(Refused) as refused:
        undo_creation(later, new_id())
    assert refused.value.code == "nothing_to_undo"


def test_who_may_only_create_takes_back_their_own_and_nobody_else_s(
    later: Actor, eleanor: Person
) -> None:
    codes = ("create_clients", "manage_client_organizations")
    actor = actor_of(make_agent("maker@northstar.test", permissions=codes))
    with pytest.raises(Denied):
        undo(actor)
    own = dataclasses.replace(actor, act_id=new_id())
    create_organization(own, {"name": "Own one"})
    assert undo_creation(own, own.act_id) == Undone(organizations=1, people=0, kept=())


def test_a_reader_undoes_nothing(viewer: Any, eleanor: Person) -> None:
    with pytest.raises(Denied):
        undo(actor_of(viewer))


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(creator: Actor) -> None:
    """One look into each table that points at users or organizations, however many rows."""
    assert statements_for(1, creator) == statements_for(3, creator)


def statements_for(rows: int, creator: Actor) -> int:
    actor = dataclasses.replace(creator, act_id=new_id())
    for number in range(rows):
        organization = create_organization(actor, {"name": f"Birch {rows} {number}"})
        fields = {"name": "Eleanor", "email": f"e{number}@birch{rows}.example"}
        create_person(actor, fields, organization_id=organization.pk)
    with CaptureQueriesContext(connection) as captured:
        undone = undo_creation(creator, actor.act_id)
    assert undone == Undone(organizations=rows, people=rows, kept=())
    return len(captured)
