"""What a record has under each heading of an export; asked only for the headings there are."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portico.clients.choices import MembershipStatus
from portico.clients.models import Membership, MembershipRole, Organization, Person
from portico.clients.panels import marks_of
from portico.clients.reports import effective_managers, organization_managers, tag_names
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.tenancy.scope import current_scope
from portico.transfers.reading.fields import Kind
from portico.workspaces.models import Agent

_JOIN = ", "
_CHOICES_JOIN = "; "
_PROPERTY = "property."
Reader = Callable[[Any], Any]


def texts_of(
    kind: Kind, records: Sequence[Any], *, headings: Sequence[str], actor: Actor
) -> Iterator[list[str]]:
    """The cells of each record under these headings."""
    readers = readers_of(kind, records, headings=headings, actor=actor)
    return ([text_of(read(row)) for read in readers] for row in records)


def readers_of(
    kind: Kind, records: Sequence[Any], *, headings: Sequence[str], actor: Actor
) -> list[Reader]:
    """How the value under each heading is read from one of these records."""
    gathered = (_OfOrganizations if kind == "organizations" else _OfPeople)(records, actor)
    return [_reader(gathered.readers, heading) for heading in headings]


def _reader(known: Mapping[str, Reader], heading: str) -> Reader:
    if heading.startswith(_PROPERTY):
        key = heading.removeprefix(_PROPERTY)
        return lambda row: row.property_values.get(key)
    return known.get(heading) or attrgetter(heading.replace(".", "_"))


class _OfOrganizations:
    """What organizations have besides their own fields."""

    def __init__(self, records: Sequence[Organization], _actor: Actor) -> None:
        self._ids = [row.pk for row in records]
        self._today = today_in(current_scope().time_zone)
        self.readers: Mapping[str, Reader] = {
            "tags": lambda row: _JOIN.join(tag_names(row)),
            "account_managers": lambda row: _JOIN.join(
                manager.email for manager in self._managers[row.pk]
            ),
            "status": self._status,
        }

    @cached_property
    def _managers(self) -> Mapping[UUID, Sequence[Any]]:
        return organization_managers(self._ids)

    def _status(self, row: Organization) -> str:
        """The word that the list marks it with, without the days that are left."""
        if not row.is_active:
            return _("Inactive")
        words = {MembershipStatus.ENDED: _("Ended"), MembershipStatus.ENDING: _("Ending")}
        return words.get(row.membership_status(self._today), "")


class _OfPeople:
    """What people have besides their own fields."""

    def __init__(self, records: Sequence[Person], actor: Actor) -> None:
        self._people, self._actor = records, actor
        self._ids = [row.pk for row in records]
        self.readers: Mapping[str, Reader] = {
            "organization": lambda row: self._places.get(row.pk, (None, ""))[1],
            "organization_id": lambda row: self._places.get(row.pk, (None, ""))[0],
            "tags": lambda row: _JOIN.join(tag_names(row)),
            "account_manager": lambda row: self._own_managers.get(row.account_manager_id),
            "effective_manager": self._effective_manager,
            "roles": lambda row: _JOIN.join(self._roles.get(row.pk, ())),
            "status": self._status,
        }

    @cached_property
    def _places(self) -> Mapping[UUID, tuple[UUID | None, str]]:
        rows = Membership.objects.filter(
            person_id__in=self._ids, is_primary=True, organization__isnull=False
        ).values_list("person_id", "organization_id", "organization__name")
        return {person_id: (organization_id, name) for person_id, organization_id, name in rows}

    @cached_property
    def _own_managers(self) -> Mapping[UUID | None, str]:
        keys = {row.account_manager_id for row in self._people if row.account_manager_id}
        rows = Agent.objects.filter(pk__in=keys).values_list("pk", "email") if keys else ()
        return dict(rows)

    @cached_property
    def _managers(self) -> Mapping[UUID, Any]:
        return effective_managers(self._people)

    def _effective_manager(self, row: Person) -> str:
        manager = self._managers[row.pk]
        return manager.email if manager is not None else ""

    @cached_property
    def _roles(self) -> Mapping[UUID, list[str]]:
        given = MembershipRole.objects.filter(
            membership__person_id__in=self._ids, membership__is_primary=True
        )
        found: dict[UUID, list[str]] = {}
        for key, name in given.order_by("role__name").values_list(
            "membership__person_id", "role__name"
        ):
            found.setdefault(key, []).append(name)
        return found

    @cached_property
    def _marks(self) -> Mapping[UUID, Any]:
        return marks_of(self._actor, self._people)

    def _status(self, row: Person) -> str:
        """The word that the list marks them with."""
        if row.is_disabled:
            return _("Disabled")
        mark = self._marks.get(row.pk)
        return mark.word if mark is not None else ""


def text_of(value: Any) -> str:
    """A value as a cell holds it."""
    for kind, shaped in _SHAPES.items():
        if isinstance(value, kind):
            return shaped(value)
    return "" if value is None else str(value)


_SHAPES: Mapping[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "yes" if value else "no",
    list: _CHOICES_JOIN.join,
    datetime.datetime: lambda value: value.astimezone(datetime.UTC).isoformat(timespec="seconds"),
    datetime.date: datetime.date.isoformat,
}
"""How values look; a datetime is a date too, so it comes first."""
