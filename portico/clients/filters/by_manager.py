"""Organizations and people in the order of who looks after them first."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from portico.clients.filters.grammar import EQUALS
from portico.clients.filters.in_turn import Turn, Turns, by_name, from_edge, hung_on, placed_at
from portico.clients.filters.links import (
    Managers,
    leads_of_effective_managers,
    of_effective_managers,
)
from portico.clients.models import AccountManager, Person
from portico.kit.narrowing import count_up_to, found_by, unlinked, walking
from portico.kit.search import FEW
from portico.workspaces.models import Agent

_NAME = "name_key"
_FIRST = AccountManager.objects.filter(is_first=True)


def _agents(agents: Any, edge: Sequence[Any], *, descends: bool) -> list[tuple[str, UUID]]:
    left = by_name(agents, name=_NAME, descends=descends)
    return list(from_edge(left, edge, name=_NAME, descends=descends))


def _of_organizations(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    managing = Agent.objects.archived_or_not().filter(hung_on(_FIRST, column="agent_id"))
    for name, agent in _agents(managing, edge, descends=descends):
        yield Turn(_organizations_of(agent), placed_at(name, agent), agent)


def _organizations_of(agent: UUID) -> Any:
    theirs = _FIRST.filter(agent_id=agent)
    return lambda rows: found_by(rows, theirs, column="organization_id")


def _unmanaged(rows: Any) -> Any:
    rows = walking(rows)
    return rows.filter(unlinked(rows, AccountManager.objects.all(), column="organization_id"))


def _of_people(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    own = Person.objects.filter(account_manager__isnull=False)
    first = hung_on(_FIRST, column="agent_id")
    managing = Agent.objects.archived_or_not().filter(
        first | hung_on(own, column="account_manager_id")
    )
    for name, agent in _agents(managing, edge, descends=descends):
        yield Turn(_people_of(agent), placed_at(name, agent), agent)


def _people_of(agent: UUID) -> Any:
    wanted = Managers(named=[agent], has_nobody=False, is_anybody=False)

    def narrow(rows: Any) -> Any:
        leads = leads_of_effective_managers(rows, operator=EQUALS, value=wanted) or []
        if count_up_to(FEW + 1, leads) > FEW:
            rows = walking(rows)
        return of_effective_managers(rows, operator=EQUALS, value=wanted)

    return narrow


def _people_of_nobody(rows: Any) -> Any:
    nobody = Managers(named=[], has_nobody=True, is_anybody=False)
    return of_effective_managers(walking(rows), operator=EQUALS, value=nobody)


ORGANIZATIONS_BY_MANAGER = Turns(_of_organizations, _unmanaged)
PEOPLE_BY_MANAGER = Turns(_of_people, _people_of_nobody)
