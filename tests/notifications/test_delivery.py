"""Delivering mails: accepted, refused, put off, waiting; and what names can't do to headers."""

import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.notifications.actions import queue_mail, send_test_mail
from portico.notifications.choices import MailState
from portico.notifications.models import OutgoingMail
from portico.notifications.tasks import delivery
from portico.notifications.tasks.delivery import deliver_mails
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Workspace
from tests.notifications.conftest import run_worker
from tests.smtp import SmtpServer, free_port, running_smtp_server


@pytest.fixture
def mail(owner: Agent, owner_actor: Actor) -> OutgoingMail:
    """A test mail to the owner, queued."""
    return queue_to(owner, owner_actor)


def queue_to(owner: Agent, actor: Actor, address: str = "") -> OutgoingMail:
    from django.db import transaction

    with transaction.atomic():
        [event] = record(actor, "agent.tested", [owner])
        return queue_mail(
            event, kind="mail.tested", recipient=owner, address=address or owner.email
        )


def test_a_mail_is_sent_with_text_html_and_the_row_s_message_id(
    mail: OutgoingMail, smtp_server: SmtpServer
) -> None:
    assert deliver_mails() == 1
    [accepted] = smtp_server.accepted
    assert accepted.recipients == ["owner@northstar.test"]
    assert accepted.message["Message-ID"] == mail.message_id
    assert accepted.message["Subject"] == "Test mail of Northstar"
    assert accepted.message["To"] == "Olga Owner <owner@northstar.test>"
    assert accepted.message["From"] == "Northstar <portico@localhost>"
    assert accepted.message["Auto-Submitted"] == "auto-generated"
    sentence = "Mail from Northstar works: this one arrived at owner@northstar.test."
    assert accepted.part("plain").splitlines()[0] == sentence
    assert accepted.part("html").count(sentence) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.SENT, 1, "")
    assert mail.sent_at is not None
    assert mail.lease_until is None


def test_a_sent_mail_is_not_sent_again(mail: OutgoingMail, smtp_server: SmtpServer) -> None:
    deliver_mails()
    assert deliver_mails() == 0
    assert len(smtp_server.accepted) == 1


def test_the_first_accepted_mail_ticks_the_step_set_up_mail(
    mail: OutgoingMail, smtp_server: SmtpServer
) -> None:
    assert Workspace.objects.get().mail_accepted_at is None
    deliver_mails()
    assert Workspace.objects.get().mail_accepted_at is not None


@pytest.mark.usefixtures("no_server")
def test_without_a_server_mails_wait_untouched(mail: OutgoingMail) -> None:
    assert deliver_mails() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.WAITING, 0, "")


def test_a_refused_recipient_ends_the_attempts_with_a_plain_reason(
    mail: OutgoingMail, smtp_server: SmtpServer
) -> None:
    smtp_server.refusals["owner@northstar.test"] = "550 5.1.1 No such user here"
    deliver_mails()
    mail.refresh_from_db()
    assert mail.state == MailState.UNDELIVERED
    assert mail.last_error == "The mail server refused it: 550 5.1.1 No such user here"
    assert deliver_mails() == 0


def test_a_recipient_put_off_is_tried_again_later(
    mail: OutgoingMail, smtp_server: SmtpServer
) -> None:
    smtp_server.refusals["owner@northstar.test"] = "451 4.7.1 Try again later"
    before = timezone.now()
    deliver_mails()
    mail.refresh_from_db()
    assert mail.state == MailState.WAITING
    assert mail.last_error == "The mail server put it off: 451 4.7.1 Try again later"
    assert before + delivery.FIRST_WAIT * 0.7 < mail.next_attempt_at
    assert mail.next_attempt_at < timezone.now() + delivery.FIRST_WAIT * 1.3
    smtp_server.refusals.clear()
    assert deliver_mails() == 0
    with time_machine.travel(mail.next_attempt_at + datetime.timedelta(seconds=1)):
        assert deliver_mails() == 1
    assert len(smtp_server.accepted) == 1


def test_a_message_refused_after_its_data_ends_the_attempts(
    mail: OutgoingMail, smtp_server: SmtpServer
) -> None:
    smtp_server.answer_to_data = "554 5.7.1 Spam"
    deliver_mails()
    mail.refresh_from_db()
    assert mail.state == MailState.UNDELIVERED
    assert mail.last_error == "The mail server refused it: 554 5.7.1 Spam"


