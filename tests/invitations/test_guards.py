"""Somebody invited as more than oneself is out of reach before they accept."""

from collections.abc import Callable
from typing import Any

import pytest

from portico.invitations.actions.inviting import invite_agent
from portico.kit.actors import Actor
from portico.kit.errors import Denied
from portico.workspaces.actions.agents import archive_agents, change_agent, disable_agents
from portico.workspaces.models import Agent, Role
from tests.factories.workspaces import actor_of, make_agent

Act = Callable[[Actor, Agent], Any]
ACTS: dict[str, Act] = {
    "disable": lambda actor, agent: disable_agents(actor, Agent.objects.filter(pk=agent.pk)),
    "archive": lambda actor, agent: archive_agents(actor, Agent.objects.filter(pk=agent.pk)),
    "rename": lambda actor, agent: change_agent(actor, agent.pk, {"name": "Another"}),
}


@pytest.fixture
def admin(scope: Any) -> Actor:
    return actor_of(make_agent("ada@northstar.test", name="Ada Admin", roles=["Admin"]))


def invited(actor: Actor, role: str) -> Agent:
    """A colleague who has not accepted yet."""
    key = Role.objects.get(kind="agent", name=role).pk
    made = invite_agent(actor, f"future.{role.lower()}@northstar.test", role_ids=[key])
    agent: Agent = Agent.objects.get(pk=made.user_id)
    return agent


@pytest.mark.parametrize("name", ACTS)
def test_an_admin_does_not_touch_an_invited_owner(
    owner_actor: Actor, admin: Actor, name: str
) -> None:
    future = invited(owner_actor, "Owner")
    with pytest.raises(Denied) as denied:
        ACTS[name](admin, future)
    assert denied.value.permissions == ("erase_people",)
    now = Agent.objects.get(pk=future.pk)
    assert (now.is_disabled, now.archived_at, now.name) == (False, None, future.name)


@pytest.mark.parametrize("name", ACTS)
def test_an_admin_touches_an_invited_manager(owner_actor: Actor, admin: Actor, name: str) -> None:
    future = invited(owner_actor, "Manager")
    ACTS[name](admin, future)
    now = Agent.objects.get(pk=future.pk)
    assert now.version == future.version + 1
