"""What a row says beyond the columns of a record: tags, custom properties, and emptied fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from portico.clients.choices import PropertyKind
from portico.clients.cleaning import (
    PROPERTY_PREFIX,
    clean_property_values,
    clean_tags,
    property_fields,
    require_properties,
)
from portico.kit.errors import Refused
from portico.kit.names import name_key
from portico.transfers.actions.plans import Ground, refused_fields
from portico.transfers.actions.states import (
    MANAGER,
    MANAGERS,
    manager_field,
    named_managers,
    present_managers,
)
from portico.transfers.choices import PROPERTY_SUBJECTS
from portico.transfers.reading.cells import one_line
from portico.transfers.reading.dates import read_date
from portico.transfers.reading.drafts import OrganizationDraft, PersonDraft
from portico.transfers.reading.notices import Problem
from portico.workspaces.presets import REQUIRED

_TAGS = "tags"
_END = "membership_end_date"
# Names and addresses of people are never cleared: without them nobody is known any more.
_PEOPLE = {name: name for name in ("reference", "given_name", "family_name", "position", "phone")}
_ORGANIZATIONS = {
    **{name: name for name in ("reference", "description", "website", _END)},
    **{
        f"address.{part}": f"address_{part}"
        for part in ("street", "city", "region", "postal_code", "country")
    },
}


def further_fields(
    ground: Ground, draft: PersonDraft | OrganizationDraft, *, record: Any = None
) -> dict[str, Any]:
    """Tags, managers and property values of a row as the actions of clients take them.

    `record` is what they are for, None for a new one, which must have every required value.
    Raises RowStopped with every problem.
    """
    subject = PROPERTY_SUBJECTS[ground.options.kind]
    problems: list[Problem] = []
    fields: dict[str, Any] = {}
    if draft.tags:
        try:
            fields[_TAGS] = ground.memory.spelled(clean_tags(list(draft.tags)))
        except Refused as refusal:
            problems.append(Problem(_TAGS, refusal.code, refusal.detail))
    try:
        managers = named_managers(ground, draft, record=record)
        name = manager_field(ground)
        fields |= {name: managers if name == MANAGERS else managers[0]} if managers else {}
    except Refused as refusal:
        problems.append(Problem(manager_field(ground), refusal.code, refusal.detail))
    values = _read(ground, draft.properties, problems=problems)
    try:
        typed = clean_property_values(
            subject,
            values,
            kept=record.property_values if record is not None else None,
            properties=ground.properties,
        )
    except Refused as refusal:
        problems += [
            Problem(error.field or "", error.code, error.message) for error in refusal.errors
        ]
        typed = {}
    if record is None and not problems:
        missing = require_properties(subject, typed, properties=ground.properties)
        problems += [Problem(error.field or "", error.code, error.message) for error in missing]
    if problems:
        raise refused_fields(problems)
    return fields | property_fields(typed)


def changed_further_fields(
    ground: Ground, fields: Mapping[str, Any], *, record: Any
) -> dict[str, Any]:
    """Those of the fields that are otherwise in the record."""
    changes = {}
    for name, value in fields.items():
        if name in {MANAGERS, MANAGER}:
            if present_managers(ground, record) != (value if name == MANAGERS else [value]):
                changes[name] = value
        elif name == _TAGS:
            if _keys(value) != _keys(record.tag_text.split("\n")):
                changes[name] = value
        elif record.property_values.get(name.removeprefix(PROPERTY_PREFIX)) != value:
            changes[name] = value
    return changes


def emptied_fields(ground: Ground, fields: Mapping[str, Any], *, record: Any) -> dict[str, Any]:
    """Fields of the record whose cell is empty, where empty cells were asked to clear (case 45).

    `fields` is what the row says. What is required stays.
    """
    if not ground.options.clear_empty:
        return {}
    columns = _PEOPLE if ground.options.kind == "people" else _ORGANIZATIONS
    mapped = set(ground.options.mapping.values())
    emptied: dict[str, Any] = {}
    for name in mapped & set(columns):
        column = columns[name]
        is_kept = column == _END and ground.settings["membership_end"] == REQUIRED
        if column not in fields and getattr(record, column) and not is_kept:
            emptied[column] = None if column == _END else ""
    for name in mapped:
        definition = ground.properties.get(name.removeprefix(PROPERTY_PREFIX))
        if name.startswith(PROPERTY_PREFIX) and definition and name not in fields:
            is_there = record.property_values.get(definition.key) is not None
            if is_there and not definition.is_required and definition.archived_at is None:
                emptied[name] = None
    if _TAGS in mapped and _TAGS not in fields and record.tag_text:
        emptied[_TAGS] = []
    emptied |= _emptied_managers(ground, fields, record=record)
    return emptied


def _emptied_managers(ground: Ground, fields: Mapping[str, Any], *, record: Any) -> dict[str, Any]:
    name = manager_field(ground)
    is_asked = name in ground.options.mapping.values() and name not in fields
    if not is_asked or not present_managers(ground, record):
        return {}
    return {name: [] if name == MANAGERS else None}


def count_new_tags(ground: Ground, fields: Mapping[str, Any]) -> int:
    """How many tags this row is the first to bring; whoever may import may bring them."""
    names = fields.get(_TAGS, ())
    return ground.memory.add_tags(n for n in names if name_key(n) not in ground.known.tags)


def _read(ground: Ground, texts: Mapping[str, str], *, problems: list[Problem]) -> dict[str, Any]:
    """The texts of properties, each in one line; days read in the workspace's order of dates.

    Only between several choices a line break means something.
    """
    values: dict[str, Any] = {}
    for key, text in texts.items():
        definition = ground.properties.get(key)
        is_list = definition is not None and definition.kind == PropertyKind.CHOICES
        values[key] = text if is_list else one_line(text)
        if definition is not None and definition.kind == PropertyKind.DATE:
            try:
                values[key] = read_date(text, date_order=ground.options.date_order)
            except Refused as refusal:
                problems.append(Problem(PROPERTY_PREFIX + key, refusal.code, refusal.detail))
                del values[key]
    return values


def _keys(names: Sequence[str]) -> set[str]:
    return {name_key(name) for name in names} - {""}
