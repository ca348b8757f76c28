"""The parts of a record that are no columns of it: property values, tags, managers.

Create, update and bulk change split cleaned fields here, compare them with what is there, and
write what differs. Called inside their transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from portico.clients.actions.managing import (
    agent_names,
    assign_managers,
    managers_of,
    require_agents,
)
from portico.clients.actions.tagging import PEOPLE, Carrier, assign, tags_named, tags_of, text_of
from portico.clients.choices import PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX, require_properties
from portico.clients.cleaning.properties import Properties
from portico.clients.models import Tag
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.names import name_key

TAGS, MANAGERS, MANAGER = "tags", "account_managers", "account_manager"
Change = dict[str, list[Any]]


@dataclass(kw_only=True)
class Difference:
    """What changes of one record: as history reads it, as undo needs it, and as it is written."""

    changes: Change = field(default_factory=dict)
    reversal: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    tags: list[Tag] | None = None
    old_tags: list[Tag] = field(default_factory=list)
    managers: list[UUID] | None = None

    def __bool__(self) -> bool:
        return bool(self.changes)


def is_column(name: str) -> bool:
    """Whether a cleaned field is a column that is set as it is."""
    return name not in {TAGS, MANAGERS, MANAGER} and not name.startswith(PROPERTY_PREFIX)


def property_changes(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The values of custom properties among cleaned fields, by key."""
    return {
        name.removeprefix(PROPERTY_PREFIX): value
        for name, value in cleaned.items()
        if name.startswith(PROPERTY_PREFIX)
    }


def columns_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record of these cleaned fields has in its columns."""
    columns = {name: value for name, value in cleaned.items() if is_column(name)}
    values = {key: value for key, value in property_changes(cleaned).items() if value is not None}
    if values:
        columns["property_values"] = values
    if cleaned.get(MANAGER) is not None:
        columns["account_manager_id"] = cleaned[MANAGER]
    return columns


def tags_of_drafts(
    actor: Actor, drafts: Sequence[Mapping[str, Any]]
) -> tuple[list[list[Tag]], list[str]]:
    """The tags of each draft, and the text that says them; unknown ones are created."""
    names = {name for draft in drafts for name in draft.get(TAGS) or ()}
    known = tags_named(actor, sorted(names)) if names else {}
    tags = [[known[name_key(name)] for name in draft.get(TAGS) or ()] for draft in drafts]
    return tags, [text_of(part) for part in tags]


def give_parts(
    carrier: Carrier,
    rows: Sequence[Any],
    *,
    tags: Sequence[Sequence[Tag]],
    managers: Sequence[Sequence[UUID]] = (),
) -> None:
    """Write tags and managers of records that were just inserted."""
    keys = [row.pk for row in rows]
    assign(carrier, {key: part for key, part in zip(keys, tags, strict=True) if part}, old={})
    wanted = {key: part for key, part in zip(keys, managers, strict=False) if part}
    if wanted:
        assign_managers(wanted)


def states_of(rows: Sequence[Any], names: Sequence[str]) -> dict[UUID, dict[str, list[Any]]]:
    """What history tells of records that began archived or switched off; nothing of all others."""
    told = {
        row.pk: {
            name: [None if name == "archived_at" else False, getattr(row, name)]
            for name in names
            if getattr(row, name)
        }
        for row in rows
    }
    return {key: changes for key, changes in told.items() if changes}


def require_managers_of_drafts(drafts: Sequence[Mapping[str, Any]]) -> None:
    """Refuse drafts that name as manager who is not in the team."""
    require_agents((key for draft in drafts for key in draft.get(MANAGERS) or ()), field=MANAGERS)
    require_agents((draft.get(MANAGER) for draft in drafts), field=MANAGER)


def require_given(
    subject: PropertySubject, cleaned: Mapping[str, Any], *, properties: Properties
) -> None:
    """Refuse a new record that lacks required property values."""
    problems = require_properties(subject, property_changes(cleaned), properties=properties)
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)


def differences(
    actor: Actor, carrier: Carrier, rows: Sequence[Any], *, wanted: Mapping[UUID, Mapping[str, Any]]
) -> dict[UUID, Difference]:
    """What these cleaned fields change of each record; a fixed number of queries for all."""
    found = {row.pk: _columns_difference(row, wanted[row.pk]) for row in rows}
    _add_tags(actor, carrier, found, wanted=wanted)
    if carrier is PEOPLE:
        _add_own_manager({row.pk: row for row in rows}, found, wanted=wanted)
    else:
        _add_managers(found, wanted)
    return found


def write_parts(carrier: Carrier, changed: Mapping[UUID, Difference]) -> None:
    """Write the tags and managers that differ; columns are the caller's."""
    tags = {key: part.tags for key, part in changed.items() if part.tags is not None}
    if tags:
        assign(carrier, tags, old={key: changed[key].old_tags for key in tags})
    managers = {key: part.managers for key, part in changed.items() if part.managers is not None}
    if managers:
        assign_managers(managers)


