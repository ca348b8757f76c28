"""People in the order of their organizations, some twenty of these at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from portico.clients.filters.in_turn import (
    TURN_ID,
    TURN_NAME,
    Hanging,
    Turn,
    Turns,
    hanging_on,
    hung_on,
    names_of,
)
from portico.clients.models import Membership, Organization

FIRST_BATCH = 20
LARGEST_BATCH = 320
_NAME = "name_key"


def _primary() -> Any:
    return Membership.objects.filter(is_primary=True)


def _placed(rows: Any) -> Any:
    """The rows with the name and the id of their primary organization."""
    primary = FilteredRelation("memberships", condition=Q(memberships__is_primary=True))
    joined = rows.annotate(primary_membership=primary)
    place = {
        TURN_NAME: F("primary_membership__organization__name_key"),
        TURN_ID: F("primary_membership__organization_id"),
    }
    return joined.annotate(**place)


def _without_organization() -> Hanging:
    return hanging_on(None, _direct, column="person_id")


def _direct(_owner: None) -> Any:
    return _primary().filter(organization__isnull=True)


@dataclass(frozen=True)
class _Members:
    """The people whose primary organization is one of these."""

    organizations: tuple[UUID, ...]

    def __call__(self, rows: Any) -> Any:
        """Those of the rows."""
        members = _primary().filter(organization_id__in=self.organizations)
        return rows.filter(pk__in=members.values("person_id"))


def _peopled() -> Any:
    peopled = hung_on(_primary(), column="organization_id")
    return Organization.objects.archived_or_not().filter(peopled)


def _batches(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    """Organizations that anybody belongs to by name, from that of the edge on."""
    size = FIRST_BATCH
    found = names_of(_peopled, _NAME, edge=edge, descends=descends, limit=size)
    while found:
        yield Turn(_Members(tuple(key for _name, key in found)), _placed)
        if len(found) < size:
            return
        size = min(2 * size, LARGEST_BATCH)
        found = names_of(
            _peopled, _NAME, edge=found[-1], descends=descends, is_behind=True, limit=size
        )


BY_ORGANIZATION = Turns(_batches, _without_organization)