@pytest.mark.usefixtures("silent_server")
def test_a_server_that_is_down_costs_one_attempt_for_one_mail(
    owner: Agent, owner_actor: Actor
) -> None:
    first, second = queue_to(owner, owner_actor), queue_to(owner, owner_actor)
    assert deliver_mails() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, second.attempts) == (1, 0)
    assert first.state == MailState.WAITING
    assert first.last_error.startswith("The mail server can't be reached:")


@pytest.mark.usefixtures("silent_server")
def test_a_server_that_stays_down_is_tried_for_days_and_then_no_more(mail: OutgoingMail) -> None:
    started = timezone.now()
    with time_machine.travel(started, tick=False) as traveller:
        while mail.state == MailState.WAITING:
            traveller.move_to(max(mail.next_attempt_at, started))
            assert deliver_mails() == 1
            mail.refresh_from_db()
        gone = timezone.now() - started
    assert mail.state == MailState.UNDELIVERED
    assert datetime.timedelta(days=4) < gone < datetime.timedelta(days=6)


def test_a_server_without_starttls_gets_nothing_in_clear(mail: OutgoingMail, settings: Any) -> None:
    with running_smtp_server() as server:
        settings.PORTICO_EMAIL_URL = server.url.replace("smtp://", "smtp+tls://")
        deliver_mails()
        deliver_mails()
        assert server.accepted == []
    mail.refresh_from_db()
    assert mail.state == MailState.WAITING
    assert "STARTTLS" in mail.last_error


def test_a_mail_that_became_moot_is_cancelled(
    owner: Agent, owner_actor: Actor, smtp_server: SmtpServer
) -> None:
    from django.db import transaction

    with transaction.atomic():
        [event] = record(owner_actor, "agent.tested", [owner])
        mail = queue_mail(event, kind="password.reset", recipient=owner, address="old@x.test")
    assert deliver_mails() == 1
    mail.refresh_from_db()
    assert mail.state == MailState.CANCELLED
    assert smtp_server.accepted == []


def test_a_mail_that_cannot_be_made_is_put_off_then_given_up_and_blocks_nothing(
    owner: Agent, owner_actor: Actor, smtp_server: SmtpServer
) -> None:
    broken, sound = queue_to(owner, owner_actor), queue_to(owner, owner_actor)
    OutgoingMail.objects.filter(pk=broken.pk).update(kind="nobody.registered")
    assert deliver_mails() == 2
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == (MailState.WAITING, MailState.SENT)
    OutgoingMail.objects.filter(pk=broken.pk).update(
        attempts=delivery.MOST_BROKEN_ATTEMPTS - 1, next_attempt_at=timezone.now()
    )
    deliver_mails()
    broken.refresh_from_db()
    assert broken.state == MailState.UNDELIVERED
    assert broken.last_error == "The mail could not be made (KeyError)."


def test_a_mail_held_by_another_worker_is_left_to_it(
    mail: OutgoingMail, smtp_server: SmtpServer
) -> None:
    OutgoingMail.objects.update(lease_until=timezone.now() + datetime.timedelta(seconds=60))
    assert deliver_mails() == 0
    OutgoingMail.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    assert deliver_mails() == 1


def test_a_clock_set_back_strands_no_mail(mail: OutgoingMail, smtp_server: SmtpServer) -> None:
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    OutgoingMail.objects.update(next_attempt_at=tomorrow, lease_until=tomorrow)
    assert deliver_mails() == 1
    assert len(smtp_server.accepted) == 1