def _columns_difference(row: Any, cleaned: Mapping[str, Any]) -> Difference:
    difference = Difference()
    for name, value in cleaned.items():
        if is_column(name) and getattr(row, name) != value:
            difference.changes[name] = [getattr(row, name), value]
            difference.columns[name] = value
    values = dict(row.property_values)
    for key, value in property_changes(cleaned).items():
        old = values.get(key)
        if old != value:
            difference.changes[PROPERTY_PREFIX + key] = [old, value]
            values[key] = value
    if values != row.property_values:
        difference.columns["property_values"] = {
            key: value for key, value in values.items() if value is not None
        }
    return difference


def _add_tags(
    actor: Actor,
    carrier: Carrier,
    found: Mapping[UUID, Difference],
    *,
    wanted: Mapping[UUID, Mapping[str, Any]],
) -> None:
    keys = [key for key in found if wanted[key].get(TAGS) is not None]
    if not keys:
        return
    present = tags_of(carrier, keys)
    _tags, _texts = tags_of_drafts(actor, [wanted[key] for key in keys])
    for key, tags, text in zip(keys, _tags, _texts, strict=True):
        old = present[key]
        if {tag.pk for tag in old} == {tag.pk for tag in tags}:
            continue
        part = found[key]
        part.changes[TAGS] = [[tag.name for tag in old], text.split("\n") if text else []]
        part.columns["tag_text"] = text
        part.tags, part.old_tags = tags, old


def _add_managers(
    found: Mapping[UUID, Difference], wanted: Mapping[UUID, Mapping[str, Any]]
) -> None:
    keys = [key for key in found if wanted[key].get(MANAGERS) is not None]
    if not keys:
        return
    present = managers_of(keys)
    changed = {key: wanted[key][MANAGERS] for key in keys if present[key] != wanted[key][MANAGERS]}
    require_agents(
        (
            agent
            for key, managers in changed.items()
            for agent in managers
            if agent not in present[key]
        ),
        field=MANAGERS,
    )
    names = agent_names(
        agent for key, managers in changed.items() for agent in (*present[key], *managers)
    )
    for key, managers in changed.items():
        part = found[key]
        part.changes[MANAGERS] = [
            [names[agent] for agent in side if agent in names] for side in (present[key], managers)
        ]
        part.reversal[MANAGERS] = [str(agent) for agent in present[key]]
        part.managers = list(managers)


def _add_own_manager(
    rows: Mapping[UUID, Any],
    found: Mapping[UUID, Difference],
    *,
    wanted: Mapping[UUID, Mapping[str, Any]],
) -> None:
    changed = {
        key: wanted[key][MANAGER]
        for key in found
        if MANAGER in wanted[key] and rows[key].account_manager_id != wanted[key][MANAGER]
    }
    if not changed:
        return
    require_agents(changed.values(), field=MANAGER)
    names = agent_names((*changed.values(), *(rows[key].account_manager_id for key in changed)))
    for key, manager in changed.items():
        part, old = found[key], rows[key].account_manager_id
        part.changes[MANAGER] = [names.get(old), names.get(manager)]
        part.reversal[MANAGER] = str(old) if old else None
        part.columns["account_manager_id"] = manager
