"""`record()` is the only writer of history, and history can't be changed."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from portico.clients.models import Organization
from portico.history.actions import record
from portico.history.models import Event, FollowUp, HistoryIsAppendOnly
from portico.history.receivers import follows
from portico.history.tasks import follow_up
from portico.kit.actors import Actor
from tests.factories.clients import make_organization


@pytest.fixture
def event(owner_actor: Actor, acme: Any) -> Event:
    """One recorded event about Acme."""
    (made,) = record(owner_actor, "organization.updated", [acme], changes={"name": ["A", "B"]})
    return made


def test_an_event_says_who_did_what_to_which_record(event: Event, owner: Any, acme: Any) -> None:
    stored = Event.objects.get(pk=event.pk)
    assert (stored.actor_kind, stored.actor_id, stored.actor_name) == ("user", owner.pk, owner.name)
    assert (stored.kind, stored.subject_type) == ("organization.updated", "organization")
    assert (stored.subject_id, stored.subject_name) == (acme.pk, "Acme Windows")
    assert (stored.organization_id, stored.changes) == (acme.pk, {"name": ["A", "B"]})


def test_names_stay_as_they_were(event: Event, owner: Any, acme: Any) -> None:
    Organization.objects.update(name="Renamed")
    type(owner).objects.update(name="Renamed")
    stored = Event.objects.get(pk=event.pk)
    assert (stored.actor_name, stored.subject_name) == ("Olga Owner", "Acme Windows")


def test_history_outlives_its_record(event: Event, acme: Any) -> None:
    acme.delete()
    assert Event.objects.get(pk=event.pk).subject_name == "Acme Windows"


def test_history_can_neither_be_changed_nor_deleted(event: Event) -> None:
    for act in (
        event.save,
        event.delete,
        lambda: Event.objects.update(kind="x"),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.filter(pk=event.pk).delete(),
        lambda: Event.objects.bulk_update([event], ["kind"]),
    ):
        with pytest.raises(HistoryIsAppendOnly), transaction.atomic():
            act()
    assert Event.objects.filter(kind="organization.updated").count() == 1


@pytest.mark.django_db(transaction=True)
def test_recording_belongs_into_a_transaction(owner_actor: Actor, acme: Any) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="transaction"):
        record(owner_actor, "organization.updated", [acme])


def test_what_is_rolled_back_was_never_recorded(owner_actor: Actor, acme: Any) -> None:
    before = Event.objects.count()
    with transaction.atomic():
        record(owner_actor, "organization.updated", [acme])
        transaction.set_rollback(True)
    assert Event.objects.count() == before


@pytest.mark.parametrize("count", (1, 3, 30))
def test_the_number_of_statements_does_not_grow(
    owner_actor: Actor, django_assert_num_queries: Any, count: int
) -> None:
    rows = [make_organization(f"Firm {number}") for number in range(count)]
    with django_assert_num_queries(1):
        assert len(record(owner_actor, "organization.probed", rows)) == count


def test_values_of_any_type_become_readable(owner_actor: Actor, acme: Any) -> None:
    changes: dict[str, Any] = {
        "day": [None, datetime.date(2026, 1, 2)],
        "flag": [False, True],
        "many": [["a"], ("b", 1)],
        "owner": [acme, acme.pk],
    }
    (made,) = record(owner_actor, "organization.updated", [acme], changes=changes)
    assert Event.objects.get(pk=made.pk).changes == {
        "day": [None, "2026-01-02"],
        "flag": [False, True],
        "many": [["a"], ["b", 1]],
        "owner": ["Acme Windows", str(acme.pk)],
    }


def test_changes_may_be_told_for_each_record(owner_actor: Actor) -> None:
    one, two = make_organization("One"), make_organization("Two")
    changes = {one.pk: {"name": ["1", "One"]}}
    made = record(owner_actor, "organization.updated", [one, two], changes=changes)
    assert [event.changes for event in made] == [{"name": ["1", "One"]}, {}]


def test_overlong_names_are_cut_and_never_refused(owner_actor: Actor) -> None:
    row = make_organization("x" * 200)
    row.name = "x" * 300
    (made,) = record(owner_actor, "organization.updated", [row])
    assert len(made.subject_name) == 254


heard: list[list[str]] = []


@follows("probe.happened")
def listen(events: Any) -> None:
    heard.append([event.subject_name for event in events])


@follows("probe.failed")
def fail(events: Any) -> None:
    raise ConnectionError("nobody answers")


@pytest.fixture
def ears() -> list[list[str]]:
    """What the receiver above heard."""
    heard.clear()
    return heard


def test_one_call_leaves_one_follow_up_however_many_events(
    owner_actor: Actor, ears: list[list[str]]
) -> None:
    rows = [make_organization(f"Firm {number}") for number in range(3)]
    record(owner_actor, "probe.happened", rows)
    assert (FollowUp.objects.count(), ears) == (1, [])
    assert (follow_up(), FollowUp.objects.count()) == (1, 0)
    assert ears == [["Firm 0", "Firm 1", "Firm 2"]]
    assert follow_up() == 0


def test_what_nobody_follows_leaves_nothing(owner_actor: Actor, acme: Any) -> None:
    record(owner_actor, "probe.unheard", [acme])
    assert FollowUp.objects.count() == 0


def test_one_that_fails_is_put_off_and_blocks_no_other(
    owner_actor: Actor, acme: Any, ears: list[list[str]]
) -> None:
    record(owner_actor, "probe.failed", [acme])
    record(owner_actor, "probe.happened", [acme])
    assert follow_up() == 1
    assert ears == [["Acme Windows"]]
    row = FollowUp.objects.get()
    assert (row.attempts, row.last_error) == (1, "ConnectionError: nobody answers")
    assert follow_up() == 0
    FollowUp.objects.update(next_attempt_at=row.next_attempt_at - datetime.timedelta(days=1))
    assert follow_up() == 0
    assert FollowUp.objects.get().attempts == 2
