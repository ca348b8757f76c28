"""Change many records in one way: at once, or in the background in slices.

An act takes the actor, a queryset of the records that are meant, and its arguments as JSON has
them; it calls the action that changes one or many, and answers what became of them.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from portico.clients.actions.changes import change_organizations, change_people
from portico.clients.actions.managing import managers_of
from portico.clients.actions.organizations import archive_organizations, unarchive_organizations
from portico.clients.actions.people import (
    archive_people,
    disable_people,
    enable_people,
    unarchive_people,
)
from portico.clients.actions.tags import tag_organizations, tag_people
from portico.clients.choices import BULK_CHANGE
from portico.clients.cleaning import clean_tags
from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.days import months_later
from portico.kit.errors import NotThere
from portico.operations.actions import keep_result, start_operation
from portico.operations.models import Operation, OperationRow
from portico.ui.words import say

ID_LENGTH = 16
RECORDS = {"organizations": Organization, "people": Person}
OF_ACT = "of_act"
"""Set in the options of what was done at once: its act, which is not the operation's own."""


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """A record that stayed as it was, and why."""

    id: UUID
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the records: those that changed, and those that stayed for a reason."""

    ids: Sequence[UUID]
    skipped: Sequence[Skipped] = ()

    @property
    def done(self) -> int:
        """How many changed."""
        return len(self.ids)


def outcome_of(changed: Sequence[Any], *, skipped: Sequence[Skipped] = ()) -> Outcome:
    """The outcome with these records changed."""
    return Outcome(ids=[row.pk for row in changed], skipped=skipped)


Act = Callable[[Actor, Any, Mapping[str, Any]], Outcome]


@transaction.atomic
def start_bulk_change(
    actor: Actor, act: str, rows: Any, *, title: str, arguments: Mapping[str, Any]
) -> Operation:
    """Leave a change of many records to the worker; the rows of this moment are meant (case 52).

    Takes the name of an act and a queryset; their ids are kept in the operation's file.
    """
    actor.require()
    if act not in ACTS:
        raise NotThere
    ids = list(rows.visible_to(actor).order_by("pk").values_list("pk", flat=True))
    operation = start_operation(
        actor,
        BULK_CHANGE,
        title=title,
        options={"act": act, "arguments": _kept(arguments)},
        file=ContentFile(b"".join(key.bytes for key in ids)),
    )
    operation.total = len(ids)
    operation.save(update_fields=["total"])
    return operation


def _kept(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as they are stored; names of tags are refused now, not by the worker later."""
    if "add" not in arguments:
        return dict(arguments)
    return {**arguments, "add": clean_tags(list(arguments["add"]))}


def apply(actor: Actor, act: str, rows: Any, *, arguments: Mapping[str, Any]) -> Outcome:
    """Do an act to these records now; permission and rules are the action's."""
    return ACTS[act](actor, rows, arguments)


@transaction.atomic
def keep_outcome(actor: Actor, act: str, outcome: Outcome, *, title: str, found: int) -> Operation:
    """Keep what came of a change that was done at once: which stayed, and why (edge case 54)."""
    skipped = len(outcome.skipped)
    counts = {"changed": outcome.done, "same": found - outcome.done - skipped}
    return keep_result(
        actor,
        BULK_CHANGE,
        title=title,
        options={"act": act, OF_ACT: str(actor.act_id)},
        counts=counts | {"skipped": skipped, "missing": 0},
        rows=rows_of(outcome),
    )


def rows_of(outcome: Outcome, *, after: int = 0) -> list[OperationRow]:
    """A row for each record that stayed, numbered behind those of earlier slices."""
    return [
        OperationRow(
            number=after + place,
            outcome="skipped",
            reason=f"{skipped.name}: {skipped.reason}",
            record_id=skipped.id,
        )
        for place, skipped in enumerate(outcome.skipped, start=1)
    ]


def add_act(name: str, act: Act) -> None:
    """Add something that can be done to many records; the name is `<records>.<verb>`."""
    ACTS[name] = act


def extended_end(end: datetime.date | None, arguments: Mapping[str, Any]) -> datetime.date | None:
    """The new last day: the one given, else so many months after the old one (edge case 20).

    None where there is no end to count from.
    """
    if arguments.get("day"):
        return datetime.date.fromisoformat(arguments["day"])
    return months_later(end, int(arguments["months"])) if end is not None else None


def _simple(action: Callable[[Actor, Any], Sequence[Any]]) -> Act:
    def act(actor: Actor, rows: Any, _arguments: Mapping[str, Any]) -> Outcome:
        return outcome_of(action(actor, rows))

    return act


def _tagging(action: Callable[..., Sequence[Any]]) -> Act:
    def act(actor: Actor, rows: Any, arguments: Mapping[str, Any]) -> Outcome:
        changed = action(
            actor,
            rows,
            names=arguments.get("add", ()),
            remove=[UUID(key) for key in arguments.get("remove", ())],
        )
        return outcome_of(changed)

    return act


def _assign(actor: Actor, rows: Any, arguments: Mapping[str, Any]) -> Outcome:
    """Make an agent the first account manager; with `others` set to keep, the others stay."""
    agent = UUID(arguments["agent"]) if arguments.get("agent") else None
    keys = list(rows.visible_to(actor).values_list("pk", flat=True))
    present = managers_of(keys) if arguments.get("others") == "keep" else {}
    wanted = []
    for key in keys:
        others = [found for found in present.get(key, ()) if found != agent]
        wanted.append((key, {"account_managers": ([agent] if agent else []) + others}))
    return outcome_of(change_organizations(actor, wanted))


def _assign_own(actor: Actor, rows: Any, arguments: Mapping[str, Any]) -> Outcome:
    """Make an agent the account manager of people; without one their organization's counts."""
    agent = UUID(arguments["agent"]) if arguments.get("agent") else None
    keys = rows.visible_to(actor).values_list("pk", flat=True)
    return outcome_of(change_people(actor, [(key, {"account_manager": agent}) for key in keys]))


def _extend(actor: Actor, rows: Any, arguments: Mapping[str, Any]) -> Outcome:
    """Move the end of memberships; what has no end stays without one and is named."""
    skipped, wanted = [], []
    for row in rows.visible_to(actor).only("name", "membership_end_date"):
        end = extended_end(row.membership_end_date, arguments)
        if end is None:
            reason = say("The membership has no end.")
            skipped.append(Skipped(id=row.pk, name=row.name, reason=reason))
        else:
            wanted.append((row.pk, {"membership_end_date": end}))
    changed = change_organizations(actor, wanted)
    same = {key for key, _change in wanted} - {row.pk for row in changed}
    unchanged = Organization.objects.filter(pk__in=same).values_list("pk", "name")
    already = _("It ends on that day already.")
    skipped += [Skipped(id=key, name=name, reason=already) for key, name in unchanged]
    return outcome_of(changed, skipped=skipped)


ACTS: dict[str, Act] = {
    "organizations.archive": _simple(archive_organizations),
    "organizations.unarchive": _simple(unarchive_organizations),
    "organizations.tag": _tagging(tag_organizations),
    "organizations.assign": _assign,
    "organizations.extend": _extend,
    "people.archive": _simple(archive_people),
    "people.unarchive": _simple(unarchive_people),
    "people.disable": _simple(disable_people),
    "people.enable": _simple(enable_people),
    "people.tag": _tagging(tag_people),
    "people.assign": _assign_own,
}
