"""Organizations and people in the order of who looks after them first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portico.clients.filters.grammar import EQUALS
from portico.clients.filters.in_turn import (
    Placed,
    Turn,
    Turns,
    are_many,
    hanging_on,
    hung_on,
    names_of,
)
from portico.clients.filters.links import Managers, of_effective_managers
from portico.clients.models import AccountManager, Person
from portico.kit.narrowing import unlinked, walking
from portico.workspaces.models import Agent

_NAME = "name_key"


def _first_of(agent: Any) -> Any:
    return _first().filter(agent_id=agent)


def _first() -> Any:
    return AccountManager.objects.filter(is_first=True)


def _managers_of_organizations() -> Any:
    return Agent.objects.archived_or_not().filter(hung_on(_first(), column="agent_id"))


def _of_organizations(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    for name, agent in names_of(_managers_of_organizations, _NAME, edge=edge, descends=descends):
        theirs = hanging_on(agent, _first_of, column="organization_id")
        yield Turn(theirs, Placed(name, agent), agent)


def _unmanaged(rows: Any) -> Any:
    rows = walking(rows)
    return rows.filter(unlinked(rows, AccountManager.objects.all(), column="organization_id"))


def _managers_of_people() -> Any:
    own = Person.objects.filter(account_manager__isnull=False)
    first = hung_on(_first(), column="agent_id")
    named = first | hung_on(own, column="account_manager_id")
    return Agent.objects.archived_or_not().filter(named)


def _of_people(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    for name, agent in names_of(_managers_of_people, _NAME, edge=edge, descends=descends):
        has_many = are_many(agent, _own_of) or are_many(agent, _heirs_of)
        yield Turn(_LookedAfter(agent, has_many), Placed(name, agent), agent)


def _own_of(agent: Any) -> Any:
    return Person.objects.filter(account_manager_id=agent)


def _heirs_of(agent: Any) -> Any:
    """Those whose primary organization is first theirs, with another manager of their own too."""
    return AccountManager.objects.filter(
        is_first=True, agent_id=agent, organization__memberships__is_primary=True
    )


@dataclass(frozen=True)
class _LookedAfter:
    """The people of an agent: own ones, and those of the organizations that are first theirs."""

    agent: UUID
    are_many: bool

    def __call__(self, rows: Any) -> Any:
        """Those of the rows."""
        wanted = Managers(named=[self.agent], has_nobody=False, is_anybody=False)
        rows = walking(rows) if self.are_many else rows
        return of_effective_managers(rows, operator=EQUALS, value=wanted)


def _people_of_nobody(rows: Any) -> Any:
    nobody = Managers(named=[], has_nobody=True, is_anybody=False)
    return of_effective_managers(walking(rows), operator=EQUALS, value=nobody)


ORGANIZATIONS_BY_MANAGER = Turns(_of_organizations, lambda: _unmanaged)
PEOPLE_BY_MANAGER = Turns(_of_people, lambda: _people_of_nobody)
