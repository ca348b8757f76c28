"""What a colleague looks after, on their page of the team (S2.42)."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.kit.actors import Actor
from portico.kit.counts import capped_text
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.models import Agent
from portico.workspaces.panels import AgentPanel, add_agent_panel

COUNTED_TO = 1_000


def looked_after(actor: Actor, agent: Agent) -> Mapping[str, Any]:
    """The lists of those whose account manager they are, with numbers that cost no scan."""
    chosen = {"manager": str(agent.pk)}
    organizations, people = OrganizationFilter.read(chosen), PersonFilter.read(chosen)
    return {
        "lines": [
            {
                "label": say("Organizations"),
                "count": _count(actor, organizations),
                "url": f"{reverse('organizations.list')}?manager={agent.pk}",
            },
            {
                "label": say("People"),
                "count": _count(actor, people),
                "url": f"{reverse('people.list')}?manager={agent.pk}",
            },
        ]
    }


def _count(actor: Actor, chosen: OrganizationFilter | PersonFilter) -> str:
    number = chosen.count_up_to(COUNTED_TO + 1, chosen.visible_to(actor))
    return capped_text(number, COUNTED_TO)


add_agent_panel(
    AgentPanel(
        permission=Permission.VIEW_CLIENTS,
        template="clients/panels/looked_after.html",
        context=looked_after,
    )
)
