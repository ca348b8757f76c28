"""However long a list is, its export takes little memory and keeps nobody waiting."""

import gc
import tracemalloc
from typing import Any

import pytest
from django.db import connection

from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.operations.choices import OperationState
from portico.operations.tasks import work_off_here
from portico.transfers.actions.exports import start_export
from portico.transfers.exports import running, writers

pytestmark = pytest.mark.once
MEBIBYTE = 1024**2


def add_organizations(first: int, last: int) -> None:
    rows = (Organization(name=f"Firm {n:06}", description="x" * 200) for n in range(first, last))
    for row in (made := list(rows)):
        row.derive_keys()
    Organization.objects.bulk_create(made, batch_size=1000)


def peak_of(actor: Actor, form: Any) -> int:
    operation = start_export(actor, "organizations", filters={}, form=form)
    gc.collect()
    tracemalloc.start()
    try:
        done = work_off_here(operation)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (done.state, done.counts) == (
        OperationState.DONE,
        {"rows": Organization.objects.count()},
    )
    return peak


@pytest.mark.parametrize(("form", "rows"), [("csv", 8000), ("xlsx", 20_000), ("json", 8000)])
def test_the_export_of_many_times_the_rows_takes_no_more_memory(
    owner_actor: Actor, form: Any, rows: int
) -> None:
    add_organizations(0, 2000)
    peak_of(owner_actor, form)
    few = peak_of(owner_actor, form)
    add_organizations(2000, rows)
    many = peak_of(owner_actor, form)
    # The rows themselves are ten times that; how much garbage waits for its collection varies.
    assert many < few + 2 * MEBIBYTE


@pytest.mark.django_db(transaction=True)
def test_a_workbook_is_put_together_while_no_transaction_is_open(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_organizations(0, 5)
    monkeypatch.setattr(running, "SLICE", 2)
    seen = []
    put_together = writers.XlsxWriter.close

    def close(writer: writers.XlsxWriter) -> None:
        seen.append(connection.in_atomic_block)
        put_together(writer)

    monkeypatch.setattr(writers.XlsxWriter, "close", close)
    peak_of(owner_actor, "xlsx")
    assert seen == [False]
