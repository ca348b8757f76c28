"""Imports as long work: slices, cancel, a worker killed in the middle."""

import signal
from functools import partial

import pytest

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.operations.tasks import work_off_here, work_off_slice
from portico.transfers.actions import slices
from portico.transfers.actions.imports import cancel_import, run_import
from portico.transfers.actions.sessions import close_sessions
from tests.crash.conftest import Installation, installation, mail_server, prepared, wait_until
from tests.transfers.imports import checked, counts_of, reasons_of, work_off
from tests.transfers.imports import prepared as prepared_import

__all__ = ["installation", "mail_server", "prepared"]

ROWS = 1300


@pytest.fixture(autouse=True)
def slices_of_500(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows a database takes at once."""
    monkeypatch.setattr(slices, "CHUNKS", dict.fromkeys(slices.CHUNKS, 500))


def people_file(count: int, *, every_tenth_is_wrong: bool = False) -> str:
    """Rows of people in organizations of three; each address stands twice a chunk apart."""
    lines = ["name,email,organization"]
    for n in range(count):
        email = f"p{n % 1000}@a.test"
        bad = every_tenth_is_wrong and n % 10 == 9
        lines.append(f"P{n},{'bad' if bad else email},Firm {n // 3 % 100}")
    return "\n".join(lines)


def test_each_slice_leaves_its_rows_and_its_progress_together(owner_actor: Actor) -> None:
    operation = prepared_import(owner_actor, "people", people_file(ROWS))
    run_import(owner_actor, operation.pk)
    seen = []
    while work_off_slice():
        operation.refresh_from_db()
        seen.append((operation.done, Person.objects.count()))

    assert seen == [(500, 500), (1000, 1000), (1300, 1000)]
    assert operation.counts["duplicates"] == 300


@pytest.mark.parametrize("state", ("check", "run"))
def test_edge_case_46_another_process_goes_on_at_the_next_row(
    owner_actor: Actor, state: str
) -> None:
    """Edge case 46: a killed worker's successor resumes at the next row, exactly once."""
    file = people_file(ROWS, every_tenth_is_wrong=True)
    operation = checked(owner_actor, prepared_import(owner_actor, "people", file))
    expected = counts_of(operation)
    operation = prepared_import(owner_actor, "people", file)
    if state == "run":
        run_import(owner_actor, operation.pk)
    else:
        from portico.transfers.actions.imports import check_import

        check_import(owner_actor, operation.pk)
    while work_off_slice():
        close_sessions()
    operation.refresh_from_db()

    assert counts_of(operation) == expected
    assert len(reasons_of(operation)) == expected["duplicates"] + expected["refused"]
    if state == "run":
        assert Person.objects.count() == expected["created"]
        assert Organization.objects.count() == 100


def test_a_resumed_update_still_lets_the_first_row_win(owner_actor: Actor) -> None:
    rows = "".join(f"P{n},p{n % 600}@a.test,Firm,Job {n}\n" for n in range(1200))
    file = "name,email,organization,position\n" + rows
    operation = prepared_import(owner_actor, "people", file, existing="update")
    run_import(owner_actor, operation.pk)
    while work_off_slice():
        close_sessions()
    operation.refresh_from_db()

    assert counts_of(operation)["created"] == counts_of(operation)["duplicates"] == 600
    assert Person.objects.get(email="p5@a.test").position == "Job 5"


def test_cancelling_stops_before_the_next_slice(owner_actor: Actor) -> None:
    operation = prepared_import(owner_actor, "people", people_file(ROWS))
    run_import(owner_actor, operation.pk)
    work_off_slice()
    cancel_import(owner_actor, operation.pk)
    work_off()
    operation.refresh_from_db()

    assert (operation.state, operation.done) == ("cancelled", 500)
    assert Person.objects.count() == 500


def test_rights_that_are_gone_stop_an_import(owner_actor: Actor) -> None:
    from portico.accounts.models import User

    operation = prepared_import(owner_actor, "people", people_file(10))
    run_import(owner_actor, operation.pk)
    User.objects.filter(pk=owner_actor.user_id).update(is_disabled=True)
    work_off()
    operation.refresh_from_db()

    assert (operation.state, Person.objects.count()) == ("failed", 0)


def test_a_command_and_a_worker_share_one_import(owner_actor: Actor) -> None:
    operation = prepared_import(owner_actor, "people", people_file(ROWS))
    run_import(owner_actor, operation.pk)
    work_off_slice()

    assert work_off_here(operation).counts["created"] == 1000


def test_edge_case_46_a_worker_killed_amid_an_import_loses_and_doubles_no_row(
    installation: Installation,
) -> None:
    """Edge case 46, with a real worker, a database in a file, and SIGKILL at two moments."""
    path = installation.folder / "people.csv"
    rows = ["name,email,organization"] + [f"P{n},p{n}@a.test,Firm {n // 3}" for n in range(6000)]
    path.write_text("\n".join(rows))
    installation.run_script("start_import", str(path))

    def done() -> int:
        return int(installation.ask("SELECT done FROM operations_operation"))

    def is_beyond(row: int) -> bool:
        return done() > row

    for row in (500, 2500):
        worker = installation.start_worker()
        wait_until(partial(is_beyond, row))
        installation.kill(worker)
        assert done() < 6000
        installation.end_leases()
    last = installation.start_worker()
    wait_until(lambda: installation.ask("SELECT state FROM operations_operation") == "done")
    last.send_signal(signal.SIGTERM)

    assert last.wait(30) == 0
    people = "FROM accounts_user WHERE kind = 'person'"
    assert installation.ask(f"SELECT count(*) {people}") == 6000
    assert installation.ask(f"SELECT count(DISTINCT email_key) {people}") == 6000
    assert installation.ask("SELECT count(*) FROM clients_organization") == 2000
    assert installation.ask("SELECT sum(people_count) FROM clients_organization") == 6000
    created = "SELECT count(*) FROM history_event WHERE kind = 'person.created'"
    assert installation.ask(created) == 6000
    counts = "SELECT counts ->> 'created' FROM operations_operation"
    assert int(installation.ask(counts)) == 6000
