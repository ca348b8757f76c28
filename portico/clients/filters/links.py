"""What narrows a list through what hangs on its records: tags, managers, memberships."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, Subquery, UUIDField, Value
from django.db.models.functions import Coalesce

from portico.clients.filters.grammar import ANY, EMPTY, EQUALS, NOT
from portico.clients.models import AccountManager, Membership, Organization, Tag
from portico.kit.ids import parse_id
from portico.kit.names import name_key
from portico.kit.narrowing import is_there, is_walking, led, linked, unlinked
from portico.kit.prepared import IsAmong, Slot, prepared
from portico.workspaces.models import Agent

NONE = "none"
_NOBODY = UUID(int=0)
_ORGANIZATION = "organization_id"
_PERSON = "person_id"


def named_tags(value: Any) -> Any:
    """The ids of these tags, None for names that no tag has; yes and no stay what they are.

    Looked up apart: beside the links the planner of SQLite reads all tags for each row.
    """
    if isinstance(value, bool):
        return value
    keys = list(dict.fromkeys(name_key(name) for name in value))
    return [_tag.first(name_key=key) for key in keys]


@prepared
def _tag() -> Any:
    rows = Tag.objects.filter(name_key=Slot("name_key", CharField()))
    return rows.values_list("pk", flat=True)


@dataclass(frozen=True, kw_only=True)
class Links:
    """What may hang on a record, by the rows that link the two; how lists are narrowed by it.

    `rows` makes the links, which name the record in `column` and lead by `named` to the id of what
    hangs on it; `holding` makes those that lead to anything, where not all do. `is_once` says that
    nothing hangs on a record twice.
    """

    rows: Callable[[], Any]
    column: str
    named: str
    holding: Callable[[], Any] | None = None
    is_once: bool = False

    def narrow(self, rows: Any, *, operator: str, value: Any) -> Any:
        """Records with all (any, none) of these ids, with nothing at all or with something."""
        if operator == EMPTY:
            fits = unlinked if value else linked
            return rows.filter(fits(rows, (self.holding or self.rows)(), column=self.column))
        known = [key for key in map(_id, value) if key is not None]
        if operator != EQUALS:
            chosen = self.rows().filter(**{f"{self.named}__in": known})
            fits = unlinked if operator == NOT else linked
            return rows.filter(fits(rows, chosen, column=self.column))
        if len(known) < len(value):
            return rows.none()
        for key in known:
            rows = rows.filter(linked(rows, self._to(key), column=self.column))
        return rows

    def leads(self, rows: Any, *, operator: str, value: Any) -> list[Any] | None:
        """The links to the one thing that is named; a record that has it twice is there once."""
        if operator not in {EQUALS, ANY} or len(value) != 1:
            return None
        found = led(rows, self._to(_id(value[0])), column=self.column)
        return [found if self.is_once else found.distinct()]

    def _to(self, key: UUID | None) -> Any:
        return self.rows().filter(**{self.named: key})


def _id(part: Any) -> UUID | None:
    return parse_id(part) if isinstance(part, str) else part


def tag_links(model: Any, column: str) -> Links:
    """The tags of records, by the model of the links; nothing carries one twice."""
    return Links(rows=model.objects.all, column=column, named="tag_id", is_once=True)


@dataclass(frozen=True, kw_only=True)
class Managers:
    """The agents that a filter names; `idle` are those who do not count as account managers."""

    named: list[UUID]
    has_nobody: bool
    is_anybody: bool
    idle: list[UUID] = field(default_factory=list)


def named_agents(value: Any) -> Managers:
    """The agents of these ids; `none` stands for nobody, yes and no for nobody and anybody."""
    texts = [] if isinstance(value, bool) else value
    return Managers(
        named=[key for key in map(parse_id, texts) if key is not None],
        has_nobody=value is True or NONE in texts,
        is_anybody=value is False,
    )


def named_managers(value: Any) -> Managers:
    """The same, with those who do not count; asked apart, as tags are.

    Those who do not: a row that asks for its managers then asks once, not once for each agent.
    """
    idle = [key for key, archived_at, is_disabled in _agents.ask() if archived_at or is_disabled]
    return replace(named_agents(value), idle=idle)


@prepared
def _agents() -> Any:
    return Agent.objects.archived_or_not().values_list("pk", "archived_at", "is_disabled")


def of_managers(rows: Any, *, operator: str, value: Managers) -> Any:
    """Organizations looked after by all (any, none) of these agents; disabled ones do not count."""
    working = AccountManager.objects.all()
    if value.idle:
        working = working.exclude(agent_id__in=value.idle)
    managed = AccountManager.objects.filter(agent_id__in=set(value.named).difference(value.idle))
    column = _ORGANIZATION
    if value.has_nobody or value.is_anybody:
        wanted = unlinked(rows, working, column=column)
        if value.named:
            wanted |= linked(rows, managed, column=column)
        return rows.filter(~wanted if value.is_anybody or operator == NOT else wanted)
    if operator == NOT:
        return rows.filter(unlinked(rows, managed, column=column))
    if operator == ANY:
        return rows.filter(linked(rows, managed, column=column))
    if not value.named or set(value.named).intersection(value.idle):
        return rows.none()
    for agent in value.named:
        own = AccountManager.objects.filter(agent_id=agent)
        rows = rows.filter(linked(rows, own, column=column))
    return rows


def leads_of_managers(rows: Any, *, operator: str, value: Managers) -> list[Any] | None:
    """The organizations of one agent: nobody looks after one twice."""
    if not _is_one(operator, value) or value.named[0] in value.idle:
        return None
    return [led(rows, AccountManager.objects.filter(agent_id=value.named[0]), column=_ORGANIZATION)]


def _is_one(operator: str, value: Managers) -> bool:
    is_plain = operator in {EQUALS, ANY} and not value.has_nobody
    return is_plain and len(value.named) == 1


def of_effective_managers(rows: Any, *, operator: str, value: Managers) -> Any:
    """People whose account manager is one of these: their own, else their organization's first."""
    is_not = value.is_anybody or operator == NOT
    has_nobody = value.has_nobody or value.is_anybody
    if not is_walking(rows) and not is_not and not has_nobody:
        inherited = _first_of(value.named).values(_ORGANIZATION)
        members = Membership.objects.filter(is_primary=True, organization_id__in=inherited)
        inheriting = Q(account_manager__isnull=True) & linked(rows, members, column=_PERSON)
        return rows.filter(Q(account_manager_id__in=value.named) | inheriting)
    # From the person to the organization to its manager; the other way round SQLite would
    # try each organization of the manager for each person (8 s at a million people).
    wanted = Q(looked_after_by__in=[*value.named, _NOBODY] if has_nobody else value.named)
    rows = rows.alias(looked_after_by=_effective_manager())
    return rows.filter(~wanted if is_not else wanted)


