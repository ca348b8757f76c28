"""Kinds of long work for tests: one that counts, one that fails."""

from typing import Any

import pytest

from portico.clients.models import Organization
from portico.operations import operations
from portico.operations.models import Operation, OperationRow
from portico.operations.operations import OperationKind, register_operation


def count_slice(operation: Operation) -> bool:
    """Make three organizations a slice, ten in all."""
    operation.total = 10
    end = min(operation.done + 3, operation.total)
    for number in range(operation.done + 1, end + 1):
        Organization.objects.create(name=f"Made {number}")
        if number == 5:
            OperationRow.objects.create(
                operation=operation, number=5, outcome="refused", field="email", reason="No address"
            )
    operation.done = end
    operation.counts = {"created": end}
    return end == operation.total


def uncount(operation: Operation) -> bool:
    """Remove what was made, four a slice."""
    keys = list(Organization.objects.values_list("pk", flat=True)[:4])
    Organization.objects.filter(pk__in=keys).delete()
    return not Organization.objects.exists()


def fail_slice(_operation: Operation) -> bool:
    """Write something, then fail."""
    Organization.objects.create(name="Half done")
    raise ZeroDivisionError("by design")


@pytest.fixture(autouse=True)
def kinds(monkeypatch: Any) -> None:
    """Register the kinds for the test only."""
    monkeypatch.setattr(operations, "_kinds", {})
    register_operation(
        OperationKind(
            name="count", take_slice=count_slice, undo=uncount, permissions=("import_clients",)
        )
    )
    register_operation(OperationKind(name="fail", take_slice=fail_slice))
