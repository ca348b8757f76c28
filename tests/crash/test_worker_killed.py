"""A worker killed by SIGKILL loses nothing, and doubles nothing but one Message-ID (P05, P20)."""

import signal
import threading
from collections import Counter
from typing import Any

from tests.crash.conftest import Installation, wait_until
from tests.smtp import SmtpServer

MAILS = 12
MADE = "SELECT count(*) FROM clients_organization"
STATE = "SELECT state FROM operations_operation"


def message_ids(server: SmtpServer) -> Counter[str]:
    return Counter(str(accepted.message["Message-ID"]) for accepted in server.accepted)


def sent(installation: Installation) -> int:
    question = "SELECT count(*) FROM notifications_outgoingmail WHERE state = 'sent'"
    return int(installation.ask(question))


def progress(installation: Installation) -> int:
    return int(installation.ask("SELECT done FROM operations_operation"))


def settle(installation: Installation) -> None:
    """Let another worker finish, as if the leases of the killed one had run out."""
    installation.end_leases()
    before = installation.started()
    last = installation.start_worker()
    wait_until(lambda: installation.started() > before and sent(installation) == MAILS)
    last.send_signal(signal.SIGTERM)
    assert last.wait(30) == 0


def test_killed_between_send_and_mark_the_mail_is_sent_twice_with_one_message_id(
    installation: Installation, mail_server: SmtpServer, monkeypatch: Any
) -> None:
    kill_now = threading.Event()
    take = mail_server.handle_DATA

    async def take_and_tell(server: Any, session: Any, envelope: Any) -> str:
        answer = await take(server, session, envelope)
        if len(mail_server.accepted) == 4:
            # Killed while it waits for this answer: the server has the mail, the row is unmarked.
            installation.kill(installation.running[0])
            kill_now.set()
        return answer

    monkeypatch.setattr(mail_server, "handle_DATA", take_and_tell)
    installation.run_script("queue_mails", str(MAILS))
    installation.start_worker()
    assert kill_now.wait(60)
    assert sent(installation) == 3
    settle(installation)
    counted = message_ids(mail_server)
    assert len(counted) == MAILS
    assert sorted(counted.values()) == [1] * (MAILS - 1) + [2]


def test_killed_at_any_moment_every_mail_arrives(
    installation: Installation, mail_server: SmtpServer
) -> None:
    installation.run_script("queue_mails", str(MAILS))
    kills = 4
    for number in range(kills):
        worker = installation.start_worker()
        wait_until(lambda worker=worker, number=number: len(mail_server.accepted) > number * 2)  # type: ignore[misc]
        installation.kill(worker)
        installation.end_leases()
    settle(installation)
    counted = message_ids(mail_server)
    assert len(counted) == MAILS
    assert max(counted.values()) <= 1 + kills
    assert sum(counted.values()) - MAILS <= kills


def test_two_workers_at_once_send_each_mail_once(
    installation: Installation, mail_server: SmtpServer
) -> None:
    installation.run_script("queue_mails", str(MAILS))
    for _ in range(2):
        installation.start_worker()
    wait_until(lambda: sent(installation) == MAILS)
    assert set(message_ids(mail_server).values()) == {1}
    assert len(mail_server.accepted) == MAILS


def test_long_work_resumes_at_the_next_row_exactly_once(installation: Installation) -> None:
    total = 400
    installation.run_script("start_making", str(total))
    for _ in range(3):
        before = progress(installation)
        worker = installation.start_worker()
        wait_until(lambda before=before: progress(installation) > before)  # type: ignore[misc]
        installation.kill(worker)
        installation.end_leases()
    assert installation.ask(MADE) == progress(installation)
    for _ in range(2):
        installation.start_worker()
    wait_until(lambda: installation.ask(STATE) == "done")
    assert (progress(installation), installation.ask(MADE)) == (total, total)
    assert installation.ask(MADE.replace("count(*)", "count(DISTINCT name)")) == total


def test_sigterm_finishes_the_slice_and_ends(installation: Installation) -> None:
    installation.run_script("start_making", "2000")
    worker = installation.start_worker()
    wait_until(lambda: progress(installation) > 0)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert installation.ask(MADE) == progress(installation)
    assert installation.ask("SELECT count(*) FROM operations_operation WHERE lease_until > 0") == 0
