"""/api/v1/me, /roles, /agents."""

from typing import Any

from ninja import Router

from portico.accounts.models import User
from portico.kit.endpoints import endpoint
from portico.kit.pagination import DEFAULT_LIMIT, Order, SortColumn, keyset_page
from portico.kit.policies import Audience
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.choices import Permission
from portico.workspaces.models import Agent, Role
from portico.workspaces.schemas import AgentList, MeOut, RoleList

router = Router(tags=["workspace"])
BY_NAME = Order("name", (SortColumn("name_key"),))


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


@router.get("/roles", response=RoleList)
@endpoint("roles.list", permissions=(Permission.VIEW_CLIENTS,))
def list_roles(request: Any) -> dict[str, Any]:
    """All roles of both kinds."""
    roles = Role.objects.order_by("kind", "name")
    return {"items": list(roles), "next_cursor": None, "has_more": False}


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
