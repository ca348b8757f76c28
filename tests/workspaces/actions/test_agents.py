"""Rank, the last owner, licences, and what ends at the next request."""

from typing import Any

import pytest

from portico.accounts.models import Session
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused, Stale
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.actions.agents import (
    archive_agents,
    change_agent,
    disable_agents,
    enable_agents,
    unarchive_agents,
)
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Plan, Role
from tests.conftest import sign_in
from tests.factories.workspaces import actor_of, make_agent


def role(name: str) -> Role:
    found: Role = Role.objects.get(kind="agent", name=name)
    return found


def only(agent: Any) -> Any:
    return Agent.objects.filter(pk=agent.pk)


def roles_of(agent: Any) -> list[str]:
    held = Role.objects.filter(assignments__user=agent)
    return sorted(held.values_list("name", flat=True))


@pytest.fixture
def admin(scope: Any) -> Agent:
    return make_agent("admin@northstar.test", name="Ada Admin", roles=["Admin"])


@pytest.fixture
def tom(scope: Any) -> Agent:
    return make_agent("tom@northstar.test", name="Tom Okafor")


def test_roles_and_licence_are_changed_with_history(owner_actor: Actor, tom: Agent) -> None:
    change_agent(
        owner_actor, tom.pk, {"role_ids": [role("Manager").pk], "licence": "read_only"}, version=1
    )

    assert (roles_of(tom), Agent.objects.get(pk=tom.pk).licence) == (["Manager"], "read_only")
    event = Event.objects.get(kind="agent.updated")
    assert event.changes == {
        "licence": ["full", "read_only"],
        "roles": [["Team member"], ["Manager"]],
    }


def test_nothing_changed_leaves_no_event(owner_actor: Actor, tom: Agent) -> None:
    change_agent(owner_actor, tom.pk, {"role_ids": [role("Team member").pk]}, version=1)

    assert Event.objects.filter(kind="agent.updated").count() == 0


def test_a_stale_save_is_refused(owner_actor: Actor, tom: Agent) -> None:
    change_agent(owner_actor, tom.pk, {"name": "Tom O."}, version=1)

    with pytest.raises(Stale):
        change_agent(owner_actor, tom.pk, {"name": "Thomas"}, version=1)


@pytest.mark.parametrize("act", (disable_agents, archive_agents))
def test_an_admin_does_not_touch_an_owner(admin: Agent, owner: Agent, act: Any) -> None:
    """R-C12."""
    with pytest.raises(Denied):
        act(actor_of(admin), only(owner))

    owner.refresh_from_db()
    assert (owner.is_disabled, owner.archived_at) == (False, None)


def test_an_admin_neither_demotes_an_owner_nor_makes_one(
    admin: Agent, owner: Agent, tom: Agent
) -> None:
    """R-C12."""
    for agent, name in ((owner, "Viewer"), (tom, "Owner"), (admin, "Owner")):
        with pytest.raises(Denied):
            change_agent(actor_of(admin), agent.pk, {"role_ids": [role(name).pk]})

    assert [roles_of(agent) for agent in (owner, tom, admin)] == [
        ["Owner"],
        ["Team member"],
        ["Admin"],
    ]


@pytest.mark.parametrize("act", (disable_agents, archive_agents))
def test_nobody_does_it_to_themselves(admin: Agent, act: Any) -> None:
    with pytest.raises(Refused) as refused:
        act(actor_of(admin), only(admin))

    assert refused.value.code == "own_account"


@pytest.mark.parametrize("changes", ({"role_ids": ["Admin"]}, {"licence": "read_only"}))
def test_the_last_owner_stays_an_owner_who_can_act(
    owner_actor: Actor, owner: Agent, admin: Agent, changes: dict[str, Any]
) -> None:
    if "role_ids" in changes:
        changes = {"role_ids": [role("Admin").pk]}

    with pytest.raises(Refused) as refused:
        change_agent(owner_actor, owner.pk, changes)

    assert refused.value.code == "last_owner"
    assert (roles_of(owner), Agent.objects.get(pk=owner.pk).licence) == (["Owner"], "full")


@pytest.mark.parametrize("act", (disable_agents, archive_agents))
def test_of_two_owners_one_may_go_and_then_the_other_stays(
    owner_actor: Actor, owner: Agent, act: Any
) -> None:
    second = make_agent("second@northstar.test", roles=["Owner"])
    second_actor = actor_of(second)
    act(owner_actor, only(second))

    with pytest.raises(Refused) as refused:
        act(second_actor, only(owner))

    assert refused.value.code == "last_owner"


def test_an_invited_owner_who_never_joined_does_not_count(owner_actor: Actor, owner: Agent) -> None:
    second = make_agent("second@northstar.test", roles=["Owner"])
    second.set_unusable_password()
    second.save()

    with pytest.raises(Refused) as refused:
        change_agent(owner_actor, owner.pk, {"role_ids": [role("Admin").pk]})

    assert refused.value.code == "last_owner"


def test_disabling_ends_the_session_at_the_next_request_and_enabling_keeps_the_roles(
    owner_actor: Actor, tom: Agent
) -> None:
    browser = sign_in(tom)
    disable_agents(owner_actor, only(tom))
    assert Session.objects.filter(user=tom).count() == 0
    assert browser.get("/organizations/").status_code == 302

    enable_agents(owner_actor, only(tom))

    assert sign_in(tom).get("/organizations/").status_code == 200
    assert roles_of(tom) == ["Team member"]


def test_an_archived_colleague_frees_the_licence_and_comes_back_only_if_there_is_one(
    owner_actor: Actor, tom: Agent
) -> None:
    Plan.objects.update(full_licences=2)
    archive_agents(owner_actor, only(tom))
    make_agent("new@northstar.test")

    with pytest.raises(Refused) as refused:
        unarchive_agents(owner_actor, only(tom))
    assert refused.value.code == "licence_limit"

    Plan.objects.update(full_licences=3)
    assert [agent.pk for agent in unarchive_agents(owner_actor, only(tom))] == [tom.pk]


@pytest.mark.parametrize("permissions", (["view_clients"], ["edit_clients", "manage_workspace"]))
def test_without_manage_team_nothing_is_changed(tom: Agent, permissions: list[str]) -> None:
    other = actor_of(make_agent("other@northstar.test", permissions=permissions))

    for act in (disable_agents, enable_agents, archive_agents, unarchive_agents):
        with pytest.raises(Denied):
            act(other, only(tom))
    with pytest.raises(Denied):
        change_agent(other, tom.pk, {"name": "X Y"})


def test_an_agent_of_another_workspace_is_not_there(
    owner_actor: Actor, other_workspace: Any
) -> None:
    with open_scope(scope_of(other_workspace)):
        stranger = make_agent("z@zenith.test")

    with pytest.raises(NotThere):
        change_agent(owner_actor, stranger.pk, {"name": "Taken"})
    assert disable_agents(owner_actor, Agent.objects.filter(pk=stranger.pk)) == []


def test_a_client_role_is_no_role_for_an_agent(owner_actor: Actor, tom: Agent) -> None:
    """X23."""
    client_admin = Role.objects.get(kind="client", name="Admin")

    with pytest.raises(Refused) as refused:
        change_agent(owner_actor, tom.pk, {"role_ids": [client_admin.pk]})

    assert refused.value.code == "role_unknown"
