"""Make two records again of one that was merged: everything goes back to where it was."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.clients.actions.merging.moving import from_json
from portico.clients.actions.merging.plans import Ends, column_of, value_of
from portico.clients.actions.merging.records import (
    free_unique_values,
    hold_ends,
    settle_counts,
    write_columns,
)
from portico.clients.actions.merging.sides import SIDES, MergeSide
from portico.clients.actions.readdressing import follow_addresses
from portico.clients.choices import PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX
from portico.clients.models import Membership, Merge
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.slices import in_slices
from portico.workspaces.limits import hold_plan, require_room_for_people


@transaction.atomic
def undo_merge(actor: Actor, merge_id: UUID) -> Merge:
    """Take a merge apart: rows, values, addresses and sign-ins go back; what came since stays.

    Rows that were removed or moved on since stay as they are. Raises Denied, NotThere, and
    Refused("merged_since") while a later merge of one of the two stands, Refused("changed_since")
    when a value that the merge replaced was changed again, Refused("person_limit").
    """
    rows = Merge.objects.select_for_update().filter(pk=merge_id, undone_at=None)
    merge: Merge | None = rows.first()
    if merge is None:
        raise NotThere
    side = SIDES[PropertySubject(merge.subject)]
    actor.require(*side.permissions)
    ends = _both(side, merge)
    survivor, source = ends.survivor, ends.source
    _require_last(side, merge)
    _require_unchanged(merge, ends)
    if side.subject == PropertySubject.PERSON and _was_active(merge):
        require_room_for_people(1)
    _put_back(side, merge, ends=ends)
    _rows_back(merge)
    if side.subject == PropertySubject.PERSON:
        _settle_primary([survivor.pk, source.pk])
    settle_counts(side, [survivor.pk, source.pk])
    Merge.objects.filter(pk=merge.pk).update(undone_at=timezone.now())
    apart = {survivor.pk: {"merged": [source, None]}, source.pk: {"merged": [survivor, None]}}
    record(actor, f"{side.subject}.unmerged", [survivor, source], changes=apart)
    if side.subject == PropertySubject.PERSON:
        follow_addresses(actor, [survivor.pk, source.pk])
    return merge


def _both(side: MergeSide, merge: Merge) -> Ends:
    keys = (merge.survivor_id, merge.source_id)
    if side.subject == PropertySubject.PERSON:
        hold_plan()
    hold_ends(side, keys)
    rows = side.table.objects.in_bulk(keys)
    if len(rows) < 2:
        raise Refused("changed_since", _("It is no longer there."), status=409)
    return Ends(rows[merge.survivor_id], rows[merge.source_id])


def _require_last(side: MergeSide, merge: Merge) -> None:
    """Merges are undone in reverse order: a later one may have moved what this one brought."""
    ends = (merge.survivor_id, merge.source_id)
    later = Merge.objects.filter(
        Q(survivor_id__in=ends) | Q(source_id__in=ends), undone_at=None, id__gt=merge.pk
    ).order_by("-id")
    found = later.first()
    if found is None:
        return
    rows = side.table.objects.in_bulk([found.source_id, found.survivor_id])
    names = {
        "source": str(rows.get(found.source_id, "")),
        "survivor": str(rows.get(found.survivor_id, "")),
    }
    text = _("Undo the later merge of %(source)s into %(survivor)s first.") % names
    raise Refused("merged_since", text, status=409)


def _require_unchanged(merge: Merge, ends: Ends) -> None:
    """What the merge replaced must be as it left it, or an undo would lose what came since."""
    survivor, source = ends.survivor, ends.source
    for name, (_old, new) in merge.replaced.items():
        if name == "password":
            is_same = survivor.password == source.password
        else:
            is_same = value_of(survivor, name) == _value(survivor, name, kept=new)
        if not is_same:
            text = _("%(name)s was changed since.") % {"name": survivor}
            raise Refused("changed_since", text, status=409)


def _value(row: Any, name: str, *, kept: Any) -> Any:
    is_property = name.startswith(PROPERTY_PREFIX)
    column = column_of(name)
    return kept if is_property else from_json(type(row), {column: kept})[column]


def _was_active(merge: Merge) -> bool:
    entry = next(row for row in merge.collapsed if row.get("id") == str(merge.source_id))
    return entry["before"].get("archived_at", "") is None


def _put_back(side: MergeSide, merge: Merge, *, ends: Ends) -> None:
    """The values of both records; a value that only one may have is let go by both first."""
    survivor, source = ends.survivor, ends.source
    values: dict[str, Any] = {}
    properties = dict(survivor.property_values)
    for name, (old, _new) in merge.replaced.items():
        if not name.startswith(PROPERTY_PREFIX):
            values[column_of(name)] = _value(survivor, name, kept=old)
        elif old is None:
            properties.pop(name.removeprefix(PROPERTY_PREFIX), None)
        else:
            properties[name.removeprefix(PROPERTY_PREFIX)] = old
    if properties != survivor.property_values:
        values["property_values"] = properties
    entry = next(row for row in merge.collapsed if row.get("id") == str(source.pk))
    given = from_json(type(source), entry["before"])
    if "email" in merge.replaced and "password" not in merge.replaced:
        # A password goes with its address, one that was chosen since the merge too.
        values["password"], given["password"] = source.password, survivor.password
    free_unique_values(side, source, names=values)
    write_columns(survivor, values)
    write_columns(source, given)


def _rows_back(merge: Merge) -> None:
    """Lower what was raised, insert what collapsed, move back, raise what was lowered."""
    dropped = [row for row in merge.collapsed if "values" in row]
    changed = [
        row for row in merge.collapsed if "before" in row and row["id"] != str(merge.source_id)
    ]
    lowered = [row for row in changed if not any(row["before"].values())]
    for entry in lowered:
        _change_back(entry)
    for entry in reversed(dropped):
        _insert(entry)
    for entry in reversed(merge.moved["rows"]):
        _move_back(entry)
    for entry in changed:
        if entry not in lowered:
            _change_back(entry)


def _change_back(entry: dict[str, Any]) -> None:
    """Only where the row is still as the merge left it."""
    model: Any = apps.get_model(entry["table"])
    rows = model.objects.filter(pk=entry["id"], **from_json(model, entry["after"]))
    try:
        with transaction.atomic():
            rows.update(**from_json(model, entry["before"]))
    except IntegrityError:
        return  # Somebody has filled its place since; theirs stays.


def _insert(entry: dict[str, Any]) -> None:
    """Insert a row as it was, unless what it belonged to is gone or its place is taken."""
    model: Any = apps.get_model(entry["table"])
    values = from_json(model, entry["values"])
    for column in model._meta.concrete_fields:
        target: Any = column.related_model if column.is_relation else None
        key = values[column.attname]
        is_asked = target is not None and column.name != "workspace" and key is not None
        if is_asked and not target._default_manager.filter(pk=key).exists():
            return
    try:
        with transaction.atomic():
            model.objects.bulk_create([model(**values)])
    except IntegrityError:
        return  # As above.
    stamps = {
        column.attname: values[column.attname]
        for column in model._meta.concrete_fields
        if getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False)
    }
    if stamps:
        model.objects.filter(pk=values["id"]).update(**stamps)


def _move_back(entry: dict[str, Any]) -> None:
    model: Any = apps.get_model(entry["table"])
    column = entry["column"]
    for part in in_slices(entry["ids"]):
        rows = model.objects.filter(pk__in=part, **{column: entry["to"]})
        rows.update(**{column: entry["from"]})


def _settle_primary(people: list[UUID]) -> None:
    """Each of them has one primary membership, if any: what changed since may have left none."""
    for key in people:
        rows = Membership.objects.filter(person_id=key).order_by("pk")
        first = rows.first()
        if first is not None and not rows.filter(is_primary=True).exists():
            Membership.objects.filter(pk=first.pk).update(is_primary=True)
