"""Likely duplicates are found among all records, at a bounded cost."""

import re
from typing import Any
from uuid import UUID

import pytest

from portico.clients.actions.likeness import likeness_of, refresh_likeness
from portico.clients.actions.merging import merge_organizations, tell_apart
from portico.clients.actions.merging.duplicates import (
    LARGE_GROUPS,
    OF_ONE_KEY,
    SHOWN,
    duplicate_organizations,
    duplicate_people,
)
from portico.clients.actions.organizations import (
    archive_organizations,
    create_organization,
    delete_organization,
    update_organization,
)
from portico.clients.actions.people import create_person, update_person
from portico.clients.actions.undo import undo_creation
from portico.clients.choices import Likeness, PropertySubject
from portico.clients.models import Distinction, LikenessKey, Organization
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.history.tasks import follow_up
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused
from portico.workspaces.models import Agent
from tests.clients.plans import plans_of
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent

ORGANIZATION, PERSON = PropertySubject.ORGANIZATION, PropertySubject.PERSON


def create(actor: Actor, name: str, **fields: str) -> Organization:
    made: Organization = create_organization(
        actor, {"name": name, **fields}, confirm=("equal_name",)
    )
    follow_up()
    return made


def found(actor: Actor) -> list[tuple[str, str, str]]:
    return [
        (str(pair.first), str(pair.second), pair.reason) for pair in duplicate_organizations(actor)
    ]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"name": "Müller Söhne GmbH"}, {"name": "Sohne, Muller"}, "Similar name"),
        (
            {"name": "Acme", "website": "https://www.Acme.test/shop"},
            {"name": "Windows", "website": "http://acme.test"},
            "Same website",
        ),
    ],
)
def test_organizations_are_alike_by_words_and_by_host(
    owner_actor: Actor, one: dict[str, str], other: dict[str, str], reason: str
) -> None:
    create(owner_actor, **one)
    create(owner_actor, **other)
    assert found(owner_actor) == [(one["name"], other["name"], reason)]


def test_a_name_of_nothing_but_the_form_of_a_company_is_like_no_other(owner_actor: Actor) -> None:
    create(owner_actor, "The Company")
    create(owner_actor, "Holding AG")
    assert found(owner_actor) == []


def test_people_are_alike_in_any_order_of_their_names(owner_actor: Actor) -> None:
    for number, name in enumerate(("José Lang", "Lang, Jose")):
        fields = {"name": name, "email": f"{number}@x.test"}
        acme = make_organization(f"Firm {number}")
        create_person(owner_actor, fields, organization_id=acme.pk)
    follow_up()
    (pair,) = duplicate_people(owner_actor)
    assert (pair.first.name, pair.second.name, pair.reason) == (
        "José Lang",
        "Lang, Jose",
        "Similar name",
    )


def test_the_oldest_of_many_is_found_as_well_as_the_newest(owner_actor: Actor) -> None:
    """They were sought among the 2,000 that were added last."""
    first = make_organization("Lang und Kurz")
    rows = [Organization(name=f"Firm number {number}") for number in range(2100)]
    for row in rows:
        row.derive_keys()
    Organization.objects.bulk_create(rows)
    last = make_organization("Kurz Lang")
    refresh_likeness(ORGANIZATION, [first.pk, last.pk])
    assert found(owner_actor) == [("Lang und Kurz", "Kurz Lang", "Similar name")]


def test_what_is_renamed_archived_merged_or_deleted_is_no_longer_like_another(
    owner: Agent, owner_actor: Actor
) -> None:
    create(owner_actor, "Lang Kurz")
    others = [create(owner_actor, name) for name in ("Kurz Lang", "Kurz, Lang", "Kurz - Lang")]
    gone = create(owner_actor, "Kurz & Lang")
    assert len(found(owner_actor)) == 4
    update_organization(owner_actor, others[0].pk, {"name": "Breit"})
    archive_organizations(owner_actor, Organization.objects.filter(pk=others[1].pk))
    into = create(owner_actor, "Other")
    merge_organizations(actor_of(owner), into.pk, others[2].pk, choices={})
    delete_organization(owner_actor, gone.pk, confirmation="DELETE")
    assert found(owner_actor) == []  # the records are asked, whatever the keys still say
    follow_up()
    keys = LikenessKey.objects.order_by("key").values_list("key", flat=True)
    assert list(keys) == ["breit", "kurz lang", "other"]


def test_creation_taken_back_leaves_no_key(owner: Agent) -> None:
    actor = actor_of(owner)
    create(actor, "Lang Kurz")
    undo_creation(actor, actor.act_id)
    assert LikenessKey.objects.count() == 0


def test_following_twice_adds_nothing(owner_actor: Actor) -> None:
    acme = create(owner_actor, "Lang Kurz", website="https://lang.test")
    for _twice in range(2):
        refresh_likeness(ORGANIZATION, [acme.pk])
    assert LikenessKey.objects.count() == 2


def test_a_name_that_very_many_share_neither_hides_others_nor_is_read_whole(
    owner_actor: Actor, django_assert_max_num_queries: Any
) -> None:
    for name in ("A large one", *(f"Large {number}" for number in range(LARGE_GROUPS))):
        for _number in range(OF_ONE_KEY + 5):
            make_organization(name)
    make_organization("Zett"), make_organization("Zett")
    with django_assert_max_num_queries(8 + LARGE_GROUPS):
        pairs = found(owner_actor)
    assert len(pairs) == SHOWN
    Organization.objects.filter(name__startswith="Large").update(name_key="")
    assert ("Zett", "Zett", "Same name") in found(owner_actor)


