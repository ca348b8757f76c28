"""Long work: imports, bulk changes, example data; with progress, lease and undo."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from portico.kit.tenancy.models import TenantManager, TenantModel
from portico.operations.choices import UNFINISHED, OperationState
from portico.operations.querysets import OperationQuerySet


class Operation(TenantModel):
    """A piece of long work, taken in slices by the worker.

    `options` is what was asked (a kind's own shape), `counts` what came of it so far, `done` how
    many of `total` rows are worked off; each slice commits its rows and its `done` together, so a
    killed worker resumes at the next row. Events of an operation carry `request_id`.
    """

    record_type = "operation"

    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_user_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=254)
    title = models.CharField(max_length=254)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=OperationState, default=OperationState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    file = models.FileField(upload_to="operations/", null=True, max_length=300)
    result_file = models.FileField(upload_to="operations/", null=True, max_length=300)
    request_id = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    undo_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(OperationQuerySet)()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=UNFINISHED),
                name="operation_unfinished",
            ),
            models.Index(fields=["workspace", "id"], name="operation_newest"),
        ]

    def __str__(self) -> str:
        return self.title


class OperationRow(TenantModel):
    """The result of one row that did not simply go through: why, and in which field."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12)
    field = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)
    record_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "operation", "number"], name="operation_row_once"
            )
        ]
