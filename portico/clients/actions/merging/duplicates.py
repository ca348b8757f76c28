"""Pairs of records that are likely one, found among all of them at a bounded cost.

Equal keys come from one grouped walk along an index each, with a limit; no two records are ever
compared without one. What is shown is what nobody has said to be two.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from portico.clients.actions.likeness import likeness_of
from portico.clients.actions.merging.distinctions import Distinctions, distinctions_among
from portico.clients.choices import Likeness, PropertySubject
from portico.clients.models import LikenessKey, Organization, Person
from portico.kit.actors import Actor
from portico.kit.slices import in_slices

SHOWN = 50
OF_ONE_KEY = 10
# A key that more records share than that is read by itself; a few of those fill the page.
LARGE_GROUPS = 6
# So many keys are read at once where very many of the first were told apart.
MOST_AT_ONCE = 2000
_ORGANIZATION_COLUMNS = ("id", "name", "name_key", "website", "archived_at", "people_count")
_PERSON_COLUMNS = ("id", "kind", "name", "name_key", "email", "phone_e164", "archived_at")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two records that are likely one, and why; the older one comes first."""

    first: Any
    second: Any
    reason: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """One thing that records may have in common, and where equal ones stand in order.

    `record` is the column with the record's id; `key_of` asks a record that was read.
    """

    reason: str
    rows: Any
    column: str
    record: str
    key_of: Callable[[Any], str]


def duplicate_organizations(actor: Actor) -> list[Pair]:
    """Up to 50 pairs of active organizations: equal name, equal host of the website, similar name.

    Asks the same number of times however many there are, but for names that more than ten share
    and for keys whose records were all told apart.
    """
    rows = Organization.objects.visible_to(actor).active()
    sources = (
        Source(
            reason=_("Same name"),
            rows=rows,
            column="name_key",
            record="pk",
            key_of=lambda row: row.name_key,
        ),
        _alike(PropertySubject.ORGANIZATION, Likeness.WEBSITE),
        _alike(PropertySubject.ORGANIZATION, Likeness.NAME),
    )
    return _pairs(PropertySubject.ORGANIZATION, rows.only(*_ORGANIZATION_COLUMNS), sources=sources)


def duplicate_people(actor: Actor) -> list[Pair]:
    """Up to 50 pairs of active people: equal name, equal phone, similar name.

    Equal addresses need no look: there is one of each in a workspace (X7).
    """
    rows = Person.objects.visible_to(actor).active().exclude(name="")
    sources = (
        Source(
            reason=_("Same name"),
            rows=rows,
            column="name_key",
            record="pk",
            key_of=lambda row: row.name_key,
        ),
        Source(
            reason=_("Same phone"),
            rows=rows.exclude(phone_e164=""),
            column="phone_e164",
            record="pk",
            key_of=lambda row: row.phone_e164,
        ),
        _alike(PropertySubject.PERSON, Likeness.NAME),
    )
    return _pairs(PropertySubject.PERSON, rows.only(*_PERSON_COLUMNS), sources=sources)


def _alike(subject: PropertySubject, kind: Likeness) -> Source:
    return Source(
        reason=str(kind.label),
        rows=LikenessKey.objects.filter(subject=subject, kind=kind),
        column="key",
        record="record_id",
        key_of=lambda row: likeness_of(row).get(kind, ""),
    )


def _pairs(subject: PropertySubject, records: Any, *, sources: Iterable[Source]) -> list[Pair]:
    """Each pair once with its first reason, without those that were told apart."""
    pairs: dict[tuple[UUID, UUID], Pair] = {}
    for source in sources:
        for groups in _windows(source):
            alike = _members(source, groups, records=records)
            apart = distinctions_among(subject, alike)
            for members in alike:
                for first, second in _neighbours(members, apart):
                    pair = Pair(first=first, second=second, reason=source.reason)
                    pairs.setdefault((first.pk, second.pk), pair)
            if len(pairs) >= SHOWN:
                return list(pairs.values())[:SHOWN]
    return list(pairs.values())


def _members(source: Source, groups: Mapping[str, list[UUID]], *, records: Any) -> list[list[Any]]:
    """The records of each group that are still as their key says, from old to new."""
    ids = sorted({key for group in groups.values() for key in group})
    rows = {row.pk: row for part in in_slices(ids) for row in records.filter(pk__in=part)}
    return [
        [rows[pk] for pk in group if pk in rows and source.key_of(rows[pk]) == key]
        for key, group in groups.items()
    ]


def _windows(source: Source) -> Iterator[dict[str, list[UUID]]]:
    """The keys that several records share, in order; ever more at once, and only as far as asked.

    One window is enough until somebody has told apart what it holds.
    """
    size, rows, large_left = SHOWN, source.rows, LARGE_GROUPS
    while True:
        counted = rows.order_by(source.column).values_list(source.column)
        sizes = dict(counted.annotate(n=Count(source.record)).filter(n__gt=1)[:size])
        large = [key for key, count in sizes.items() if count > OF_ONE_KEY][:large_left]
        if sizes:
            yield _groups(source, sizes, large=large)
        if len(sizes) < size:
            return
        rows = source.rows.filter(**{f"{source.column}__gt": list(sizes)[-1]})
        size, large_left = min(size * 4, MOST_AT_ONCE), large_left - len(large)


def _groups(
    source: Source, sizes: Mapping[str, int], *, large: Collection[str]
) -> dict[str, list[UUID]]:
    """The first few records of each key, the oldest first."""
    groups: dict[str, list[UUID]] = {key: [] for key in sizes}
    small = [key for key, size in sizes.items() if size <= OF_ONE_KEY]
    for part in in_slices(small, 500):
        alike = source.rows.filter(**{f"{source.column}__in": part}).order_by(source.record)
        for key, record in alike.values_list(source.column, source.record):
            groups[key].append(record)
    for key in large:
        alike = source.rows.filter(**{source.column: key}).order_by(source.record)
        groups[key] = list(alike.values_list(source.record, flat=True)[:OF_ONE_KEY])
    return groups


def _neighbours(members: Sequence[Any], apart: Distinctions) -> Iterable[tuple[Any, Any]]:
    """Each record with the nearest older one that nobody told apart from it."""
    for place, second in enumerate(members):
        for first in reversed(members[:place]):
            if not apart.hold(first, second):
                yield first, second
                break
