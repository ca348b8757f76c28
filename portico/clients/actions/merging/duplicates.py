"""Pairs of records that are likely one: found by indexed names, and among the newest by more.

Never compares every record with every other: equal names come from one grouped walk along an
index, everything else from the 2,000 records that were added last.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.names import search_fold
from portico.kit.slices import in_slices

SHOWN = 50
NEWEST = 2_000
OF_ONE_NAME = 10
# Words that say what kind of company it is, and so tell no two of one name apart.
_FORMS_OF_COMPANIES = (
    "ab ag as bv co company corp corporation eg ev gbr gmbh group holding inc kg kgaa limited llc "
    "llp ltd mbh nv ohg oy plc pty sa sarl sas se sl spa srl the ug und and"
)
_FORMS = frozenset(_FORMS_OF_COMPANIES.split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two records that are likely one, and why; the older one comes first."""

    first: Any
    second: Any
    reason: str


def duplicate_organizations(actor: Actor) -> list[Pair]:
    """Up to 50 pairs of active organizations: equal name, equal domain, similar name."""
    rows = Organization.objects.visible_to(actor).active()
    newest = _newest(rows, "id", "name", "name_key", "website", "archived_at", "people_count")
    return _pairs(
        (_same_names(rows), _("Same name")),
        (_grouped(newest, _domain), _("Same website")),
        (_grouped(newest, _similar), _("Similar name")),
    )


def duplicate_people(actor: Actor) -> list[Pair]:
    """Up to 50 pairs of active people: equal name, equal phone, similar name."""
    rows = Person.objects.visible_to(actor).active().exclude(name="")
    newest = _newest(rows, "id", "kind", "name", "name_key", "email", "phone_e164", "archived_at")
    return _pairs(
        (_same_names(rows), _("Same name")),
        (_grouped(newest, lambda row: row.phone_e164), _("Same phone")),
        (_grouped(newest, _similar), _("Similar name")),
    )


def _same_names(rows: Any) -> list[list[Any]]:
    """The first names that several records have, with the first few of each."""
    names = (
        rows.order_by("name_key")
        .values("name_key")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .values_list("name_key", flat=True)[:SHOWN]
    )
    found: dict[str, list[Any]] = {name: [] for name in names}
    for part in in_slices(list(found)):
        for row in rows.filter(name_key__in=part).order_by("name_key", "pk")[: SHOWN * OF_ONE_NAME]:
            if len(found[row.name_key]) < OF_ONE_NAME:
                found[row.name_key].append(row)
    return list(found.values())


def _newest(rows: Any, *columns: str) -> list[Any]:
    return list(rows.only(*columns, "workspace_id").order_by("-created_at", "-pk")[:NEWEST])


def _grouped(rows: Sequence[Any], key: Callable[[Any], str]) -> list[list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.pk):
        text = key(row)
        if text:
            groups.setdefault(text, []).append(row)
    return [group[:OF_ONE_NAME] for group in groups.values() if len(group) > 1]


def _domain(row: Organization) -> str:
    return (urlsplit(row.website).hostname or "").removeprefix("www.") if row.website else ""


def _similar(row: Any) -> str:
    """The words of a name without accents, order and form of company."""
    words = _WORD.findall(search_fold(row.name))
    return " ".join(sorted(word for word in words if word not in _FORMS))


def _pairs(*sources: tuple[Iterable[list[Any]], str]) -> list[Pair]:
    """Neighbours of each group, each pair once with its first reason."""
    found: dict[tuple[UUID, UUID], Pair] = {}
    for groups, reason in sources:
        for group in groups:
            for first, second in pairwise(group):
                pair = Pair(first=first, second=second, reason=reason)
                found.setdefault((first.pk, second.pk), pair)
    return list(found.values())[:SHOWN]
