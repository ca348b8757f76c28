"""What a record's page shows besides the record's own columns, read with it in one statement."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portico.accounts.models import User
from portico.clients.choices import PropertySubject
from portico.clients.models import (
    AccountManager,
    CustomProperty,
    Membership,
    MembershipRole,
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
)
from portico.clients.querysets import sees_all
from portico.clients.reports.looking_after import EffectiveManager, ManagerOf
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.gathering import Gathered, gathered
from portico.kit.prepared import Slot, prepared
from portico.kit.tenancy.models import LeadsToFew

_DEFINED = ("key", "label", "kind", "is_required", "choices")
_AGENT = ("name", "email", "archived_at", "is_disabled")


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """A membership as pages show it: where, since when, with the names of which roles."""

    id: UUID
    organization_id: UUID | None
    organization_name: str
    is_primary: bool
    created_at: datetime.datetime
    roles: tuple[str, ...]


def with_readings(rows: Any) -> Any:
    """The same organizations or people, each read with what its page shows."""
    is_of_people = issubclass(rows.model, User)
    return rows.annotate(**(_of_people() if is_of_people else _of_organizations()))


def read_organization(actor: Actor, organization_id: UUID) -> Organization | None:
    """The organization with what its page shows, in one query; None if the actor sees none."""
    if sees_all(actor):
        return _organization.first(key=organization_id)
    rows = with_readings(Organization.objects.visible_to(actor))
    found: Organization | None = rows.filter(pk=organization_id).first()
    return found


def read_person(actor: Actor, person_id: UUID) -> Person | None:
    """The person with what their page shows, in one query; None if the actor sees none."""
    if sees_all(actor):
        return _person.first(key=person_id)
    found: Person | None = (
        with_readings(Person.objects.visible_to(actor)).filter(pk=person_id).first()
    )
    return found


@prepared
def _organization() -> Any:
    return with_readings(Organization.objects.unmerged()).filter(pk=Slot("key"))


@prepared
def _person() -> Any:
    return with_readings(Person.objects.unmerged()).filter(pk=Slot("key"))


def managers_of(organization: Organization) -> list[ManagerOf]:
    """The account managers of an organization, the first one first."""
    return _managers(_read(organization, "manager_rows"))


def lacks_manager(organization: Organization) -> bool:
    """Whether nobody looks after it who can, where the workspace assigns managers (S2.43)."""
    if any(manager.is_working for manager in managers_of(organization)):
        return False
    return bool(_read(organization, "assigns_managers"))


def tags_of(record: Organization | Person) -> list[tuple[str, str]]:
    """The tags of a record as name and colour, in the order of their names."""
    colours = {row["name"]: row["colour"] for row in gathered(_read(record, "tag_rows"))}
    names = (name for name in record.tag_text.split("\n") if name)
    return [(name, colours.get(name, "grey")) for name in names]


def definitions_of(record: Organization | Person) -> list[CustomProperty]:
    """The custom properties that its kind of record has now, in their order."""
    rows = sorted(
        gathered(_read(record, "property_rows")),
        key=lambda row: (row["place"], row["created_at"], row["id"]),
    )
    return [
        CustomProperty(**{name: row[name] for name in _DEFINED} | {"choices": _texts(row)})
        for row in rows
    ]


def belongings_of(person: Person) -> list[Belonging]:
    """Where a person belongs, the primary one first."""
    rows = sorted(
        gathered(_read(person, "membership_rows")),
        key=lambda row: (not row["is_primary"], UUID(row["id"])),
    )
    return [
        Belonging(
            id=UUID(row["id"]),
            organization_id=UUID(row["organization_id"]) if row["organization_id"] else None,
            organization_name=row["organization_name"] or "",
            is_primary=bool(row["is_primary"]),
            created_at=_moment(row["created_at"]),
            roles=tuple(sorted(role["name"] for role in gathered(row["roles"]))),
        )
        for row in rows
    ]


def effective_manager(person: Person) -> EffectiveManager | None:
    """Who looks after this person (X11): their own manager, else their organization's first.

    Agents who are archived or can't sign in don't count. None where nobody does.
    """
    own = next((row for row in gathered(_read(person, "own_manager_rows")) if _works(row)), None)
    if own is not None:
        return EffectiveManager(id=UUID(own["id"]), name=own["name"] or own["email"], source="own")
    for row in gathered(_read(person, "membership_rows")):
        if row["is_primary"] and row["organization_id"]:
            managers = _managers(row["managers"])
            first = next((manager for manager in managers if manager.is_working), None)
            if first is None:
                return None
            return EffectiveManager(
                id=first.id,
                name=first.name,
                source="organization",
                organization_name=row["organization_name"],
            )
    return None


def _read(record: Any, name: str) -> Any:
    """What was read with the record; one that was found without its readings is asked again."""
    if name in record.__dict__:
        return record.__dict__[name]
    found: Mapping[str, Any] = (
        with_readings(type(record).objects.filter(pk=record.pk)).values(name).get()
    )
    return found[name]


def _changed_by() -> Subquery:
    """Who changed the record last."""
    events = Event.objects.filter(subject_id=OuterRef("pk")).order_by("-id")
    return Subquery(events.values("actor_name")[:1])


def _of_organizations() -> dict[str, Any]:
    carried = OrganizationTag.objects.filter(organization_id=OuterRef("pk"))
    return {
        "changed_by": _changed_by(),
        "manager_rows": _managers_where("pk"),
        "assigns_managers": Exists(AccountManager.objects.all()),
        "tag_rows": Gathered(carried, name=F("tag__name"), colour=F("tag__colour")),
        "property_rows": _properties(PropertySubject.ORGANIZATION),
        "merged_rows": Gathered(
            Organization.objects.filter(merged_into_id=OuterRef("pk")), id=F("pk")
        ),
    }


def _of_people() -> dict[str, Any]:
    carried = PersonTag.objects.filter(person_id=OuterRef("pk"))
    own = User.objects.agents().filter(pk=OuterRef("account_manager_id"))
    return {
        "changed_by": _changed_by(),
        "own_manager_rows": Gathered(own, id=F("pk"), **{name: F(name) for name in _AGENT}),
        "membership_rows": _memberships(),
        "tag_rows": Gathered(carried, name=F("tag__name"), colour=F("tag__colour")),
        "property_rows": _properties(PropertySubject.PERSON),
        "merged_rows": Gathered(Person.objects.filter(merged_into_id=OuterRef("pk")), id=F("pk")),
    }


def _managers_where(outer: str) -> Gathered:
    rows = AccountManager.objects.filter(LeadsToFew(F("organization_id"), OuterRef(outer)))
    columns = {name: F(f"agent__{name}") for name in _AGENT}
    return Gathered(rows, id=F("pk"), agent_id=F("agent_id"), is_first=F("is_first"), **columns)


def _memberships() -> Gathered:
    held = MembershipRole.objects.filter(membership_id=OuterRef("pk"))
    return Gathered(
        Membership.objects.filter(person_id=OuterRef("pk")),
        id=F("pk"),
        organization_id=F("organization_id"),
        organization_name=F("organization__name"),
        is_primary=F("is_primary"),
        created_at=F("created_at"),
        roles=Gathered(held, name=F("role__name")),
        managers=_managers_where("organization_id"),
    )


def _properties(subject: PropertySubject) -> Gathered:
    rows = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    columns = {name: F(name) for name in (*_DEFINED, "place", "created_at")}
    return Gathered(rows, id=F("pk"), **columns)


def _managers(value: Any) -> list[ManagerOf]:
    rows = sorted(gathered(value), key=lambda row: (not row["is_first"], UUID(row["id"])))
    return [
        ManagerOf(
            id=UUID(row["agent_id"]),
            name=row["name"] or row["email"],
            is_first=bool(row["is_first"]),
            is_working=_works(row),
        )
        for row in rows
    ]


def _works(agent: Mapping[str, Any]) -> bool:
    return agent["archived_at"] is None and not agent["is_disabled"]


def _texts(row: Mapping[str, Any]) -> list[str]:
    texts: list[str] = gathered(row["choices"])  # type: ignore[assignment]
    return texts


def _moment(text: str) -> datetime.datetime:
    """A moment as JSON has it; SQLite's is UTC without saying so."""
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment, datetime.UTC)
