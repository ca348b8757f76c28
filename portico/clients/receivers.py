"""What follows from changes of records: by what likely duplicates of them are found."""

from collections.abc import Sequence

from portico.clients.actions.likeness import refresh_likeness
from portico.clients.choices import PropertySubject
from portico.history.models import Event
from portico.history.receivers import follows

_CHANGES = ("created", "updated", "archived", "unarchived", "merged", "unmerged", "deleted")


@follows(*(f"{subject}.{change}" for subject in PropertySubject.values for change in _CHANGES))
def note_likeness(events: Sequence[Event]) -> None:
    """Compare these records by what they are now."""
    for subject in PropertySubject:
        ids = {event.subject_id for event in events if event.subject_type == subject}
        refresh_likeness(subject, ids)
