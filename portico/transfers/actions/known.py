"""What the workspace holds already of the keys of a chunk: one query for each kind of key."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from portico.accounts.models import User
from portico.clients.actions.managing import managers_of
from portico.clients.models import Membership, Organization, Person, Tag
from portico.kit.names import name_key
from portico.kit.tenancy.models import is_one_of
from portico.transfers.reading.drafts import OrganizationDraft, PersonDraft
from portico.workspaces.models import Agent, Plan

Draft = PersonDraft | OrganizationDraft
# What a row of people asks of the organization that it names.
_OF_PLACES = ("workspace", "name_key", "archived_at", "is_active", "merged_into")


class Known:
    """Users, people and organizations that rows of a chunk may mean."""

    def __init__(
        self,
        drafts: Sequence[Draft],
        *,
        organization: str,
        with_members: bool,
        with_managers: bool,
        by_name: bool,
    ) -> None:
        """Looks everything up; `organization` is where rows of people without their own belong.

        `with_members`: also who is in the organizations; `with_managers`: also who looks after
        them; `by_name`: also people of these names.
        """
        people = list(_people_of(drafts))
        emails = {draft.email_key for draft in people if draft.email_key}
        references = {draft.reference for draft in people if draft.reference}
        self.users: dict[str, Any] = _by(User.objects, "email_key", values=emails)
        self.people: dict[str, Any] = _by(
            Person.objects.exclude(reference=""), "reference", values=references
        )
        own = {draft.reference for draft in drafts if isinstance(draft, OrganizationDraft)} - {""}
        self.organizations: dict[str, Any] = _by(
            Organization.objects.exclude(reference=""), "reference", values=own
        )
        self._named = _named(
            {name_key(name) for name in _names(drafts, organization)} - {""},
            only=()
            if any(isinstance(draft, OrganizationDraft) for draft in drafts)
            else _OF_PLACES,
        )
        self._members = self._members_of_all() if with_members else {}
        self._namesakes = _namesakes(drafts) if by_name else {}
        self.tags = _tags(drafts)
        self.agents = _agents(drafts)
        self.managers = managers_of(sorted(self._kept_ids())) if with_managers else {}
        self.limit, self.used = _plan()

    def named(self, key: str) -> list[Any]:
        """Organizations with this key of a name, archived and inactive ones too, oldest first."""
        return self._named.get(key, [])

    def people_named(self, key: str) -> list[Any]:
        """People with this key of a name who are not archived."""
        return self._namesakes.get(key, [])

    def member(self, organization_id: UUID, name: str) -> Any:
        """The person of this name in this organization, or None."""
        return self._members.get((organization_id, name_key(name)))

    def _kept_ids(self) -> set[UUID]:
        """The organizations whose rows may change them."""
        keys = {row.pk for rows in self._named.values() for row in rows}
        return keys | {row.pk for row in self.organizations.values()}

    def _members_of_all(self) -> dict[tuple[UUID, str], Any]:
        memberships = Membership.objects.filter(organization_id__in=self._kept_ids())
        joined = memberships.filter(person__archived_at__isnull=True).select_related("person")
        return {(row.organization_id, row.person.name_key): row.person for row in joined}


def _people_of(drafts: Iterable[Draft]) -> Iterable[PersonDraft]:
    for draft in drafts:
        if isinstance(draft, PersonDraft):
            yield draft
        elif draft.contact is not None:
            yield draft.contact


def _names(drafts: Iterable[Draft], organization: str) -> Iterable[str]:
    yield organization
    for draft in drafts:
        yield draft.name if isinstance(draft, OrganizationDraft) else draft.organization_name


def _by(manager: Any, field: str, *, values: set[str]) -> dict[str, Any]:
    if not values:
        return {}
    rows = manager.filter(is_one_of(field, values))
    return {getattr(row, field): row for row in rows}


def _named(keys: set[str], *, only: Sequence[str]) -> dict[str, list[Any]]:
    """Organizations by the key of their name; of `only` these columns, where any are named."""
    named: dict[str, list[Any]] = defaultdict(list)
    if keys:
        rows = Organization.objects.archived_or_not().filter(is_one_of("name_key", keys))
        for row in rows.order_by("pk").only(*only):
            named[row.name_key].append(row)
    return named


def _namesakes(drafts: Iterable[Draft]) -> dict[str, list[Any]]:
    keys = {name_key(draft.name) for draft in drafts if isinstance(draft, PersonDraft)} - {""}
    found: dict[str, list[Any]] = defaultdict(list)
    if not keys:
        return found
    for person in Person.objects.active().filter(is_one_of("name_key", keys)).order_by("pk"):
        found[person.name_key].append(person)
    return found


def _tags(drafts: Iterable[Draft]) -> set[str]:
    """Keys of the tags of these drafts that are there already."""
    keys = {name_key(tag) for draft in drafts for tag in draft.tags}
    return (
        set(Tag.objects.filter(name_key__in=keys).values_list("name_key", flat=True))
        if keys
        else set()
    )


def _agents(drafts: Iterable[Draft]) -> dict[str, Any]:
    """The agents whose addresses these drafts name, by the key of the address."""
    keys = {key for draft in drafts for key in draft.managers}
    return (
        {agent.email_key: agent for agent in Agent.objects.filter(is_one_of("email_key", keys))}
        if keys
        else {}
    )


def _plan() -> tuple[int | None, int]:
    """The plan's limit of people and how many there are; people are counted under a limit only."""
    limit = Plan.objects.values_list("person_limit", flat=True).first()
    return limit, 0 if limit is None else User.objects.people().active().count()
