"""Where people belong once memberships went: parts of other actions, which check and record."""

from collections.abc import Sequence
from uuid import UUID

from portico.clients.models import Membership
from portico.kit.slices import in_slices


def settle_primaries(person_ids: Sequence[UUID]) -> None:
    """Make the oldest membership primary for those of these people who have none that is."""
    for part in in_slices(person_ids):
        rows = Membership.objects.filter(person_id__in=part).order_by("pk")
        first: dict[UUID, UUID] = {}
        settled: set[UUID] = set()
        for key, person_id, is_primary in rows.values_list("pk", "person_id", "is_primary"):
            first.setdefault(person_id, key)
            if is_primary:
                settled.add(person_id)
        chosen = [key for person_id, key in first.items() if person_id not in settled]
        Membership.objects.filter(pk__in=chosen).update(is_primary=True)


def join_directly(person_ids: Sequence[UUID]) -> None:
    """Let those of these people who belong to nothing any more belong to the workspace itself."""
    for part in in_slices(person_ids):
        rows = Membership.objects.filter(person_id__in=part)
        belonging = set(rows.values_list("person_id", flat=True))
        left = [key for key in dict.fromkeys(part) if key not in belonging]
        Membership.objects.bulk_create(Membership(person_id=key, is_primary=True) for key in left)
