"""What undo does to organizations and people, and what it leaves alone."""

import pytest

from portico.clients.actions.organizations import (
    archive_organizations,
    create_organization,
    unarchive_organizations,
    update_organization,
)
from portico.clients.actions.people import archive_people, disable_people, update_person
from portico.clients.models import Organization, Person
from portico.history.actions.undo import undo_act
from portico.history.models import Act, Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Refused
from portico.workspaces.models import Agent, Plan
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent


@pytest.fixture
def tom(scope: object) -> Agent:
    """A colleague who also changes things."""
    return make_agent("tom@northstar.test", name="Tom Okafor", roles=["Admin"])


def names(*, is_archived: bool) -> list[str]:
    rows = Organization.objects.archived() if is_archived else Organization.objects.active()
    return sorted(rows.values_list("name", flat=True))


def kept(actor: Actor, act: Actor) -> list[tuple[str, str]]:
    return [(item.name, item.reason) for item in undo_act(actor, act.act_id).kept]


def test_an_archived_organization_comes_back_with_exactly_the_people_archived_with_it(
    owner: Agent, acme: Organization
) -> None:
    make_person("one@acme.test", name="One", organization=acme)
    earlier = make_person("two@acme.test", name="Two", organization=acme)
    archive_people(actor_of(owner), Person.objects.filter(pk=earlier.pk))
    act = actor_of(owner)
    archive_organizations(act, Organization.objects.filter(pk=acme.pk))
    assert Person.objects.active().count() == 0
    assert kept(actor_of(owner), act) == []
    acme.refresh_from_db()
    assert (acme.archived_at, acme.people_count) == (None, 1)
    assert [person.name for person in Person.objects.active()] == ["One"]


def test_an_edit_gives_back_all_its_values_and_leaves_one_event_more(
    owner: Agent, acme: Organization
) -> None:
    act = actor_of(owner)
    update_organization(act, acme.pk, {"name": "Acme Doors", "membership_end_date": "2099-12-31"})
    undo_act(actor_of(owner), act.act_id)
    acme.refresh_from_db()
    assert (acme.name, acme.membership_end_date, acme.version) == ("Acme Windows", None, 3)
    assert Event.objects.filter(kind="organization.updated").count() == 2


def test_a_value_changed_since_is_left_alone_and_who_changed_it_is_named(
    owner: Agent, tom: Agent, acme: Organization
) -> None:
    act = actor_of(owner)
    update_organization(act, acme.pk, {"name": "Acme Doors"})
    update_organization(actor_of(tom), acme.pk, {"name": "Acme Walls"})
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), act.act_id)
    told = (refused.value.code, refused.value.detail)
    assert told == ("changed_since", "Changed since by Tom Okafor.")
    acme.refresh_from_db()
    assert acme.name == "Acme Walls"
    assert Act.objects.get(pk=act.act_id).undone_at is None


def test_another_field_changed_since_does_not_hinder(
    owner: Agent, tom: Agent, acme: Organization
) -> None:
    act = actor_of(owner)
    update_organization(act, acme.pk, {"name": "Acme Doors"})
    update_organization(actor_of(tom), acme.pk, {"reference": "T-1"})
    assert kept(actor_of(owner), act) == []
    acme.refresh_from_db()
    assert (acme.name, acme.reference) == ("Acme Windows", "T-1")


def test_edge_case_54_of_three_archived_one_that_was_switched_since_stays_and_is_named(
    owner: Agent, tom: Agent
) -> None:
    rows = [make_organization(name) for name in ("Acme", "Birch", "Cedar")]
    act = actor_of(owner)
    archive_organizations(act, Organization.objects.all())
    birch = Organization.objects.filter(pk=rows[1].pk)
    unarchive_organizations(actor_of(tom), birch)
    archive_organizations(actor_of(tom), birch)
    assert kept(actor_of(owner), act) == [("Birch", "Changed since by Tom Okafor.")]
    assert (names(is_archived=False), names(is_archived=True)) == (["Acme", "Cedar"], ["Birch"])


def test_records_of_one_name_are_told_apart_when_one_of_them_changed(
    owner: Agent, tom: Agent
) -> None:
    rows = [make_organization("Acme") for _number in range(3)]
    act = actor_of(owner)
    archive_organizations(act, Organization.objects.all())
    unarchive_organizations(actor_of(tom), Organization.objects.filter(pk=rows[0].pk))
    assert len(kept(actor_of(owner), act)) == 1
    assert names(is_archived=False) == ["Acme", "Acme", "Acme"]


def test_an_act_is_undone_once(owner: Agent, acme: Organization) -> None:
    act = actor_of(owner)
    archive_organizations(act, Organization.objects.all())
    undo_act(actor_of(owner), act.act_id)
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), act.act_id)
    assert refused.value.code == "already_undone"


def test_somebody_without_the_permission_changes_nothing(owner: Agent, acme: Organization) -> None:
    act = actor_of(owner)
    archive_organizations(act, Organization.objects.all())
    looks = make_agent("looks@northstar.test", permissions=["view_clients"])
    with pytest.raises(Denied):
        undo_act(actor_of(looks), act.act_id)
    assert names(is_archived=True) == ["Acme Windows"]


def test_the_undo_of_an_undo_does_it_again(owner: Agent, guest: Person) -> None:
    act, undoing = actor_of(owner), actor_of(owner)
    disable_people(act, Person.objects.filter(pk=guest.pk))
    undo_act(undoing, act.act_id)
    undo_act(actor_of(owner), undoing.act_id)
    guest.refresh_from_db()
    assert guest.is_disabled is True


def test_the_undo_of_archiving_is_told_by_the_organizations_it_brings_back(
    owner: Agent, acme: Organization
) -> None:
    make_person("lena@acme.test", organization=acme)
    act, undoing = actor_of(owner), actor_of(owner)
    archive_organizations(act, Organization.objects.all())
    undo_act(undoing, act.act_id)
    told = Act.objects.get(pk=undoing.act_id)
    assert (told.kind, told.subject_name, told.records) == (
        "organization.unarchived",
        "Acme Windows",
        1,
    )


def test_an_undo_for_which_the_plan_has_no_room_is_refused_whole(
    owner: Agent, acme: Organization
) -> None:
    for number in range(2):
        make_person(f"p{number}@acme.test", organization=acme)
    act = actor_of(owner)
    archive_organizations(act, Organization.objects.all())
    Plan.objects.update(person_limit=1)
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), act.act_id)
    assert refused.value.code == "person_limit"
    assert (names(is_archived=True), Person.objects.active().count()) == (["Acme Windows"], 0)


def test_an_address_that_somebody_has_since_keeps_the_person_as_they_are(
    owner: Agent, guest: Person
) -> None:
    act = actor_of(owner)
    update_person(act, guest.pk, {"email": "gina@acme.test"})
    make_person("guest@acme.test", name="Another Guest")
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), act.act_id)
    assert "Another Guest" in refused.value.detail
    guest.refresh_from_db()
    assert guest.email == "gina@acme.test"


def test_a_creation_is_removed_for_good_and_one_in_use_stays(owner: Agent) -> None:
    act, other = actor_of(owner), actor_of(owner)
    create_organization(act, {"name": "Birch"})
    cedar = create_organization(other, {"name": "Cedar"})
    make_person("c@cedar.test", organization=cedar)
    undo_act(actor_of(owner), act.act_id)
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), other.act_id)
    assert refused.value.detail == "It is in use: archive it instead."
    assert names(is_archived=False) == ["Cedar"]
