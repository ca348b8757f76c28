"""Carry out a plan's rows, and keep a journal from which every one of them goes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model

from portico.clients.actions.merging.parts import Child, MergePart
from portico.clients.actions.merging.plans import Ends, RowsPlan
from portico.kit.slices import in_slices


@dataclass
class Journal:
    """What was done to rows, in order; all of it plain JSON."""

    moved: list[dict[str, Any]] = field(default_factory=list)
    collapsed: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)

    def move(self, model: Any, column: str, *, keys: list[UUID], ends: tuple[UUID, UUID]) -> None:
        """Point these rows from the first of the ends to the second."""
        if not keys:
            return
        for part in in_slices(keys):
            model.objects.filter(pk__in=part).update(**{column: ends[1]})
        self.moved.append(
            {
                "table": model._meta.label,
                "column": column,
                "from": str(ends[0]),
                "to": str(ends[1]),
                "ids": [str(key) for key in keys],
            }
        )

    def change(self, row: Model, values: Mapping[str, Any]) -> None:
        """Set columns of one row past its save(); what is so already is left out."""
        before = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
        if not before:
            return
        after = {name: values[name] for name in before}
        model: Any = type(row)
        model.objects.filter(pk=row.pk).update(**after)
        for name, value in after.items():
            setattr(row, name, value)
        self.changed.append(
            {
                "table": row._meta.label,
                "id": str(row.pk),
                "before": as_json(model, before),
                "after": as_json(model, after),
            }
        )

    def drop(self, row: Model) -> None:
        """Delete a row and keep it as it was."""
        names = [column.attname for column in row._meta.concrete_fields]
        values = as_json(type(row), {name: getattr(row, name) for name in names})
        self.collapsed.append({"table": row._meta.label, "values": values})
        row.delete()


def as_json(model: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as JSON keeps them; `from_json` gives them back."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        column = model._meta.get_field(name)
        is_plain = value is None or isinstance(value, bool | int | dict | list)
        kept[name] = value if is_plain else column.value_to_string(_Holder(column.attname, value))
    return kept


def from_json(model: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that `as_json` kept."""
    return {name: model._meta.get_field(name).to_python(value) for name, value in values.items()}


class _Holder:
    """What a field reads its value from when it writes it as text."""

    def __init__(self, name: str, value: Any) -> None:
        setattr(self, name, value)


def carry_out(plan: RowsPlan, records: Ends, *, journal: Journal) -> None:
    """Move and collapse the rows of one table."""
    part, ends = plan.part, (records.source.pk, records.survivor.pk)
    model: Any = part.model
    for dropped_key, kept_key in plan.collapsed:
        rows = model.objects.in_bulk([dropped_key, kept_key])
        if part.settle is not None:
            journal.change(rows[dropped_key], part.settle)
            journal.move(model, part.column, keys=[dropped_key], ends=ends)
            continue
        _collapse(part, dropped=rows[dropped_key], kept=rows[kept_key], journal=journal)
    if part.flag and part.flag_owner == part.column:
        _lower_flags(part, plan, ends=ends, journal=journal)
    journal.move(model, part.column, keys=list(plan.moved), ends=ends)


def _collapse(part: MergePart, *, dropped: Any, kept: Any, journal: Journal) -> None:
    """The kept row gets what only the dropped one had: its children, and its flag if it is free."""
    for child in part.children:
        _hand_over(child, (dropped.pk, kept.pk), journal=journal)
    has_flag = bool(part.flag) and getattr(dropped, part.flag)
    journal.drop(dropped)
    if has_flag and not _is_flagged(part, getattr(kept, part.flag_owner)):
        journal.change(kept, {part.flag: True})


def _hand_over(child: Child, ends: tuple[UUID, UUID], *, journal: Journal) -> None:
    model: Any = child.model
    there = set(model.objects.filter(**{child.column: ends[1]}).values_list(*child.same))
    moving: list[UUID] = []
    for row in model.objects.filter(**{child.column: ends[0]}).order_by("pk"):
        if tuple(getattr(row, name) for name in child.same) in there:
            journal.drop(row)
        else:
            moving.append(row.pk)
    journal.move(model, child.column, keys=moving, ends=ends)


def _lower_flags(
    part: MergePart, plan: RowsPlan, *, ends: tuple[UUID, UUID], journal: Journal
) -> None:
    """The survivor's first stays the first; the source's is one of the others from now on."""
    if not _is_flagged(part, ends[1]):
        return
    model: Any = part.model
    for row in model.objects.filter(**{part.flag_owner: ends[0], part.flag: True}):
        if row.pk in plan.moved:
            journal.change(row, {part.flag: False})


def _is_flagged(part: MergePart, owner: Any) -> bool:
    model: Any = part.model
    return bool(model.objects.filter(**{part.flag_owner: owner, part.flag: True}).exists())
