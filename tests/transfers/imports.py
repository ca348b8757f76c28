"""Importing in a test: from a file to the counts, as page, worker and command go the way."""

from typing import Any

from portico.kit.actors import Actor
from portico.operations.models import Operation
from portico.operations.tasks import work_off_slice
from portico.transfers.actions.imports import (
    change_mapping,
    check_import,
    run_import,
)
from portico.transfers.actions.preparing import prepare_import
from portico.transfers.choices import COUNTERS
from portico.transfers.reading.fields import Kind


def prepared(
    actor: Actor, kind: Kind, content: bytes | str, *, mapping: Any = None, **choices: Any
) -> Operation:
    """An import that waits for its check."""
    raw = content if isinstance(content, bytes) else content.encode()
    operation = prepare_import(actor, kind, content=raw, name="clients.csv")
    return change_mapping(actor, operation.pk, mapping=mapping, choices=choices)


def work_off() -> None:
    """Be the worker until nothing is left to do."""
    while work_off_slice():
        pass


def checked(actor: Actor, operation: Operation) -> Operation:
    """The import after its dry run."""
    check_import(actor, operation.pk)
    work_off()
    operation.refresh_from_db()
    return operation


def imported(actor: Actor, operation: Operation) -> Operation:
    """The import after its run."""
    run_import(actor, operation.pk)
    work_off()
    operation.refresh_from_db()
    return operation


def counts_of(operation: Operation) -> dict[str, int]:
    """The counters that are not zero."""
    return {name: operation.counts[name] for name in COUNTERS if operation.counts.get(name)}


def bring_in(
    actor: Actor, kind: Kind, content: bytes | str, *, mapping: Any = None, **choices: Any
) -> Operation:
    """Check and import a file; the numbers of both must be the same."""
    operation = checked(actor, prepared(actor, kind, content, mapping=mapping, **choices))
    assert operation.state == "checked", operation.last_error
    expected = counts_of(operation)
    operation = imported(actor, operation)
    assert operation.state == "done", operation.last_error
    assert counts_of(operation) == expected
    return operation


def reasons_of(operation: Operation) -> dict[int, str]:
    """Row number to the reason why it did not go through."""
    rows = operation.rows.order_by("number")
    return dict(rows.values_list("number", "reason"))


def failures_of(operation: Operation) -> str:
    """The text of the file of refused rows."""
    with operation.result_file.open("rb") as file:
        return str(file.read().decode("utf-8-sig"))
