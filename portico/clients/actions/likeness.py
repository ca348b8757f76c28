"""Keep what likely duplicates are found by true; who reads it asks the records again."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from portico.clients.choices import Likeness, PropertySubject
from portico.clients.models import LikenessKey, Organization, Person
from portico.kit.similarity import words_of_name
from portico.kit.slices import in_slices
from portico.kit.websites import host_of

_LONGEST = 254
_MODELS: dict[PropertySubject, Any] = {
    PropertySubject.ORGANIZATION: Organization,
    PropertySubject.PERSON: Person,
}
_COLUMNS = {
    PropertySubject.ORGANIZATION: ("pk", "name", "website"),
    PropertySubject.PERSON: ("pk", "name", "kind"),
}
_BATCH = 500


def likeness_of(record: Any) -> dict[Likeness, str]:
    """What this record is compared by, without what it has not."""
    keys = {Likeness.NAME: words_of_name(record.name)[:_LONGEST]}
    if isinstance(record, Organization):
        keys[Likeness.WEBSITE] = host_of(record.website)[:_LONGEST]
    return {kind: key for kind, key in keys.items() if key}


def refresh_likeness(subject: PropertySubject, ids: Collection[UUID]) -> None:
    """Write the keys of these records as they are now; those that are not active have none.

    A part of what follows from recorded changes: it checks and records nothing.
    """
    model = _MODELS[subject]
    for part in in_slices(sorted(set(ids)), _BATCH):
        LikenessKey.objects.filter(record_id__in=part).delete()
        active = model.objects.active().filter(pk__in=part, merged_into=None)
        _write(subject, list(active.only(*_COLUMNS[subject], "workspace_id").order_by("pk")))


def forget_likeness(ids: Sequence[UUID]) -> None:
    """Drop the keys of records that are gone; a part of the actions that remove, which record."""
    for part in in_slices(ids):
        LikenessKey.objects.filter(record_id__in=part).delete()


def _write(subject: PropertySubject, records: Sequence[Any]) -> None:
    LikenessKey.objects.bulk_create(
        [
            LikenessKey(subject=subject, kind=kind, key=key, record_id=record.pk)
            for record in records
            for kind, key in likeness_of(record).items()
        ],
        batch_size=_BATCH,
    )
