"""What tags and properties there are, and where tags are used."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from portico.accounts.models import User
from portico.clients.choices import PropertySubject
from portico.clients.models import (
    CustomProperty,
    LocationTag,
    Organization,
    OrganizationTag,
    PersonTag,
)
from portico.kit.prepared import Prepared


def property_keys(subject: PropertySubject) -> list[str]:
    """The keys of the properties that are not archived, in their order; one query."""
    return _keys_of(subject).ask()


@functools.cache
def _keys_of(subject: PropertySubject) -> Prepared[str]:
    rows = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    ordered = rows.order_by("place", "created_at", "id")
    return Prepared(lambda: ordered.values_list("key", flat=True))


def tag_names(row: Organization | User) -> list[str]:
    """The names of a record's tags, in order; no query."""
    return [name for name in row.tag_text.split("\n") if name]


@dataclass(frozen=True, kw_only=True)
class TagUse:
    """How many records carry a tag; archived ones included."""

    organizations: int = 0
    people: int = 0
    locations: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return self.organizations + self.people + self.locations


def tag_uses(tag_ids: Sequence[UUID]) -> dict[UUID, TagUse]:
    """How many records carry each of these tags, in three queries."""
    organizations, people, places = (
        _counted(model, tag_ids) for model in (OrganizationTag, PersonTag, LocationTag)
    )
    return {
        key: TagUse(
            organizations=organizations.get(key, 0),
            people=people.get(key, 0),
            locations=places.get(key, 0),
        )
        for key in tag_ids
    }


def _counted(model: Any, tag_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = model.objects.filter(tag_id__in=tag_ids).order_by().values("tag_id")
    return {row["tag_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}