def _effective_manager() -> Coalesce:
    primary = Membership.objects.filter(is_primary=True, person_id=OuterRef(OuterRef("pk")))
    first = AccountManager.objects.filter(
        is_first=True, organization_id=Subquery(primary.values(_ORGANIZATION)[:1])
    )
    inherited = Subquery(first.values("agent_id")[:1])
    nobody = Value(_NOBODY, output_field=UUIDField())
    return Coalesce("account_manager_id", inherited, nobody, output_field=UUIDField())


def _first_of(agents: list[UUID]) -> Any:
    return AccountManager.objects.filter(is_first=True, agent_id__in=agents)


def leads_of_effective_managers(rows: Any, *, operator: str, value: Managers) -> list[Any] | None:
    """An agent's own people, and those whose primary organization is first theirs."""
    if not _is_one(operator, value):
        return None
    person = "organization__memberships__person_id"
    heirs = rows.filter(pk=OuterRef(person), account_manager__isnull=True)
    inherited = AccountManager.objects.filter(
        is_there(heirs),
        is_first=True,
        agent_id=value.named[0],
        organization__memberships__is_primary=True,
    )
    own = rows.filter(account_manager_id=value.named[0])
    return [own.order_by().values("pk"), inherited.values(person)]


def standing_organizations(value: Any) -> Any:
    """These organizations by the ids that they have now: one that was merged away is its survivor.

    A saved view, or a link that somebody sent, goes on showing whom it showed (case 40).
    """
    keys = [] if isinstance(value, bool) else [key for key in map(parse_id, value) if key]
    if not keys:
        return value
    found = dict(_merged.ask(keys=keys))
    became = {str(key): str(survivor) for key, survivor in found.items()}
    return [became.get(str(parse_id(part)), part) for part in value]


@prepared
def _merged() -> Any:
    merged = Organization.objects.filter(IsAmong("id", "keys"), merged_into__isnull=False)
    return merged.values_list("pk", "merged_into_id")


def of_organizations(rows: Any, *, operator: str, value: Any) -> Any:
    """People of one of these organizations; `none` for people who belong to none."""
    if operator == EMPTY or NONE in value:
        is_without = value if operator == EMPTY else operator != NOT
        # Whoever belongs to no organization belongs to the workspace directly (decision 4).
        direct = Membership.objects.filter(organization_id__isnull=True)
        fits = linked if is_without else unlinked
        return rows.filter(fits(rows, direct, column=_PERSON))
    ids = [key for key in map(parse_id, value) if key is not None]
    members = Membership.objects.filter(organization_id__in=ids)
    fits = unlinked if operator == NOT else linked
    return rows.filter(fits(rows, members, column=_PERSON))


def leads_of_organizations(rows: Any, *, operator: str, value: Any) -> list[Any] | None:
    """The memberships of one organization, or those directly in the workspace."""
    if operator == EMPTY and value:
        return [led(rows, Membership.objects.filter(organization_id__isnull=True), column=_PERSON)]
    if operator != EQUALS or len(value) != 1:
        return None
    # `none` has no id: memberships without an organization are those directly in the workspace.
    members = Membership.objects.filter(organization_id=parse_id(value[0]))
    return [led(rows, members, column=_PERSON)]