HOSTILE = [
    "A\r\nBcc: evil@evil.test",
    "A\nBcc: evil@evil.test",
    "A\u0085Bcc: evil@evil.test",
    "A\u2028Bcc: evil@evil.test",
    "=?utf-8?q?A=0D=0ABcc:evil@evil.test?=",
    "Smith, John",
    "Smith: John; <evil@evil.test>, x",
    'Quo"te \\ back',
    "Żółć, 株式会社 " * 12,
    "\u202eevil",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_writes_a_header_or_adds_a_recipient(
    name: str, owner: Agent, owner_actor: Actor, smtp_server: SmtpServer
) -> None:
    Agent.objects.filter(pk=owner.pk).update(name=name)
    Workspace.objects.update(name=name)
    mail = queue_to(Agent.objects.get(), owner_actor)
    OutgoingMail.objects.filter(pk=mail.pk).update(subject=name)
    assert deliver_mails() == 1
    [accepted] = smtp_server.accepted
    assert accepted.recipients == ["owner@northstar.test"]
    assert accepted.sender == "portico@localhost"
    head = accepted.raw.split(b"\r\n\r\n")[0].decode("ascii")
    names = [line.split(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert sorted(names) == sorted(
        [
            *("Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID"),
            *("Subject", "To"),
        ]
    )
    to: Any = accepted.message["To"]
    assert [address.addr_spec for address in to.addresses] == ["owner@northstar.test"]
    sender: Any = accepted.message["From"]
    assert [address.addr_spec for address in sender.addresses] == ["portico@localhost"]


LONG = [
    "You are invited to the portal of " + "Northstar " * 12 + "Ltd",
    "Sie sind eingeladen zu Söhne & Töchter " * 5 + "GmbH",
    "株式会社" * 30,
    "x" * 200,
    "An " + "x" * 120 + " y",
]


@pytest.mark.parametrize("text", LONG)
def test_a_long_header_begins_in_its_line_and_arrives_as_it_was(
    text: str, owner: Agent, owner_actor: Actor, smtp_server: SmtpServer
) -> None:
    Agent.objects.filter(pk=owner.pk).update(name=text)
    Workspace.objects.update(name=text)
    with open_scope(scope_of(Workspace.objects.get())):
        mail = queue_to(Agent.objects.get(), owner_actor)
        OutgoingMail.objects.filter(pk=mail.pk).update(subject=text)
        assert deliver_mails() == 1
    [accepted] = smtp_server.accepted
    assert accepted.message["Subject"] == text
    plain = message_from_bytes(accepted.raw)
    for name, address in (("To", "owner@northstar.test"), ("From", "portico@localhost")):
        shown = str(make_header(decode_header(plain[name].replace("\r\n", ""))))
        assert parseaddr(shown) == (text[:60].strip(), address)
    head = accepted.raw.split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    assert [line for line in head if line.rstrip().endswith(":") or len(line) > 78] == []


def test_lone_dots_in_a_body_arrive_as_they_were(
    owner: Agent, owner_actor: Actor, smtp_server: SmtpServer
) -> None:
    Workspace.objects.update(name="A\r\n.\r\nMAIL FROM:<evil@evil.test>")
    with open_scope(scope_of(Workspace.objects.get())):
        queue_to(owner, owner_actor)
        assert deliver_mails() == 1
    [accepted] = smtp_server.accepted
    assert ".\nMAIL FROM:<evil@evil.test>" in accepted.part("plain").replace("\r\n", "\n")


def test_an_address_no_server_takes_is_given_up_at_once(
    owner: Agent, owner_actor: Actor, smtp_server: SmtpServer
) -> None:
    mail = queue_to(owner, owner_actor, address="jörg@x.test")
    deliver_mails()
    mail.refresh_from_db()
    assert mail.state == MailState.UNDELIVERED


def test_a_test_mail_goes_to_the_agent_who_asked(
    owner_actor: Actor, smtp_server: SmtpServer
) -> None:
    send_test_mail(owner_actor)
    run_worker()
    assert [accepted.recipients for accepted in smtp_server.accepted] == [["owner@northstar.test"]]


def test_a_rolled_back_change_sends_nothing(owner_actor: Actor, smtp_server: SmtpServer) -> None:
    from django.db import transaction

    with transaction.atomic():
        send_test_mail(owner_actor)
        transaction.set_rollback(True)
    run_worker()
    assert smtp_server.accepted == []
    assert OutgoingMail.objects.count() == 0


def test_a_user_name_and_password_are_used(mail: OutgoingMail, settings: Any) -> None:
    from aiosmtpd.smtp import AuthResult, LoginPassword

    seen: list[Any] = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _way: str, login: Any) -> Any:
        seen.append(login)
        return AuthResult(success=login == LoginPassword(b"portico", b"p@ss"), handled=False)

    with running_smtp_server(authenticator=authenticate, auth_require_tls=False) as server:
        settings.PORTICO_EMAIL_URL = f"smtp://portico:p%40ss@127.0.0.1:{server.port}"
        deliver_mails()
        assert len(server.accepted) == 1
        settings.PORTICO_EMAIL_URL = f"smtp://portico:wrong@127.0.0.1:{server.port}"
        OutgoingMail.objects.update(state=MailState.WAITING, next_attempt_at=timezone.now())
        deliver_mails()
        assert len(server.accepted) == 1
    mail.refresh_from_db()
    assert mail.state == MailState.WAITING
    assert mail.last_error.startswith("The mail server refused the user name or password: 535")


def test_a_port_where_nobody_listens_is_told_plainly(mail: OutgoingMail, settings: Any) -> None:
    settings.PORTICO_EMAIL_URL = f"smtps://127.0.0.1:{free_port()}"
    deliver_mails()
    mail.refresh_from_db()
    assert mail.last_error.endswith("Connection refused")
