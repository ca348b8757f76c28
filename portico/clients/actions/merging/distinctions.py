"""Say of two records that they are not one, and take it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from portico.clients.actions.likeness import likeness_of
from portico.clients.actions.merging.sides import SIDES, MergeSide
from portico.clients.choices import Likeness, PropertySubject
from portico.clients.models import Distinction, missing, refuse_merged
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.slices import in_slices


@dataclass(frozen=True)
class Distinctions:
    """The pairs that somebody told apart, with what was compared of both then."""

    compared: Mapping[tuple[UUID, UUID], Any]

    def hold(self, first: Any, second: Any) -> bool:
        """Whether these two were told apart, and have not changed since in what is compared."""
        said = self.compared.get((first.pk, second.pk))
        return said is not None and said == _compared(first, second)


def distinctions_among(subject: PropertySubject, groups: Iterable[Sequence[Any]]) -> Distinctions:
    """Which pairs within these groups of records, each from old to new, were told apart."""
    older = [row.pk for group in groups for row in group[:-1]]
    compared: dict[tuple[UUID, UUID], Any] = {}
    for part in in_slices(older):
        rows = Distinction.objects.filter(subject=subject, first_id__in=part)
        pairs = rows.values_list("first_id", "second_id", "compared")
        compared |= {(first, second): said for first, second, said in pairs}
    return Distinctions(compared)


@transaction.atomic
def tell_apart(
    actor: Actor, subject: PropertySubject, record_id: UUID, *, other_id: UUID
) -> Distinction:
    """Say that two records are not one: they are no more proposed as duplicates.

    Until one of them changes in what is compared: the name, the website of an organization, the
    phone of a person. Raises Denied, NotThere, Refused("same_record", "not_found") at `other_id`.
    """
    side = SIDES[subject]
    actor.require(side.permissions[-1])
    first, second = _pair(actor, side, (record_id, other_id))
    distinction: Distinction
    distinction, _is_new = Distinction.objects.update_or_create(
        first_id=first.pk,
        second_id=second.pk,
        defaults={"subject": subject, "compared": _compared(first, second)},
    )
    record(
        actor,
        f"{subject}.told_apart",
        [first, second],
        changes={
            first.pk: {"told_apart": [None, str(second)]},
            second.pk: {"told_apart": [None, str(first)]},
        },
        reversal={first.pk: {"distinction": str(distinction.pk)}},
    )
    return distinction


@transaction.atomic
def take_back_distinction(actor: Actor, distinction_id: UUID) -> None:
    """Let two records be compared again. Raises Denied, NotThere when it was taken back already."""
    distinction = Distinction.objects.select_for_update().filter(pk=distinction_id).first()
    if distinction is None:
        raise NotThere
    side = SIDES[PropertySubject(distinction.subject)]
    actor.require(side.permissions[-1])
    ends = (distinction.first_id, distinction.second_id)
    distinction.delete()
    record(actor, f"{side.subject}.compared_again", list(side.model.objects.filter(pk__in=ends)))


def _pair(actor: Actor, side: MergeSide, keys: tuple[UUID, UUID]) -> tuple[Any, Any]:
    """Both records, the older one first."""
    record_id, other_id = keys
    rows = {row.pk: row for row in side.model.objects.visible_to(actor).filter(pk__in=keys)}
    if record_id not in rows:
        raise missing(actor, side.model, record_id)
    if record_id == other_id:
        raise Refused("same_record", side.itself(), field="other_id")
    if other_id not in rows:
        refuse_merged(actor, side.model, other_id, field="other_id")
        raise Refused("not_found", side.unknown(), field="other_id")
    return rows[min(keys)], rows[max(keys)]


def _compared(first: Any, second: Any) -> list[list[str | None]]:
    """Whatever makes two records likely duplicates, of both, as JSON keeps it."""
    return [
        [row.name_key, getattr(row, "phone_e164", ""), *map(likeness_of(row).get, Likeness)]
        for row in (first, second)
    ]
