"""Merges of two records into one."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.querysets import VIEW_CLIENTS
from portico.kit.actors import Actor
from portico.kit.errors import Merged, NotThere, Refusal
from portico.kit.gathering import gathered
from portico.kit.selection import Selection
from portico.kit.tenancy.models import TenantModel


class Merge(TenantModel):
    """Two records that became one; what moved is kept, so that it can be undone for 30 days.

    `moved` holds the rows that went over, by table and column; `collapsed` the rows that both
    sides had and that were dropped, as they were, and those whose columns changed, with their
    values before and after; `replaced` {field: [before, after]} of the survivor.
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


def survivor_id_of(model: Any, key: UUID) -> UUID | None:
    """What a merged record became; None for one that is not merged, or not there."""
    found: UUID | None = (
        model.objects.filter(pk=key, merged_into__isnull=False)
        .values_list("merged_into_id", flat=True)
        .first()
    )
    return found


def standing_id(model: Any, key: UUID) -> UUID:
    """The id under which a record stands now: its own, or that of what it became by a merge."""
    return survivor_id_of(model, key) or key


def missing(actor: Actor, model: Any, key: UUID, *, field: str | None = None) -> Refusal:
    """Why a record can't be found: it was merged (said only to who sees clients), or is not there.

    A merged record points at its last survivor, however many merges lie between. `field` is what
    named it, where that was not the address.
    """
    survivor_id = survivor_id_of(model, key) if _may_know(actor) else None
    return NotThere() if survivor_id is None else _merged(survivor_id, field)


def refuse_merged(actor: Actor, model: Any, key: UUID, *, field: str) -> None:
    """Raise Merged where what this field names became part of another record.

    For a field that has a refusal of its own for what can't be found.
    """
    refusal = missing(actor, model, key, field=field)
    if isinstance(refusal, Merged):
        raise refusal


def require_all_found(actor: Actor, selection: Selection, *, model: Any, found: int) -> None:
    """Refuse the whole selection when one of its ids is not there: nothing is done by halves.

    Raises Merged for the first one that became part of another record, else NotThere.
    """
    if selection.is_all or found == len(set(selection.ids)):
        return
    if _may_know(actor):
        rows = model.objects.filter(pk__in=list(selection.ids), merged_into__isnull=False)
        survivors = dict(rows.values_list("pk", "merged_into_id"))
        for place, key in enumerate(selection.ids):
            if key in survivors:
                raise _merged(survivors[key], f"ids/{place}")
    raise NotThere


def _may_know(actor: Actor) -> bool:
    return actor.is_agent and actor.may(VIEW_CLIENTS)


def _merged(survivor_id: UUID, field: str | None) -> Merged:
    return Merged(survivor_id, _("This became part of another record."), field=field)


def merged_ids(record: models.Model) -> Iterable[UUID]:
    """The records that became part of this one; their history stands in its."""
    if getattr(record, "record_type", "") not in PropertySubject.values:
        return ()
    read = record.__dict__.get("merged_rows")
    if read is not None:
        return [UUID(row["id"]) for row in gathered(read)]
    model: Any = type(record)
    keys: list[UUID] = list(
        model._base_manager.filter(merged_into_id=record.pk).values_list("pk", flat=True)
    )
    return keys
