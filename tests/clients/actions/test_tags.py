"""Tags: one of each name, on many records at once, told, and taken back."""

import pytest

from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.actions.tags import (
    create_tag,
    delete_tag,
    merge_tags,
    tag_organizations,
    tag_people,
    update_tag,
)
from portico.clients.models import Organization, OrganizationTag, Person, Tag
from portico.clients.reports import tag_names
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Refused
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent


def tagged(text: str) -> list[str]:
    return list(
        Organization.objects.search(text).order_by("name_key").values_list("name", flat=True)
    )


def names(organization: Organization) -> list[str]:
    organization.refresh_from_db()
    return tag_names(organization)


def last_changes(kind: str = "organization.updated") -> dict[str, list[object]]:
    return dict(Event.objects.filter(kind=kind).latest("id").changes)


def test_a_tag_typed_on_a_record_is_created_once_and_found_by_any_case(
    owner_actor: Actor, acme: Organization
) -> None:
    birch = create_organization(owner_actor, {"name": "Birch", "tags": "Retainer, Web"})
    update_organization(owner_actor, acme.pk, {"tags": ["retainer"]})
    assert (names(birch), names(acme)) == (["Retainer", "Web"], ["Retainer"])
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Retainer", "Web"]
    assert last_changes() == {"tags": [[], ["Retainer"]]}
    assert tagged("retain") == ["Acme Windows", "Birch"]


def test_many_records_are_tagged_and_untagged_in_one_act(owner_actor: Actor) -> None:
    old = create_tag(owner_actor, name="Old")
    rows = [create_organization(owner_actor, {"name": f"Org {n}", "tags": ["Old"]}) for n in "abc"]
    new = create_tag(owner_actor, name="New")
    act = actor_of(make_agent("second@northstar.test", roles=["Owner"]))
    every = Organization.objects.all()
    changed = tag_organizations(act, every, add=[new.pk], remove=[old.pk], names=["Fresh"])
    assert {row.pk for row in changed} == {row.pk for row in rows}
    assert [names(row) for row in rows] == [["Fresh", "New"]] * 3
    assert {row.version for row in rows} == {2}
    assert tag_organizations(act, every, add=[new.pk]) == []
    assert last_changes() == {"tags": [["Old"], ["Fresh", "New"]]}
    undo_act(owner_actor, act.act_id)
    assert [names(row) for row in rows] == [["Old"]] * 3


def test_people_carry_tags_too(owner_actor: Actor, guest: Person) -> None:
    tag_people(owner_actor, Person.objects.filter(pk=guest.pk), names=["Key contact"])
    guest.refresh_from_db()
    assert tag_names(guest) == ["Key contact"]
    assert [row.pk for row in Person.objects.search("key contact")] == [guest.pk]
    event = Event.objects.filter(kind="person.updated").get()
    assert event.changes == {"tags": [[], ["Key contact"]]}
    assert event.organization_id == Organization.objects.get().pk


def test_renaming_a_tag_reaches_every_record_and_its_search(
    owner_actor: Actor, guest: Person
) -> None:
    acme = create_organization(owner_actor, {"name": "Acme", "tags": ["Retainr"]})
    tag_people(owner_actor, Person.objects.all(), names=["Retainr"])
    act = actor_of(make_agent("second@northstar.test", roles=["Owner"]))
    update_tag(act, Tag.objects.get().pk, {"name": "Retainer", "colour": "teal"}, version=1)
    assert (names(acme), tagged("retainr"), tagged("retainer")) == (["Retainer"], [], ["Acme"])
    assert Person.objects.search("retainer").count() == 1
    assert last_changes("tag.updated") == {
        "name": ["Retainr", "Retainer"],
        "colour": ["blue", "teal"],
    }
    undo_act(owner_actor, act.act_id)
    assert names(acme) == ["Retainr"]


def test_a_name_is_taken_once_case_ignored(owner_actor: Actor) -> None:
    create_tag(owner_actor, name="VIP")
    other = create_tag(owner_actor, name="Web")
    with pytest.raises(Refused) as created:
        create_tag(owner_actor, name="vip")
    with pytest.raises(Refused) as renamed:
        update_tag(owner_actor, other.pk, {"name": "ＶＩＰ"})
    for refused in (created.value, renamed.value):
        assert (refused.code, refused.field) == ("tag_in_use", "name")


def test_edge_case_37_merging_tags_leaves_each_record_one(
    owner_actor: Actor, acme: Organization
) -> None:
    both = create_organization(owner_actor, {"name": "Both", "tags": ["Shop", "Web shop"]})
    one = create_organization(owner_actor, {"name": "One", "tags": ["Shop"]})
    shop, web = Tag.objects.get(name="Shop"), Tag.objects.get(name="Web shop")
    act = actor_of(make_agent("second@northstar.test", roles=["Owner"]))
    merge_tags(act, target_id=web.pk, source_ids=[shop.pk])
    assert (names(both), names(one), names(acme)) == (["Web shop"], ["Web shop"], [])
    assert OrganizationTag.objects.count() == 2
    assert list(Tag.objects.values_list("name", flat=True)) == ["Web shop"]
    undo_act(owner_actor, act.act_id)
    assert (names(both), names(one)) == (["Shop", "Web shop"], ["Shop"])


def test_deleting_a_tag_takes_it_off_and_undo_brings_it_back_with_its_colour(
    owner_actor: Actor, acme: Organization
) -> None:
    tag = create_tag(owner_actor, name="VIP", colour="red")
    tag_organizations(owner_actor, Organization.objects.all(), add=[tag.pk])
    act = actor_of(make_agent("second@northstar.test", roles=["Owner"]))
    delete_tag(act, tag.pk)
    assert (names(acme), Tag.objects.count()) == ([], 0)
    undo_act(owner_actor, act.act_id)
    assert names(acme) == ["VIP"]
    assert Tag.objects.values_list("name", "colour").get() == ("VIP", "red")


def test_who_may_edit_records_may_type_tags_but_not_manage_them(acme: Organization) -> None:
    editor = actor_of(
        make_agent("e@northstar.test", permissions=["view_clients", "manage_client_organizations"])
    )
    tag_organizations(editor, Organization.objects.all(), names=["Fresh"])
    assert names(acme) == ["Fresh"]
    with pytest.raises(Denied):
        delete_tag(editor, Tag.objects.get().pk)
    with pytest.raises(Denied):
        tag_people(editor, Person.objects.all(), names=["Fresh"])


@pytest.mark.parametrize(
    ("typed", "code"), (("x" * 51, "too_long"), (["a,b"], "separator"), ([1], "not_text"))
)
def test_what_is_no_tag_is_refused_at_the_field(
    owner_actor: Actor, acme: Organization, typed: object, code: str
) -> None:
    make_organization("Other")
    make_person("p@acme.test")
    with pytest.raises(Refused) as refused:
        update_organization(owner_actor, acme.pk, {"tags": typed})
    assert [(row.field, row.code) for row in refused.value.errors] == [("tags", code)]
    assert Tag.objects.count() == 0
