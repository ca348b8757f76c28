"""Many ids are looked up as few are: the same rows, inside the workspace, and none beside them."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portico.clients.models import Membership, Organization, Person
from portico.kit.ids import new_id
from portico.kit.keys import MANY
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from tests.factories.clients import make_organization, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


@pytest.fixture
def strangers() -> list[UUID]:
    """Ids that nothing has."""
    return [new_id() for _ in range(MANY)]


def test_the_rows_of_these_ids_are_found_and_no_others(
    acme: Organization, strangers: list[UUID]
) -> None:
    people = [make_person(f"p{n}@acme.test", organization=acme) for n in range(3)]
    keys = [people[0].pk, people[1].pk, people[0].pk, *strangers]
    for chosen in (keys, tuple(keys), set(keys)):
        assert set(Person.objects.filter(pk__in=chosen)) == set(people[:2])
        assert list(Person.objects.exclude(pk__in=chosen)) == people[2:]
        assert Membership.objects.filter(person__in=chosen).count() == 2
        assert Membership.objects.filter(person_id__in=chosen).count() == 2
        assert Membership.objects.filter(organization__in=chosen).count() == 0
    with CaptureQueriesContext(connection) as captured:
        assert Person.objects.filter(pk__in=keys).update(position="Chief") == 2
    is_array = f"ANY({'{'}" in captured[0]["sql"].replace("'", "")
    assert is_array == (connection.vendor == "postgresql")


def test_rows_of_another_workspace_stay_unseen(
    acme: Organization, other_workspace: Any, strangers: list[UUID]
) -> None:
    with open_scope(scope_of(other_workspace)):
        assert not Organization.objects.filter(pk__in=[acme.pk, *strangers]).exists()


def test_other_lists_are_left_to_django(acme: Organization, strangers: list[UUID]) -> None:
    birch = make_organization("Birch")
    both = {acme, birch}
    assert set(Organization.objects.filter(pk__in=[acme.pk, str(birch.pk)])) == both
    texts = [str(key) for key in strangers]
    assert set(Organization.objects.filter(pk__in=[acme.pk, str(birch.pk), *texts])) == both
    assert set(Organization.objects.filter(pk__in=[*strangers, None, acme.pk])) == {acme}
    assert not Organization.objects.filter(pk__in=[]).exists()
