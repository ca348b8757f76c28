"""The open list behind a record's history: which other records' events stand in it too."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import models

RelatedSubjects = Callable[[models.Model], Iterable[UUID]]

_sources: list[RelatedSubjects] = []
_told: list[type[models.Model]] = []


def add_related_subjects(source: RelatedSubjects) -> None:
    """Add a source; called at start-up by the app whose records belong to others' history."""
    if source not in _sources:
        _sources.append(source)


def subject_ids(subject: models.Model) -> list[UUID]:
    """The record itself, and those records whose events are told in its history."""
    return [subject.pk, *(key for source in _sources for key in source(subject))]


def add_told(*kinds: type[models.Model]) -> None:
    """Add kinds of records that have a history of their own, so that an id alone finds it."""
    _told.extend(kind for kind in kinds if kind not in _told)


def subject_ids_of(key: UUID) -> list[UUID]:
    """The same by the id of a record; what is none of these kinds stands alone."""
    managers: list[models.Manager[models.Model]] = [kind._default_manager for kind in _told]
    rows = (manager.filter(pk=key).first() for manager in managers)
    record = next((row for row in rows if row is not None), None)
    return [key] if record is None else subject_ids(record)
