"""Who in the team can do what."""

from portico.workspaces.choices import Permission
from portico.workspaces.models import Agent, Role


def who_can_give(limit: int = 3) -> str:
    """The names of active agents who may give permissions, for pages that refuse."""
    roles = [
        role.pk
        for role in Role.objects.filter(kind="agent")
        if Permission.MANAGE_TEAM in role.permissions
    ]
    agents = Agent.objects.active().filter(role_assignments__role__in=roles, is_disabled=False)
    names = agents.distinct().order_by("name_key").values_list("name", "email")[:limit]
    return ", ".join(name or email for name, email in names)
