"""The open list behind a record's history: which other records' events stand in it too."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import models

RelatedSubjects = Callable[[models.Model], Iterable[UUID]]

_sources: list[RelatedSubjects] = []


def add_related_subjects(source: RelatedSubjects) -> None:
    """Add a source; called at start-up by the app whose records belong to others' history."""
    if source not in _sources:
        _sources.append(source)


def subject_ids(subject: models.Model) -> list[UUID]:
    """The record itself, and those records whose events are told in its history."""
    return [subject.pk, *(key for source in _sources for key in source(subject))]
