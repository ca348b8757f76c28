"""An import is undone in slices: everybody else can save between two of them."""

import pytest

from portico.clients.actions.tags import create_tag, tag_organizations, update_tag
from portico.clients.models import Organization, Person, Tag
from portico.history.models import Act, Event
from portico.insight.actions import ViewDraft, create_view
from portico.insight.choices import ViewSubject
from portico.kit.actors import Actor
from portico.operations.actions import undo_operation
from portico.operations.tasks import work_off_slice
from portico.transfers import operations
from portico.workspaces.models import Agent
from tests.factories.clients import make_person
from tests.factories.workspaces import actor_of
from tests.transfers.imports import bring_in, work_off

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


TAGGED = (
    "Name,E-mail,Organization,Tags\n"
    'Ann,ann@a.test,Alpha,"Fresh, Carried, Viewed, Coloured, There"\n'
    "Bob,bob@a.test,Alpha,Fresh\n"
)


@pytest.mark.django_db
def test_the_tags_that_an_import_created_go_where_nothing_else_uses_them(
    owner_actor: Actor, owner: Agent, acme: Organization
) -> None:
    create_tag(owner_actor, name="There")
    operation = bring_in(owner_actor, "people", TAGGED, existing="update")
    since = actor_of(owner)
    tag_organizations(since, Organization.objects.filter(pk=acme.pk), names=["Carried"])
    create_view(since, ViewSubject.PEOPLE, ViewDraft(name="Mine", parameters={"tag": "Viewed"}))
    update_tag(since, Tag.objects.get(name="Coloured").pk, {"colour": "grey"})
    undo_operation(owner_actor, operation.pk)
    work_off()
    operation.refresh_from_db()

    assert (operation.state, Person.objects.count()) == ("undone", 0)
    left = Tag.objects.order_by("name").values_list("name", flat=True)
    assert list(left) == ["Carried", "Coloured", "There", "Viewed"]
    assert Event.objects.get(kind="tag.deleted").subject_name == "Fresh"


@pytest.mark.django_db
def test_a_tag_that_an_import_put_on_a_record_that_was_there_goes_too(
    owner_actor: Actor, acme: Organization
) -> None:
    make_person("ann@a.test", name="Ann", organization=acme)
    operation = bring_in(owner_actor, "people", TAGGED, existing="update")
    assert Tag.objects.count() == 5
    undo_operation(owner_actor, operation.pk)
    work_off()
    assert (Tag.objects.count(), Person.objects.count()) == (0, 1)
