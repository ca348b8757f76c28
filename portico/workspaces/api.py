"""/api/v1/me, /plan, /roles, /agents."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from portico.accounts.models import User
from portico.kit.endpoints import endpoint, with_etag
from portico.kit.errors import NotThere
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.policies import Audience
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.choices import Permission
from portico.workspaces.limits import PlanUsage, plan_usage
from portico.workspaces.models import Agent, Role
from portico.workspaces.schemas import AgentList, AgentOut, MeOut, PlanOut, RoleList, RoleOut

router = Router(tags=["workspace"])
BY_NAME = Order("name", (SortColumn("name_key"),))
BY_KIND = Order("kind", (SortColumn("kind"), SortColumn("name")))


@router.get("/me", response=MeOut)
@endpoint("me.show", audience=Audience.SIGNED_IN)
def me(request: Any) -> dict[str, Any]:
    """Whose key this is, and what it may do now."""
    actor = request.actor
    user = User.objects.get(pk=actor.user_id)
    return {
        "id": user.pk,
        "kind": user.kind,
        "name": user.name,
        "email": user.email,
        "workspace": current_scope().slug,
        "licence": actor.licence,
        "organization_id": actor.organization_id,
        "permissions": sorted(actor.permissions),
    }


@router.get("/plan", response=PlanOut)
@endpoint("settings.plan")
def plan(request: Any) -> PlanUsage:
    """What the operator granted, and how much of it is in use now."""
    return plan_usage()


@router.get("/roles", response=RoleList)
@endpoint("roles.list", parameters=("cursor", "limit"), permissions=(Permission.VIEW_CLIENTS,))
def list_roles(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """The roles of both kinds, by kind and name: `cursor`, `limit`."""
    page = keyset_page(Role.objects.all(), BY_KIND, cursor=cursor, limit=limit)
    return {
        "items": list(page.items),
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.get("/roles/{uuid:role_id}", response=RoleOut)
@endpoint("roles.show", permissions=(Permission.VIEW_CLIENTS,))
def show_role(request: Any, response: HttpResponse, role_id: UUID) -> Role:
    """One role of either kind, with its version as ETag."""
    found: Role | None = Role.objects.filter(pk=role_id).first()
    if found is None:
        raise NotThere
    with_etag(response, found.version)
    return found


@router.get("/agents", response=AgentList)
@endpoint("agents.list", parameters=("cursor", "limit"), permissions=(Permission.VIEW_CLIENTS,))
def list_agents(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """The team, by name; archived ones left out."""
    page = keyset_page(Agent.objects.active(), BY_NAME, cursor=cursor, limit=limit)
    return {
        "items": list(page.items),
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.get("/agents/{uuid:agent_id}", response=AgentOut)
@endpoint("agents.show", permissions=(Permission.VIEW_CLIENTS,))
def show_agent(request: Any, response: HttpResponse, agent_id: UUID) -> Agent:
    """One of the team, archived ones too."""
    found: Agent | None = Agent.objects.filter(pk=agent_id).first()
    if found is None:
        raise NotThere
    with_etag(response, found.version)
    return found
