"""A policy says who may pass, and names what is missing."""

import dataclasses

import pytest

from portico.kit.actors import Actor, ActorKind
from portico.kit.errors import Denied, NotThere
from portico.kit.ids import new_id
from portico.kit.policies import Audience, Policy, page, policy_of

AGENT = Actor(
    kind=ActorKind.USER,
    id=new_id(),
    name="Anna",
    workspace_id=new_id(),
    user_kind="agent",
    licence="full",
    permissions=frozenset({"view_clients", "edit_clients"}),
)
PERSON = dataclasses.replace(AGENT, user_kind="person", licence=None, permissions=frozenset())
READER = dataclasses.replace(AGENT, licence="read_only")


def policy(audience: Audience = Audience.AGENT, **demands: object) -> Policy:
    return Policy(name="probe", audience=audience, why="a test", **demands)  # type: ignore[arg-type]


def test_a_public_route_must_say_why() -> None:
    with pytest.raises(ValueError, match="says why"):
        Policy(name="probe", audience=Audience.PUBLIC)


def test_an_agents_page_does_not_exist_for_a_person_nor_a_portal_page_for_an_agent() -> None:
    with pytest.raises(NotThere):
        policy(Audience.AGENT).check(PERSON)
    with pytest.raises(NotThere):
        policy(Audience.PERSON).check(AGENT)
    policy(Audience.AGENT).check(AGENT)
    policy(Audience.PERSON).check(PERSON)
    for audience in (Audience.SIGNED_IN, Audience.ENDED, Audience.PUBLIC):
        policy(audience).check(AGENT)
        policy(audience).check(PERSON)


def test_all_permissions_are_needed_and_the_missing_ones_are_named() -> None:
    policy(permissions=("view_clients", "edit_clients")).check(AGENT)
    with pytest.raises(Denied) as denied:
        policy(permissions=("view_clients", "manage_team", "erase_people")).check(AGENT)
    assert denied.value.permissions == ("manage_team", "erase_people")


def test_one_of_any_of_is_enough() -> None:
    policy(any_of=("manage_team", "edit_clients")).check(AGENT)
    with pytest.raises(Denied) as denied:
        policy(any_of=("manage_team", "erase_people")).check(AGENT)
    assert denied.value.any_of == ("manage_team", "erase_people")


def test_a_read_only_licence_writes_nothing_but_ones_own_account() -> None:
    policy().check(READER)
    policy(writes=True, own_account=True).check(READER)
    with pytest.raises(Denied) as denied:
        policy(writes=True).check(READER)
    assert denied.value.permissions == ("full_licence",)


def test_a_page_that_writes_answers_its_form_and_its_post() -> None:
    reading = page("probe", Audience.AGENT)(lambda request: None)
    writing = page("probe", Audience.AGENT, writes=True)(lambda request: None)
    only = page("probe", Audience.AGENT, writes=True, methods=("POST",))(lambda request: None)
    found = [policy_of(view) for view in (reading, writing, only)]
    assert [each.methods for each in found if each] == [
        ("GET", "HEAD"),
        ("GET", "HEAD", "POST"),
        ("POST",),
    ]
    assert policy_of(lambda request: None) is None


def test_the_system_may_do_everything_in_its_workspace() -> None:
    system = Actor.system(new_id())
    assert system.may("erase_people", "manage_workspace")
    assert system.may_any("erase_people")
    system.require("erase_people")
    system.require_any("erase_people")
    assert not system.is_agent
    assert not system.is_person
