"""What a row would change in records that are there, as the check page tells before the import."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.cleaning import PROPERTY_PREFIX
from portico.clients.reports import organization_managers, tag_names
from portico.transfers.actions.plans import Change, Decision
from portico.transfers.actions.states import (
    ARCHIVED_AT,
    IS_DISABLED,
    MANAGER,
    MANAGERS,
)
from portico.transfers.reading.fields import Kind
from portico.workspaces.models import Agent

LONGEST_VALUE = 200
Difference = tuple[str, str, str]
"""The field, what stands there, and what the file says; days as YYYY-MM-DD."""

_STATES: Mapping[Change, tuple[str, bool]] = {
    Change.ARCHIVE: (ARCHIVED_AT, True),
    Change.UNARCHIVE: (ARCHIVED_AT, False),
    Change.DISABLE: (IS_DISABLED, True),
    Change.ENABLE: (IS_DISABLED, False),
}


def differences_of(decision: Decision, *, kind: Kind) -> list[Difference]:
    """What a decision that is not saved yet would change, field by field."""
    prefix = "" if kind == "people" else "contact."
    found: list[Difference] = []
    if decision.changed_organization is not None:
        record, changes = decision.changed_organization
        found += _told(record, changes, prefix="")
    if decision.changed_person is not None:
        record, changes = decision.changed_person
        found += _told(record, changes, prefix=prefix)
    if decision.new_person is not None:
        fields, _place = decision.new_person
        found.append((f"{prefix}name", "", fields.get("name") or fields.get("email", "")))
    if decision.state_changes is not None:
        record, states = decision.state_changes
        found += [
            (field, _text(not is_set), _text(is_set))
            for field, is_set in (_STATES[state] for state in states)
        ]
    return found


def _told(record: Any, changes: Mapping[str, Any], *, prefix: str) -> Iterator[Difference]:
    for name, value in changes.items():
        field = name.replace("address_", "address.", 1) if name.startswith("address_") else name
        old, new = _sides(record, name, value=value)
        yield prefix + field, old[:LONGEST_VALUE], new[:LONGEST_VALUE]


def _sides(record: Any, name: str, *, value: Any) -> tuple[str, str]:
    if name == "tags":
        return _text(tag_names(record)), _text(value)
    if name == MANAGERS:
        present = [manager.email for manager in organization_managers([record.pk])[record.pk]]
        return _text(present), _text(_addresses(value))
    if name == MANAGER:
        old = [record.account_manager_id] if record.account_manager_id else []
        return _text(_addresses(old)), _text(_addresses([value] if value else []))
    if name.startswith(PROPERTY_PREFIX):
        return _text(record.property_values.get(name.removeprefix(PROPERTY_PREFIX))), _text(value)
    return _text(getattr(record, name)), _text(value)


def _addresses(agent_ids: Sequence[Any]) -> list[str]:
    """The addresses of agents, in this order."""
    known = dict(Agent.objects.filter(pk__in=agent_ids).values_list("pk", "email"))
    return [known[key] for key in agent_ids if key in known]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "" if value is None else str(value)
