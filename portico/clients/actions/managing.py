"""Which agents look after an organization or a person: checked and written for many at once.

Called by actions that have checked the permission, inside their transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from portico.clients.models import AccountManager
from portico.kit.errors import Refused
from portico.kit.slices import in_slices
from portico.workspaces.models import Agent

BATCH = 500


def agent_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these agents, gone ones left out."""
    keys = {key for key in ids if key is not None}
    if not keys:
        return {}
    return {agent.pk: agent.display_name for agent in Agent.objects.filter(pk__in=keys)}


def require_agents(ids: Iterable[UUID | None], *, field: str) -> None:
    """Refuse an id of nobody in the team; archived agents and those without sign-in are refused."""
    keys = {key for key in ids if key is not None}
    if not keys:
        return
    there = Agent.objects.active().filter(pk__in=keys, is_disabled=False)
    if there.count() != len(keys):
        raise Refused("unknown_agent", _("Choose somebody of the team."), field=field)


def managers_of(organization_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The agents of each of these organizations, the first one first."""
    found: dict[UUID, list[UUID]] = {key: [] for key in organization_ids}
    for part in in_slices(list(organization_ids)):
        rows = AccountManager.objects.filter(organization_id__in=part).order_by("-is_first", "id")
        for organization_id, agent_id in rows.values_list("organization_id", "agent_id"):
            found[organization_id].append(agent_id)
    return found


def assign_managers(wanted: Mapping[UUID, Sequence[UUID]]) -> None:
    """Give each organization these agents, in this order, and no others."""
    for part in in_slices(list(wanted)):
        AccountManager.objects.filter(organization_id__in=part).delete()
    AccountManager.objects.bulk_create(
        [
            AccountManager(organization_id=key, agent_id=agent_id, is_first=place == 0)
            for key, agents in wanted.items()
            for place, agent_id in enumerate(agents)
        ],
        batch_size=BATCH,
    )