def test_told_apart_they_are_proposed_again_when_one_changes_in_what_is_compared(
    owner_actor: Actor,
) -> None:
    one, other = create(owner_actor, "Lang Kurz"), create(owner_actor, "Kurz Lang")
    tell_apart(owner_actor, ORGANIZATION, other.pk, other_id=one.pk)
    assert found(owner_actor) == []
    update_organization(owner_actor, one.pk, {"description": "Something else"})
    assert found(owner_actor) == []
    update_organization(owner_actor, one.pk, {"name": "Lang, Kurz"})
    assert found(owner_actor) == [("Lang, Kurz", "Kurz Lang", "Similar name")]
    tell_apart(owner_actor, ORGANIZATION, one.pk, other_id=other.pk)
    assert found(owner_actor) == []


def test_of_three_told_apart_one_by_one_each_pair_is_asked_once(owner_actor: Actor) -> None:
    for _thrice in range(3):
        make_organization("Acme")
    asked: set[tuple[UUID, UUID]] = set()
    while pairs := duplicate_organizations(owner_actor):
        pair = (pairs[0].first.pk, pairs[0].second.pk)
        assert pair not in asked
        asked.add(pair)
        tell_apart(owner_actor, ORGANIZATION, pair[0], other_id=pair[1])
    assert len(asked) == 3


def test_those_that_were_told_apart_make_no_room_disappear_for_others(owner_actor: Actor) -> None:
    for number in range(SHOWN + 2):
        twins = [make_organization(f"Firm {number:02}") for _twice in range(2)]
        if number < SHOWN:
            tell_apart(owner_actor, ORGANIZATION, twins[0].pk, other_id=twins[1].pk)
    assert [pair[0] for pair in found(owner_actor)] == ["Firm 50", "Firm 51"]


def test_however_many_were_told_apart_none_of_them_comes_back(
    owner_actor: Actor, django_assert_max_num_queries: Any
) -> None:
    many = 2_100
    rows = [Organization(name=f"Firm {number // 2:04}") for number in range(2 * many)]
    for row in rows:
        row.derive_keys()
    Organization.objects.bulk_create(rows)
    firms = list(Organization.objects.order_by("name_key", "pk"))
    twins = list(zip(firms[::2], firms[1::2], strict=True))
    Distinction.objects.bulk_create(
        Distinction(
            subject=ORGANIZATION, first_id=one.pk, second_id=other.pk, compared=said(one, other)
        )
        for one, other in twins
    )
    with django_assert_max_num_queries(30):
        assert found(owner_actor) == []
    last = twins[-1][0]
    Distinction.objects.filter(first_id=last.pk).delete()
    assert found(owner_actor) == [(last.name, last.name, "Same name")]


def said(*rows: Organization) -> list[list[str | None]]:
    """What is noted of records that are told apart."""
    return [[row.name_key, "", *map(likeness_of(row).get, Likeness)] for row in rows]


def test_telling_apart_leaves_an_event_at_both_and_undo_asks_again(owner: Agent) -> None:
    actor = actor_of(owner)
    one, other = make_person("a@x.test", name="Anna"), make_person("b@x.test", name="Anna")
    tell_apart(actor, PERSON, one.pk, other_id=other.pk)
    told = Event.objects.filter(kind="person.told_apart").order_by("id")
    assert [(event.subject_id, event.changes) for event in told] == [
        (one.pk, {"told_apart": [None, "Anna"]}),
        (other.pk, {"told_apart": [None, "Anna"]}),
    ]
    undo_act(actor_of(owner), actor.act_id)
    assert len(duplicate_people(actor)) == 1
    assert Event.objects.filter(kind="person.compared_again").count() == 2


def test_who_may_not_change_records_tells_none_apart(owner_actor: Actor) -> None:
    one, other = make_organization("Acme"), make_organization("Acme")
    with pytest.raises(Denied):
        tell_apart(
            actor_of(make_agent(permissions=["edit_clients"])),
            ORGANIZATION,
            one.pk,
            other_id=other.pk,
        )
    with pytest.raises(NotThere):
        tell_apart(owner_actor, PERSON, one.pk, other_id=other.pk)
    with pytest.raises(Refused) as refused:
        tell_apart(owner_actor, ORGANIZATION, one.pk, other_id=one.pk)
    assert refused.value.code == "same_record"


def test_a_person_s_changed_phone_or_name_is_compared(owner_actor: Actor) -> None:
    phone: dict[str, Any] = {"phone": "+41 44 668 18 00", "phone_e164": "+41446681800"}
    one = make_person("a@x.test", name="Anna", **phone)
    other = make_person("b@x.test", name="Bert", **phone)
    tell_apart(owner_actor, PERSON, one.pk, other_id=other.pk)
    assert duplicate_people(owner_actor) == []
    update_person(owner_actor, other.pk, {"name": "Anna"})
    assert [pair.reason for pair in duplicate_people(owner_actor)] == ["Same name"]


@pytest.mark.parametrize(
    ("find", "walked"),
    [
        (duplicate_organizations, ["org_name_key_active", "likeness_key", "likeness_key"]),
        (duplicate_people, ["user_name_key_active", "user_phone", "likeness_key"]),
    ],
)
def test_each_reason_is_one_walk_along_an_index(
    owner_actor: Actor, find: Any, walked: list[str]
) -> None:
    """At 100,000 people and 10,000 organizations the page took 0.2 s so, on SQLite."""
    for number in range(30):
        make_organization(f"Firm {number}")
        make_person(f"{number}@x.test", name=f"Person {number}")
    plans = [plan for plan in plans_of(lambda: find(owner_actor)) if "clients_distinct" not in plan]
    assert len(plans) == len(walked)
    for plan, index in zip(plans, walked, strict=True):
        assert index in plan
        assert not re.search(r"TEMP B-TREE|Sort|Seq Scan|\bSCAN\b", plan), plan
