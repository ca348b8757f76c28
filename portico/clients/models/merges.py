"""Merges of two records into one."""

from typing import ClassVar

from django.db import models

from portico.clients.choices import PropertySubject
from portico.kit.tenancy.models import TenantModel


class Merge(TenantModel):
    """Two records that became one; what moved is kept, so that it can be undone for 30 days.

    `moved` is {table: [ids]} of the rows that went over, `collapsed` the rows that both sides had
    and that were dropped, as they were, `replaced` {field: [before, after]} of the survivor.
    """

    record_type = "merge"

    subject = models.CharField(max_length=12, choices=PropertySubject)
    source_id = models.UUIDField()
    survivor_id = models.UUIDField()
    moved = models.JSONField(default=dict)
    collapsed = models.JSONField(default=list)
    replaced = models.JSONField(default=dict)
    act_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "source_id"], name="merge_source"),
            models.Index(fields=["workspace", "survivor_id"], name="merge_survivor"),
        ]
