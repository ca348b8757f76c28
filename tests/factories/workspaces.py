"""Workspaces, agents, keys."""

from collections.abc import Iterable
from typing import Any

from portico.accounts.choices import Licence, UserKind
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.actions.workspaces import create_workspace
from portico.workspaces.actors import user_actor
from portico.workspaces.choices import OWNER
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Role, RoleAssignment, Workspace

PASSWORD = "correct horse battery staple"


def make_workspace(
    name: str = "Northstar", *, preset: str = "agency", hostname: str = "", **fields: Any
) -> Workspace:
    """A workspace with its roles, plan and an owner `owner@<slug>.test`."""
    workspace = create_workspace(name=name, preset=preset, hostname=hostname)
    if fields:
        Workspace.objects.filter(pk=workspace.pk).update(**fields)
        workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        make_agent(f"owner@{workspace.slug}.test", name="Olga Owner", roles=[OWNER])
    return workspace


def make_agent(
    email: str = "agent@northstar.test",
    *,
    name: str = "Anna Agent",
    roles: Iterable[str] = ("Team member",),
    permissions: Iterable[str] | None = None,
    licence: str = Licence.FULL,
    **fields: Any,
) -> Agent:
    """An agent who holds these system roles, or exactly these permissions."""
    agent = Agent(kind=UserKind.AGENT, email=email, name=name, licence=licence, **fields)
    agent.set_password(PASSWORD)
    agent.save()
    held = list(Role.objects.filter(kind="agent", name__in=list(roles)))
    if permissions is not None:
        held = [
            Role.objects.create(kind="agent", name=f"Only {email}", permissions=list(permissions))
        ]
    RoleAssignment.objects.bulk_create(RoleAssignment(user=agent, role=role) for role in held)
    return agent


def actor_of(user: Any) -> Actor:
    """The actor that this user is now (reloaded, so that nothing remembered counts)."""
    return user_actor(type(user).objects.get(pk=user.pk))
