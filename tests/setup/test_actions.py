"""Example data and samples: invented, removable, the same every time."""

import dataclasses
import datetime
from typing import Any

import pytest

from portico.accounts.models import User
from portico.clients.actions.organizations import update_organization
from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import open_scope
from portico.operations.models import Operation
from portico.setup.actions import (
    WorkspaceDraft,
    create_example_data,
    create_sample,
    remove_example_data,
    set_up_workspace,
)
from portico.setup.operations import undo
from portico.setup.reports import example_data, has_own_clients
from portico.workspaces.actors import user_actor
from portico.workspaces.choices import Preset
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.factories.clients import make_organization

DRAFT = WorkspaceDraft(
    name="Northstar",
    preset=Preset.AGENCY,
    owner_name="Hana Novak",
    owner_email="hana@northstar.example",
)


def test_the_owner_holds_every_permission_and_may_be_asked(db: Any) -> None:
    workspace, owner = set_up_workspace(DRAFT)
    with open_scope(scope_of(workspace)):
        actor = user_actor(owner)
    assert actor.may("erase_people", "manage_workspace", "manage_team")
    assert workspace.support_contact_id == owner.pk
    assert not owner.has_usable_password()


@pytest.mark.parametrize("wrong", ({"owner_email": "nobody"}, {"owner_name": " "}, {"name": "x"}))
def test_nothing_is_made_when_a_field_is_wrong(db: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        set_up_workspace(dataclasses.replace(DRAFT, **wrong))
    assert not Workspace.objects.exists()


@pytest.mark.parametrize("preset", Preset.values)
def test_example_data_fits_every_preset(db: Any, preset: str) -> None:
    draft = dataclasses.replace(DRAFT, preset=preset, has_example_data=True)
    workspace, _owner = set_up_workspace(draft)
    with open_scope(scope_of(workspace)):
        ending = Organization.objects.ending(datetime.date.today())  # noqa: DTZ011 - UTC here
        assert Organization.objects.active().count() == 11
        assert Organization.objects.filter(is_active=False).count() == 1
        assert ending.count() == (0 if preset == Preset.FIELD_SERVICE else 2)
        assert Person.objects.archived().count() == 3
        counts = Organization.objects.values_list("people_count", flat=True)
        assert sum(counts) == Person.objects.active().count()


def test_example_data_goes_whole_and_frees_its_addresses(owner_actor: Actor) -> None:
    create_example_data(owner_actor)
    undone = remove_example_data(owner_actor)
    assert undone is not None
    assert (undone.organizations, undone.people, undone.kept) == (12, 29, ())
    assert User.objects.people().count() == 0
    assert example_data() is None
    create_example_data(owner_actor)
    assert Organization.objects.count() == 12


def test_a_touched_example_stays(owner_actor: Actor) -> None:
    create_example_data(owner_actor)
    tide = Organization.objects.get(name="Tide & Timber")
    update_organization(owner_actor, tide.pk, {"description": "A real one now"})
    undone = remove_example_data(owner_actor)
    assert undone is not None
    assert undone.kept == ("Tide & Timber",)
    assert list(Organization.objects.all()) == [tide]


def test_the_list_of_long_work_can_take_it_back_too(owner_actor: Actor) -> None:
    operation = create_example_data(owner_actor)
    operation = Operation.objects.get(pk=operation.pk)
    assert undo(operation) is True
    assert (operation.counts["removed"], operation.counts["kept"]) == (41, 0)


def test_example_data_is_not_added_twice(owner_actor: Actor) -> None:
    create_example_data(owner_actor)
    with pytest.raises(Refused) as refused:
        create_example_data(owner_actor)
    assert refused.value.code == "example_data_exists"


def test_example_data_does_not_count_as_own_clients(owner_actor: Actor) -> None:
    create_example_data(owner_actor)
    assert has_own_clients() is False
    make_organization("Own one")
    assert has_own_clients() is True


def test_a_sample_of_one_size_is_the_same_every_time(db: Any) -> None:
    names = []
    for hostname in ("a.test", "b.test"):
        draft = WorkspaceDraft(
            name="Sample",
            preset=Preset.PARTNER,
            owner_name="Hana Novak",
            owner_email="hana@northstar.example",
            hostname=hostname,
        )
        workspace, owner = set_up_workspace(draft)
        with open_scope(scope_of(workspace)):
            assert create_sample(user_actor(owner), 1_025) == 1_025
            assert Organization.objects.count() == 102
            assert sum(Organization.objects.values_list("people_count", flat=True)) == 1_025
            names.append(list(Person.objects.order_by("email_key").values_list("name", "phone")))
    assert names[0] == names[1]
