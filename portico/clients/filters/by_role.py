"""People in the order of the first of the roles that they hold in their primary place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portico.clients.filters.in_turn import (
    Hanging,
    Placed,
    Turn,
    Turns,
    hanging_on,
    hung_on,
    names_of,
)
from portico.clients.models import MembershipRole
from portico.kit.narrowing import unlinked, walking
from portico.workspaces.models import Role

_NAME = "name"
_PERSON = "membership__person_id"


def _held() -> Any:
    return MembershipRole.objects.filter(membership__is_primary=True)


def _holding(role: Any) -> Any:
    return _held().filter(role_id=role)


def _held_roles() -> Any:
    return Role.objects.filter(hung_on(MembershipRole.objects.all(), column="role_id"))


def _roles(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    """The roles that anybody holds by name, from that of the edge on."""
    ahead = names_of(_held_roles, _NAME, descends=False)
    for name, role in names_of(_held_roles, _NAME, edge=edge, descends=descends):
        earlier = tuple(key for other, key in ahead if (other, key) < (name, role))
        holders = hanging_on(role, _holding, column=_PERSON)
        yield Turn(_First(holders, earlier), Placed(name, role), role)


@dataclass(frozen=True)
class _First:
    """Who holds a role, and none that comes before it."""

    holders: Hanging
    earlier: tuple[UUID, ...]

    def __call__(self, rows: Any) -> Any:
        """Those of the rows."""
        found = self.holders(rows)
        if not self.earlier:
            return found
        before = _held().filter(role_id__in=self.earlier)
        return found.filter(unlinked(found, before, column=_PERSON))


def _without_role(rows: Any) -> Any:
    rows = walking(rows)
    return rows.filter(unlinked(rows, _held(), column=_PERSON))


BY_ROLE = Turns(_roles, lambda: _without_role)
