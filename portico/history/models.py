"""The event log: append-only, and the queue of what follows from it."""

import datetime
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.db import models
from django.utils import timezone

from portico.history.querysets import subject_ids, subject_ids_of
from portico.kit.tenancy.models import TenantManager, TenantModel, TenantQuerySet

UNDO_FOR = datetime.timedelta(days=30)


class HistoryIsAppendOnly(RuntimeError):
    """Somebody tried to change or remove an event."""


class EventQuerySet(TenantQuerySet[Any]):
    """Events of the present workspace; there is no way to change them."""

    def update(self, **kwargs: Any) -> NoReturn:
        """History can't be edited."""
        raise HistoryIsAppendOnly

    def delete(self) -> NoReturn:
        """History can't be deleted."""
        raise HistoryIsAppendOnly

    def about(self, subject: models.Model) -> "EventQuerySet":
        """What happened to this record and what belongs to it, newest first."""
        return self._of("subject_id", subject_ids(subject)).order_by("-id")

    def within(self, organization: models.Model) -> "EventQuerySet":
        """What happened in this organization and in those that became part of it."""
        return self._of("organization_id", subject_ids(organization))

    def about_id(self, key: UUID) -> "EventQuerySet":
        """As `about`, by the id of the record, which may be gone."""
        return self._of("subject_id", subject_ids_of(key))

    def within_id(self, key: UUID) -> "EventQuerySet":
        """As `within`, by the id of the organization, which may be gone."""
        return self._of("organization_id", subject_ids_of(key))

    def _of(self, field: str, keys: list[UUID]) -> "EventQuerySet":
        """One is asked for as one, so that its index is walked in the order of the events.

        Those of several are looked up in the index first and then sorted: SQLite would rather
        walk the whole log in its order, to meet them.
        """
        if len(keys) == 1:
            return self.filter(**{field: keys[0]})
        several = Event.objects.filter(**{f"{field}__in": keys})
        return self.filter(pk__in=several.order_by().values("pk"))


class Event(TenantModel):
    """Who did what to which record, when, from where, and what changed.

    `changes` is {field: [old, new]}, never a secret. Names stand as they were at the time. Ids are
    plain values: a record may go, its history stays. `act_id` is shared by all events of one act;
    `reversal` holds what undoing it needs beyond the readable changes, and is shown to nobody.
    """

    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=254)
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    subject_name = models.CharField(max_length=254)
    organization_id = models.UUIDField(null=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)
    act_id = models.UUIDField(null=True)
    reversal = models.JSONField(null=True)
    way = models.CharField(max_length=10)
    at = models.DateTimeField()

    objects: ClassVar[Any] = TenantManager.from_queryset(EventQuerySet)()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["workspace", "organization_id", "id"], name="event_organization"),
            models.Index(fields=["workspace", "id"], name="event_newest"),
            models.Index(fields=["workspace", "request_id", "id"], name="event_request"),
            models.Index(fields=["workspace", "act_id", "id"], name="event_act"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            raise HistoryIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """History can't be deleted."""
        raise HistoryIsAppendOnly


class Act(TenantModel):
    """One thing somebody did, however many records it changed: what undo takes back.

    Its id is the `act_id` of its events. `kind` and `subject_name` are those of its first event,
    `records` counts that event's subjects.
    """

    record_type = "act"

    user_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=254)
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    subject_name = models.CharField(max_length=254)
    records = models.PositiveIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "user_id", "id"], name="act_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_name}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be undone, as far as time and earlier undoing go."""
        return self.undone_at is None and self.at > timezone.now() - UNDO_FOR


class FollowUp(TenantModel):
    """What a call of `record()` leaves to the worker: "look what follows from these events".

    Written in the transaction of the act, so nothing is sent for an act that was rolled back and
    nothing is forgotten when a process dies. The worker deletes the row in the transaction in
    which it wrote what follows.
    """

    event_ids = models.JSONField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["next_attempt_at"], name="follow_up_due")]
