"""History as people read it."""

import datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portico.clients.actions.properties import create_property
from portico.clients.models import Organization
from portico.history.actions import record
from portico.history.models import Event
from portico.history.reports import latest, timeline
from portico.kit.actors import Actor
from portico.kit.errors import Denied
from portico.ui.formats import Formats, use_formats
from portico.workspaces.models import Agent
from tests.factories.workspaces import actor_of


def note(actor: Actor, organization: Organization, **changes: list[object]) -> None:
    with transaction.atomic():
        record(actor, "organization.updated", [organization], changes=changes)


def set_moments(*moments: datetime.datetime) -> None:
    """History can't be changed through its manager, so a test sets its clock below it."""
    keys = list(Event.objects.filter(kind="organization.updated").order_by("id").values("pk"))
    with connection.cursor() as cursor:
        for key, moment in zip(keys, moments, strict=True):
            field = Event._meta.get_field("id")
            pk = field.get_db_prep_value(key["pk"], connection)
            at = Event._meta.get_field("at").get_db_prep_value(moment, connection)
            cursor.execute("UPDATE history_event SET at = %s WHERE id = %s", [at, pk])


def test_lines_stand_under_the_days_of_the_readers_time_zone_newest_first(
    owner_actor: Actor, acme: Organization
) -> None:
    for number in range(3):
        note(owner_actor, acme, name=["old", f"new {number}"])
    set_moments(
        datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.UTC),
        datetime.datetime(2026, 11, 22, 22, 30, tzinfo=datetime.UTC),
        datetime.datetime(2026, 11, 22, 23, 10, tzinfo=datetime.UTC),
    )
    with (
        time_machine.travel("2026-11-22T23:20:00Z", tick=False),
        use_formats(Formats("dmy", ".", "24", "Europe/Berlin")),
    ):
        shown = timeline(owner_actor, Event.objects.about(acme), about=acme.pk)
    assert [(day.head, [entry.changes[0].new for entry in day.entries]) for day in shown.days] == [
        ("Today", ["new 2"]),
        ("Yesterday", ["new 1"]),
        ("05.03.2026", ["new 0"]),
    ]


def test_values_read_as_text_and_labels_in_words(owner_actor: Actor, acme: Organization) -> None:
    note(owner_actor, acme, is_active=[True, False], membership_end_date=[None, "2026-12-31"])
    shown = timeline(owner_actor, Event.objects.about(acme), about=acme.pk)
    entry = shown.days[0].entries[0]
    assert (entry.who, entry.what, entry.way) == ("Olga Owner", "changed this organization", "page")
    assert {(row.label, row.old, row.new) for row in entry.changes} == {
        ("Active", "Yes", "No"),
        ("Membership end date", "", "12/31/2026"),
    }


def test_each_page_goes_on_where_the_last_one_ended_in_two_queries(
    owner_actor: Actor, acme: Organization
) -> None:
    for number in range(5):
        note(owner_actor, acme, name=["", str(number)])
    events = Event.objects.filter(subject_id=acme.pk)
    seen, before = [], ""
    for _page in range(3):
        with CaptureQueriesContext(connection) as captured:
            page = timeline(owner_actor, events, about=acme.pk, before=before, limit=2)
        assert len(captured) == 2
        seen += [entry.changes[0].new for day in page.days for entry in day.entries]
        before = str(page.older or "")
    assert (seen, before) == (["4", "3", "2", "1", "0"], "")


def test_what_is_no_id_counts_as_none(owner_actor: Actor, acme: Organization) -> None:
    note(owner_actor, acme, name=["", "new"])
    events = Event.objects.about(acme)
    assert timeline(owner_actor, events, about=acme.pk, before="abc").days != []


def test_it_needs_the_permission_to_read_history(viewer: Agent, acme: Organization) -> None:
    with pytest.raises(Denied):
        timeline(actor_of(viewer), Event.objects.about(acme), about=acme.pk)


def test_the_latest_of_some_kinds_is_found(owner_actor: Actor, acme: Organization) -> None:
    note(owner_actor, acme, name=["", "1"])
    note(owner_actor, acme, name=["", "2"])
    found = latest(Event.objects.all(), ["organization.updated"], about=acme.pk)
    assert found is not None
    assert found.changes == {"name": ["", "2"]}
    assert latest(Event.objects.all(), ["organization.archived"], about=acme.pk) is None


def test_the_labels_of_many_properties_take_one_statement(
    owner_actor: Actor, acme: Organization
) -> None:
    for number in range(4):
        create_property(owner_actor, "organization", {"label": f"Number {number}"})
    changes: dict[str, list[object]] = {f"property.number_{n}": [None, "1"] for n in range(5)}
    note(owner_actor, acme, **changes)

    with CaptureQueriesContext(connection) as caught:
        shown = timeline(owner_actor, Event.objects.about(acme), about=acme.pk)
    labels = [change.label for change in shown.days[0].entries[0].changes]
    assert labels == ["Number 0", "Number 1", "Number 2", "Number 3", "Number 4"]
    asked = [query["sql"] for query in caught if "clients_customproperty" in query["sql"]]
    assert len(asked) == 1
