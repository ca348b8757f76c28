"""People in the order of their organizations, some twenty of these at a time."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from portico.clients.filters.in_turn import (
    TURN_ID,
    TURN_NAME,
    Turn,
    Turns,
    beyond,
    by_name,
    from_edge,
    hung_on,
)
from portico.clients.models import Membership, Organization
from portico.kit.narrowing import found_by

FIRST_BATCH = 20
LARGEST_BATCH = 320
_NAME = "name_key"
_PRIMARY = Membership.objects.filter(is_primary=True)


def _placed(rows: Any) -> Any:
    """The rows with the name and the id of their primary organization."""
    primary = FilteredRelation("memberships", condition=Q(memberships__is_primary=True))
    joined = rows.annotate(primary_membership=primary)
    place = {
        TURN_NAME: F("primary_membership__organization__name_key"),
        TURN_ID: F("primary_membership__organization_id"),
    }
    return joined.annotate(**place)


def _without_organization(rows: Any) -> Any:
    return found_by(rows, _PRIMARY.filter(organization__isnull=True), column="person_id")


def _turn(batch: Sequence[UUID]) -> Turn:
    members = _PRIMARY.filter(organization_id__in=batch).values("person_id")
    return Turn(lambda rows: rows.filter(pk__in=members), _placed)


def _batches(edge: Sequence[Any], *, descends: bool) -> Iterator[Turn]:
    """Organizations that anybody belongs to by name, from that of the edge on."""
    peopled = hung_on(_PRIMARY, column="organization_id")
    records = Organization.objects.archived_or_not().filter(peopled)
    left = by_name(records, name=_NAME, descends=descends)
    size = FIRST_BATCH
    found = list(from_edge(left, edge, name=_NAME, descends=descends)[:size])
    while found:
        yield _turn([key for _name, key in found])
        if len(found) < size:
            return
        size = min(2 * size, LARGEST_BATCH)
        found = list(beyond(left, found[-1], name=_NAME, descends=descends)[:size])


BY_ORGANIZATION = Turns(_batches, _without_organization)
