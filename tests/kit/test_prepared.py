"""Prepared querysets: the SQL of one shape, asked many times, always inside the fence."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models

from portico.clients.models import Membership, Organization, Person
from portico.kit.prepared import IsAmong, Prepared, Slot, present_moment
from portico.kit.tenancy.scope import OutsideScope, open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_workspace


def test_a_prepared_queryset_answers_for_the_values_it_is_asked_with(scope: Any) -> None:
    acme, arco = make_organization("Acme"), make_organization("Arco")
    one_of_this_name = Prepared(
        lambda: Organization.objects.filter(name=Slot("name", models.CharField()))
    )
    assert one_of_this_name.ask(name="Acme") == [acme]
    assert one_of_this_name.ask(name="Arco") == [arco]
    assert one_of_this_name.first(name="Acme") == acme
    assert one_of_this_name.first(name="Nobody") is None


def test_a_moment_that_is_given_is_not_taken_for_the_present_one(scope: Any) -> None:
    """Slots called "now" are filled by whoever asks; only `present_moment()` fills itself."""
    make_organization("Acme")
    made_after = Prepared(
        lambda: Organization.objects.filter(created_at__gt=Slot("now", models.DateTimeField()))
    )
    long_ago = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    assert len(made_after.ask(now=long_ago)) == 1
    made_before = Prepared(lambda: Organization.objects.filter(created_at__lt=present_moment()))
    assert len(made_before.ask()) == 1


def test_the_fence_holds_whichever_workspace_it_was_prepared_in(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    everything = Prepared(
        lambda: Organization.objects.order_by("name").values_list("name", flat=True)
    )
    with open_scope(scope_of(workspace)):
        make_organization("Ours")
        assert everything.ask() == ["Ours"]
    with open_scope(scope_of(other_workspace)):
        make_organization("Theirs")
        assert everything.ask() == ["Theirs"]
    with pytest.raises(OutsideScope):
        everything.ask()


def test_the_fence_holds_inside_annotations_and_joined_conditions(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    counted = Prepared(
        lambda: Organization.objects.annotate(
            neighbours=models.Exists(Organization.objects.exclude(pk=models.OuterRef("pk")))
        ).values_list("name", "neighbours")
    )
    for each, names in ((workspace, ["A", "B"]), (other_workspace, ["C"])):
        with open_scope(scope_of(each)):
            for name in names:
                make_organization(name)
    with open_scope(scope_of(workspace)):
        assert sorted(counted.ask()) == [("A", True), ("B", True)]
    with open_scope(scope_of(other_workspace)):
        assert [(name, bool(found)) for name, found in counted.ask()] == [("C", False)]


def test_instances_come_with_their_relations_and_annotations_in_one_query(
    scope: Any, django_assert_num_queries: Any
) -> None:
    acme = make_organization("Acme")
    person = make_person("lena@acme.test", organization=acme)
    of_person = Prepared(
        lambda: (
            Membership.objects.filter(person_id=Slot("person"))
            .select_related("organization")
            .annotate(shout=models.functions.Upper("organization__name"))
        )
    )
    of_person.ask(person=person.pk)
    with django_assert_num_queries(1):
        [membership] = of_person.ask(person=person.pk)
        assert membership.organization == acme
        assert membership.shout == "ACME"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_column_is_asked_for_any_number_of_ids(scope: Any, count: int) -> None:
    people = [make_person(f"p{number}@acme.test") for number in range(4)]
    among = Prepared(lambda: Person.objects.filter(IsAmong("id", "people")).order_by("email"))
    assert among.ask(people=[person.pk for person in people[:count]]) == people[:count]
    assert among.ask(people=[uuid4()]) == []


def test_each_asking_sees_what_was_written_meanwhile(scope: Any) -> None:
    named = Prepared(lambda: Organization.objects.order_by("name").values_list("name", flat=True))
    assert named.ask() == []
    make_organization("Acme")
    assert named.ask() == ["Acme"]


def test_it_is_put_together_once(scope: Any) -> None:
    built: list[int] = []

    def build() -> Any:
        built.append(1)
        return Organization.objects.all()

    everything = Prepared(build)
    everything.ask()
    everything.ask()
    assert built == [1]


def test_threads_with_connections_of_their_own_ask_the_same_one(transactional_db: None) -> None:
    scope = scope_of(make_workspace())
    named = Prepared(lambda: Organization.objects.values_list("name", flat=True))
    with open_scope(scope):
        make_organization("Acme")
        assert named.ask() == ["Acme"]

    def elsewhere(_number: int) -> list[str]:
        with open_scope(scope):
            try:
                return named.ask()
            finally:
                connection.close()

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(elsewhere, range(6))) == [["Acme"]] * 6


@pytest.mark.parametrize("value", [uuid4(), datetime.date(2026, 1, 1)])
def test_the_value_of_one_asking_can_not_be_built_in(scope: Any, value: Any) -> None:
    """A moment or an id that stood in the SQL for good would be wrong the next time."""
    field = "pk" if not isinstance(value, datetime.date) else "membership_end_date"
    wrong = Prepared(lambda: Organization.objects.filter(**{field: value}))
    with pytest.raises(TypeError, match="give it in a slot"):
        wrong.ask()


def test_a_slot_means_nothing_in_a_queryset_that_is_not_prepared(scope: Any) -> None:
    with pytest.raises(RuntimeError, match="not part of a prepared queryset"):
        list(Organization.objects.filter(pk=Slot("organization")))


def test_a_value_that_is_missing_is_an_error_not_everything(scope: Any) -> None:
    make_organization("Acme")
    one = Prepared(lambda: Organization.objects.filter(pk=Slot("organization")))
    with pytest.raises(KeyError, match="organization"):
        one.ask()
