"""What a row of a list says about an organization or a person: only what is not normal."""

import datetime
import functools
from collections.abc import Container, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.choices import MembershipStatus
from portico.clients.models import (
    AccountManager,
    Membership,
    MembershipRole,
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
)
from portico.clients.panels import Mark, marks_of
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.prepared import IsAmong, Prepared, prepared
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import format_date
from portico.ui.words import say_n
from portico.workspaces.models import Agent


def organization_mark(organization: Organization, today: datetime.date) -> Mark | None:
    """The one status of an organization that somebody should see; None when all is normal."""
    if not organization.is_active:
        return Mark(word=_("Inactive"), shape="ring")
    status = organization.membership_status(today)
    end = organization.membership_end_date
    if status is MembershipStatus.OPEN or end is None:
        return None
    if status is MembershipStatus.ENDED:
        return Mark(word=_("Ended %(date)s") % {"date": format_date(end)}, tone="bad")
    days = (end - today).days
    if days == 0:
        return Mark(word=_("Ends today"), tone="warn", shape="half")
    text = ngettext("Ends in %(n)s day", "Ends in %(n)s days", days) % {"n": days}
    return Mark(word=text, tone="warn", shape="half")


def is_ended(row: Mapping[str, Any]) -> bool:
    """Whether the mark of this row of an organization says that its membership has ended."""
    mark = row["mark"]
    return mark is not None and mark.tone == "bad"


def person_mark(person: Person) -> Mark | None:
    """The status of a person that this app itself knows."""
    return Mark(word=_("Disabled"), shape="ring") if person.is_disabled else None


def organization_rows(
    organizations: Sequence[Organization], shows: Container[str] = ()
) -> list[dict[str, Any]]:
    """Each organization with its mark, its people in words, and what `shows` names.

    Those are its tags and its managers.
    """
    today = today_in(current_scope().time_zone)
    keys = [row.pk for row in organizations]
    tags = _tags(OrganizationTag, "organization_id", keys=keys) if "tags" in shows else {}
    managers = _managers(keys) if "managers" in shows else {}
    in_words = functools.cache(_people_in_words)
    return [
        {
            "record": row,
            "mark": organization_mark(row, today),
            "people": in_words(row.people_count),
            "tags": tags.get(row.pk, ()),
            "managers": managers.get(row.pk, ()),
        }
        for row in organizations
    ]


def _people_in_words(count: int) -> str:
    return say_n("%(n)s person", "%(n)s people", count)


def person_rows(
    actor: Actor, people: Sequence[Person], shows: Container[str] = ()
) -> list[dict[str, Any]]:
    """Each person with their first organization and their mark, in a fixed number of queries.

    Where `shows` names them also with their tags, the account manager that counts (X11) and the
    roles they hold in their first organization.
    """
    places = _primary_organizations(people)
    rows = _rows(actor, people, places=places)
    tags = _tags(PersonTag, "person_id", keys=[row.pk for row in people]) if "tags" in shows else {}
    managers = _effective_managers(people, places) if "managers" in shows else {}
    roles = _roles(people, is_primary=True) if "roles" in shows else {}
    for row in rows:
        key = row["record"].pk
        row["tags"], row["managers"] = tags.get(key, ()), managers.get(key, ())
        row["roles"] = roles.get(key, ())
    return rows


def member_rows(
    actor: Actor, people: Sequence[Person], *, roles_in: UUID | None = None
) -> list[dict[str, Any]]:
    """The people of one organization, on whose own page it need not be said.

    With `roles_in`, that organization's id, also with the roles they hold there.
    """
    rows = _rows(actor, people, places={})
    roles = _roles(people, organization_id=roles_in) if roles_in is not None else {}
    for row in rows:
        row["roles"] = roles.get(row["record"].pk, ())
    return rows


def _rows(
    actor: Actor, people: Sequence[Person], *, places: Mapping[UUID, dict[str, Any]]
) -> list[dict[str, Any]]:
    marks = marks_of(actor, people)
    return [
        {
            "record": person,
            "organization": places.get(person.pk),
            "mark": person_mark(person) or marks.get(person.pk),
        }
        for person in people
    ]


def _tags(model: Any, column: str, *, keys: Sequence[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """The tags of each record, as name and colour, by name; one query."""
    found: dict[UUID, list[tuple[str, str]]] = {}
    for key, name, colour in _carried(model, column).ask(keys=keys):
        found.setdefault(key, []).append((name, colour))
    return found


@functools.cache
def _carried(model: Any, column: str) -> Prepared[Any]:
    def build() -> Any:
        carried = model.objects.filter(IsAmong(column, "keys")).order_by("tag__name_key")
        return carried.values_list(column, "tag__name", "tag__colour")

    return Prepared(build)


def _roles(people: Sequence[Person], **which: Any) -> dict[UUID, list[str]]:
    """The names of the client roles that people hold in the membership meant; one query."""
    place = {f"membership__{name}": value for name, value in which.items()}
    keys = [person.pk for person in people]
    given = MembershipRole.objects.filter(membership__person_id__in=keys, **place)
    found: dict[UUID, list[str]] = {}
    for key, name in given.order_by("role__name").values_list(
        "membership__person_id", "role__name"
    ):
        found.setdefault(key, []).append(name)
    return found


def _managers(organization_ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """The account managers of each organization, as id and name, the first one first; one query."""
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for key, agent, name, email in _managing.ask(organizations=organization_ids):
        found.setdefault(key, []).append((agent, name or email))
    return found


@prepared
def _managing() -> Any:
    managing = AccountManager.objects.filter(IsAmong("organization_id", "organizations"))
    columns = ("organization_id", "agent_id", "agent__name", "agent__email")
    return managing.order_by("-is_first", "pk").values_list(*columns)


def _effective_managers(
    people: Sequence[Person], places: Mapping[UUID, dict[str, Any]]
) -> dict[UUID, list[tuple[UUID, str]]]:
    """A person's own account manager, else the first one of their organization; two queries."""
    own = {person.account_manager_id for person in people if person.account_manager_id}
    agents = Agent.objects.filter(pk__in=own)
    names = {agent.pk: agent.display_name for agent in agents.only("name", "email", "kind")}
    inherited = _managers([place["id"] for place in places.values()])
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for person in people:
        manager = person.account_manager_id
        if manager is not None and manager in names:
            found[person.pk] = [(manager, names[manager])]
        elif person.pk in places:
            found[person.pk] = inherited.get(places[person.pk]["id"], [])[:1]
    return found


def _primary_organizations(people: Sequence[Person]) -> dict[UUID, dict[str, Any]]:
    memberships = _primary_memberships.ask(people=[person.pk for person in people])
    return {person: {"id": key, "name": name} for person, key, name in memberships}


@prepared
def _primary_memberships() -> Any:
    rows = Membership.objects.filter(IsAmong("person_id", "people"), organization_id__isnull=False)
    return rows.order_by("is_primary", "pk").values_list(
        "person_id", "organization_id", "organization__name"
    )
