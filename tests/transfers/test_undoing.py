"""An import is undone in slices: everybody else can save between two of them."""

import pytest

from portico.clients.models import Organization, Person
from portico.history.models import Act, Event
from portico.kit.actors import Actor
from portico.operations.actions import undo_operation
from portico.operations.tasks import work_off_slice
from portico.transfers import operations
from tests.transfers.imports import bring_in

FILE = (
    "Name,E-mail,Organization\n"
    "Ann,ann@a.test,Alpha\nBob,bob@a.test,Beta\nCid,cid@a.test,Beta\nDan,dan@a.test,Alpha\n"
)


@pytest.mark.django_db
def test_creations_go_slice_by_slice_people_first(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "REMOVAL_SLICE", 2)
    operation = bring_in(owner_actor, "people", FILE)
    undo_operation(owner_actor, operation.pk)

    left = []
    while work_off_slice():
        left.append((Person.objects.count(), Organization.objects.count()))
    operation.refresh_from_db()

    assert left[:3] == [(2, 2), (0, 2), (0, 0)]
    assert (operation.state, operation.counts["people_removed"]) == ("undone", 4)
    assert operation.counts["organizations_removed"] == 2
    assert Event.objects.filter(kind="creation.undone").count() == 1


@pytest.mark.django_db
def test_recent_changes_count_all_of_the_kind_they_name(owner_actor: Actor) -> None:
    operation = bring_in(owner_actor, "people", FILE)

    assert Act.objects.get(pk=operation.pk).records == 2
