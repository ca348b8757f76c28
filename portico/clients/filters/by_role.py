"""People in the order of the first of the roles that they hold in their primary place."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from portico.clients.filters.in_turn import Turn, Turns, by_name, from_edge, hung_on, placed_at
from portico.clients.models import MembershipRole
from portico.kit.narrowing import found_by, unlinked, walking
from portico.workspaces.models import Role

_NAME = "name"
_HELD = MembershipRole.objects.filter(membership__is_primary=True)
_PERSON = "membership__person_id"


def _roles(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    """The roles that anybody holds by name, from that of the edge on."""
    held = Role.objects.filter(hung_on(MembershipRole.objects.all(), column="role_id"))
    left = by_name(held, name=_NAME, descends=descends)
    ahead = dict(by_name(held, name=_NAME, descends=False))
    for name, role in from_edge(left, edge, name=_NAME, descends=descends):
        earlier = [key for other, key in ahead.items() if (other, key) < (name, role)]
        yield Turn(_holders(role, earlier), placed_at(name, role), role)


def _holders(role: UUID, earlier: Sequence[UUID]) -> Any:
    """Who holds this role, and none that comes before it."""

    def narrow(rows: Any) -> Any:
        found = found_by(rows, _HELD.filter(role_id=role), column=_PERSON)
        if not earlier:
            return found
        return found.filter(unlinked(found, _HELD.filter(role_id__in=earlier), column=_PERSON))

    return narrow


def _without_role(rows: Any) -> Any:
    rows = walking(rows)
    return rows.filter(unlinked(rows, _HELD.all(), column=_PERSON))


BY_ROLE = Turns(_roles, _without_role)
