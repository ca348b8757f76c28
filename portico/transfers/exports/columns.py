"""What stands in an export: the fields that an import reads, and what is only to be read.

The headings are the field names of the import, so that one's own export maps back by itself. The
further columns (ids, counts, times, who looks after a person in effect) fill no field there.
"""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from portico.clients.api.organizations import organization_bodies
from portico.clients.api.people import person_bodies
from portico.clients.models import Membership, Organization, Person
from portico.clients.reports import (
    effective_managers,
    organization_managers,
    property_keys,
    tag_names,
)
from portico.clients.schemas import OrganizationOut, PersonOut
from portico.transfers.choices import PROPERTY_SUBJECTS
from portico.transfers.reading.fields import ADDRESS_FIELDS, Kind
from portico.workspaces.models import Agent

_TAGS_JOIN = ", "
_CHOICES_JOIN = "; "
_PEOPLE = ("reference", "name", "given_name", "family_name", "email", "position", "phone")
_ORGANIZATIONS = ("reference", "name", "description", "website")
_PERSON_STATES = ("created_at", "updated_at")
_ORGANIZATION_STATES = ("people_count", "location_count", "created_at", "updated_at")
_PERSON_HEAD = (*_PEOPLE, "organization", "tags", "account_manager", "is_disabled", "archived_at")
_ORGANIZATION_HEAD = (
    *_ORGANIZATIONS,
    *ADDRESS_FIELDS,
    *("membership_end_date", "tags", "account_managers", "is_active", "archived_at"),
)

Records = Sequence[Any]


def header_of(kind: Kind, keys: Sequence[str]) -> list[str]:
    """The headings; `keys` are the custom properties."""
    own: Sequence[str] = _PERSON_HEAD
    states: Sequence[str] = ("id", "organization_id", "effective_manager", *_PERSON_STATES)
    if kind == "organizations":
        own, states = _ORGANIZATION_HEAD, ("id", *_ORGANIZATION_STATES)
    return [*own, *(f"property.{key}" for key in keys), *states]


def keys_of(kind: Kind) -> list[str]:
    """The keys of the custom properties of a kind; archived ones are left out."""
    return property_keys(PROPERTY_SUBJECTS[kind])


def texts_of(kind: Kind, records: Records, *, keys: Sequence[str]) -> Iterator[list[str]]:
    """The cells of each record under `header_of`."""
    return (_people_texts if kind == "people" else _organization_texts)(records, keys)


def bodies_of(kind: Kind, records: Records) -> Iterator[dict[str, Any]]:
    """Each record as the API shows it."""
    if kind == "people":
        return (PersonOut(**body).model_dump() for body in person_bodies(records))
    bodies = organization_bodies(records)
    return (OrganizationOut(**body).model_dump() for body in bodies)


def _organization_texts(
    records: Sequence[Organization], keys: Sequence[str]
) -> Iterator[list[str]]:
    fields = (*_ORGANIZATIONS, *(name.replace(".", "_") for name in ADDRESS_FIELDS))
    managers = organization_managers([row.pk for row in records])
    for row in records:
        yield [
            *_cells(row, (*fields, "membership_end_date")),
            _TAGS_JOIN.join(tag_names(row)),
            _TAGS_JOIN.join(manager.email for manager in managers[row.pk]),
            *_cells(row, ("is_active", "archived_at")),
            *_values(row.property_values, keys),
            *_cells(row, ("id", *_ORGANIZATION_STATES)),
        ]


def _people_texts(records: Sequence[Person], keys: Sequence[str]) -> Iterator[list[str]]:
    organizations = _primary_organizations([row.pk for row in records])
    managers = effective_managers(records)
    own = _addresses_of({row.account_manager_id for row in records if row.account_manager_id})
    for row in records:
        manager = managers[row.pk]
        organization_id, name = organizations.get(row.pk, (None, ""))
        yield [
            *_cells(row, _PEOPLE),
            name,
            _TAGS_JOIN.join(tag_names(row)),
            own.get(row.account_manager_id, ""),
            *_cells(row, ("is_disabled", "archived_at")),
            *_values(row.property_values, keys),
            str(row.pk),
            _text(organization_id),
            manager.email if manager is not None else "",
            *_cells(row, _PERSON_STATES),
        ]


def _primary_organizations(ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, str]]:
    rows = Membership.objects.filter(
        person_id__in=ids, is_primary=True, organization__isnull=False
    ).values_list("person_id", "organization_id", "organization__name")
    return {person_id: (organization_id, name) for person_id, organization_id, name in rows}


def _addresses_of(ids: Collection[UUID]) -> dict[UUID | None, str]:
    return dict(Agent.objects.filter(pk__in=ids).values_list("pk", "email")) if ids else {}


def _cells(row: Any, fields: Sequence[str]) -> list[str]:
    return [_text(getattr(row, name)) for name in fields]


def _values(values: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    return [_text(values.get(key)) for key in keys]


def _text(value: Any) -> str:
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
