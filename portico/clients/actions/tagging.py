"""Which records carry which tags: written set by set, with the texts that are searched and shown.

Called by actions that have checked the permission, inside their transaction. `tag_text` of a
record holds the names of its tags, one per line, in the order of their keys.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.clients.actions.locks import held, hold_rows, share_tags
from portico.clients.choices import TagColour
from portico.clients.models import Organization, OrganizationTag, Person, PersonTag, Tag
from portico.clients.reports import primary_organizations
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.inserting import insert_rows
from portico.kit.making import make_rows
from portico.kit.names import name_key
from portico.kit.slices import STATEMENT_LIMIT, in_slices
from portico.kit.writing import write_columns

Tags = Sequence[Tag]


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """A kind of record that carries tags and is searched by them."""

    model: Any
    assignment: Any
    column: str
    kind: str
    # What its texts are made of, and what history says of it.
    reads: tuple[str, ...] = ()


ORGANIZATIONS = Carrier(
    model=Organization,
    assignment=OrganizationTag,
    column="organization_id",
    kind="organization.updated",
    reads=("workspace", "name", "reference", "tag_text", "version"),
)
PEOPLE = Carrier(
    model=Person,
    assignment=PersonTag,
    column="person_id",
    kind="person.updated",
    reads=(
        *("workspace", "kind", "name", "email", "position", "reference", "tag_text", "version"),
        *("phone", "phone_e164"),
    ),
)
CARRIERS = (ORGANIZATIONS, PEOPLE)


def in_order(tags: Iterable[Tag]) -> list[Tag]:
    """The tags as they are shown: by name, each once."""
    once = {tag.pk: tag for tag in tags}
    return sorted(once.values(), key=lambda tag: (tag.name_key, tag.pk))


def text_of(tags: Iterable[Tag]) -> str:
    """What `tag_text` of a record with these tags says."""
    return "\n".join(tag.name for tag in in_order(tags))


def tags_named(actor: Actor, names: Iterable[str]) -> dict[str, Tag]:
    """The tags of these cleaned names by their key; one that is not there yet is created."""
    wanted = {name_key(name): name for name in names}
    found = {tag.name_key: tag for tag in Tag.objects.filter(name_key__in=list(wanted))}
    missing = [
        Tag(name=name, name_key=key, colour=_own_colour(key))
        for key, name in wanted.items()
        if key not in found
    ]
    if not missing:
        return found
    # Somebody else may create the same one at this moment: theirs counts then.
    Tag.objects.bulk_create(missing, ignore_conflicts=True)
    found = {tag.name_key: tag for tag in Tag.objects.filter(name_key__in=list(wanted))}
    ours = {tag.pk for tag in missing}
    record(actor, "tag.created", [tag for tag in found.values() if tag.pk in ours])
    return found


def _own_colour(key: str) -> str:
    """A colour that follows from the name, so that new tags can be told apart at a glance."""
    colours = [colour for colour in TagColour.values if colour != TagColour.GREY]
    return colours[crc32(key.encode()) % len(colours)]


def tags_with(ids: Iterable[UUID]) -> list[Tag]:
    """The tags of these ids; raises Refused("unknown_tag") when one is not there."""
    keys = set(ids)
    found = list(Tag.objects.filter(pk__in=keys))
    if len(found) != len(keys):
        raise Refused("unknown_tag", _("There is no such tag."), field="tags")
    return found


def tags_of(carrier: Carrier, keys: Sequence[UUID]) -> dict[UUID, list[Tag]]:
    """The tags of each of these records, in order; one query per slice."""
    carried: dict[UUID, list[Tag]] = {key: [] for key in keys}
    known: dict[UUID, Tag] = {}
    names = [field.attname for field in Tag._meta.concrete_fields]
    for part in in_slices(list(keys)):
        rows = carrier.assignment.objects.filter(**{f"{carrier.column}__in": part})
        told = rows.values_list(carrier.column, "tag_id", *(f"tag__{name}" for name in names))
        for key, tag_id, *values in told:
            if tag_id not in known:
                known[tag_id] = Tag.from_db(rows.db, names, values)
            carried[key].append(known[tag_id])
    return {key: in_order(tags) for key, tags in carried.items()}


def assign(carrier: Carrier, wanted: Mapping[UUID, Tags], *, old: Mapping[UUID, Tags]) -> None:
    """Insert and delete assignments so that each record carries what is wanted.

    The records are locked, or nobody else knows them yet. Raises Refused("unknown_tag") for a tag
    that somebody deleted or renamed meanwhile.
    """
    fresh, gone = [], []
    known = {tag.pk: tag for tags in wanted.values() for tag in tags}
    for key, tags in wanted.items():
        had, has = {tag.pk for tag in old.get(key, ())}, {tag.pk for tag in tags}
        fresh += [{carrier.column: key, "tag_id": tag_id} for tag_id in sorted(has - had)]
        gone += [(key, tag_id) for tag_id in had - has]
    share_tags(known[key] for key in {row["tag_id"] for row in fresh})
    insert_rows(make_rows(carrier.assignment, {}, each=fresh), passes_over_known=True)
    by_tag: dict[UUID, list[UUID]] = {}
    for key, tag_id in gone:
        by_tag.setdefault(tag_id, []).append(key)
    for tag_id, keys in by_tag.items():
        for part in in_slices(keys):
            rows = carrier.assignment.objects.filter(tag_id=tag_id)
            rows.filter(**{f"{carrier.column}__in": part}).delete()


def retag(
    actor: Actor,
    carrier: Carrier,
    rows: QuerySet[Any],
    *,
    wanted: Callable[[UUID, Tags], Iterable[Tag]],
) -> list[Any]:
    """Give each record the tags that `wanted(id, present tags)` names; returns the changed ones.

    What is so already leaves no trace. Texts, version and one event per record follow.
    """
    keys = sorted(rows.order_by().values_list("pk", flat=True))
    if len(keys) > STATEMENT_LIMIT:
        # All of them before the first tag is locked; what fits one statement is locked below.
        hold_rows(carrier.model, keys)
    changed: list[Any] = []
    changes: dict[UUID, dict[str, list[Any]]] = {}
    for part in in_slices(keys):
        locked = held(carrier.model.objects.filter(pk__in=part))
        present = {row.pk: row for row in locked.only(*carrier.reads)}
        old = tags_of(carrier, list(present))
        new = {key: in_order(wanted(key, tags)) for key, tags in old.items()}
        new = {key: tags for key, tags in new.items() if tags != old[key]}
        assign(carrier, new, old=old)
        touched = [present[key] for key in new]
        write_texts(carrier, touched, tags=new)
        for key, tags in new.items():
            changes[key] = {"tags": [[tag.name for tag in old[key]], [tag.name for tag in tags]]}
        changed += touched
    places = primary_organizations([row.pk for row in changed]) if carrier is PEOPLE else None
    record(actor, carrier.kind, changed, changes=changes, organization_id=places)
    return changed


def write_texts(carrier: Carrier, rows: Sequence[Any], *, tags: Mapping[UUID, Tags]) -> None:
    """Make the texts of these rows say their tags; each is a version further."""
    now = timezone.now()
    for row in rows:
        row.tag_text = text_of(tags[row.pk])
        row.derive_keys()
        row.version, row.updated_at = row.version + 1, now
    write_columns(rows, ("tag_text", "search_text", "version", "updated_at"))


def respell(carrier: Carrier, tag: Tag) -> None:
    """Say the new name of a tag in the texts of the records that carry it."""
    carried = carrier.assignment.objects.filter(tag=tag).order_by(carrier.column)
    keys = list(carried.values_list(carrier.column, flat=True))
    for part in in_slices(keys):
        locked = held(carrier.model.objects.filter(pk__in=part))
        rows = list(locked)
        write_texts(carrier, rows, tags=tags_of(carrier, [row.pk for row in rows]))
