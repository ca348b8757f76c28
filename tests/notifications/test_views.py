"""Settings, Mail and Outbox."""

from typing import Any

import pytest
from django.test import Client

from portico.notifications.choices import MailState
from portico.notifications.models import OutgoingMail
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.notifications.conftest import run_worker
from tests.smtp import SmtpServer

RESET = "/accounts/password/reset/"


def test_the_page_shows_the_server_without_its_password(
    owner_browser: Client, settings: Any
) -> None:
    settings.PORTICO_EMAIL_URL = "smtp+tls://portico:hunter2secret@mail.example.com:587"
    page = owner_browser.get("/settings/mail/").content.decode()
    assert "smtp+tls://portico:••••••••@mail.example.com:587" in page
    assert "hunter2secret" not in page


@pytest.mark.usefixtures("no_server")
def test_without_a_server_the_page_says_how_to_set_one(owner_browser: Client) -> None:
    page = owner_browser.get("/settings/mail/").content.decode()
    assert "PORTICO_EMAIL_URL=smtp+tls://user:password@mail.example.com:587" in page
    assert "Send a test mail" not in page


def test_a_test_mail_is_queued_watched_and_ticks_the_step(
    owner_browser: Client, smtp_server: SmtpServer
) -> None:
    answer = owner_browser.post("/settings/mail/test/")
    assert smtp_server.accepted == []
    watched = owner_browser.get(answer.headers["Location"]).content.decode()
    assert "On its way to the mail server" in watched
    assert 'hx-trigger="every 1s"' in watched
    run_worker()
    asked = answer.headers["Location"].partition("?")[2]
    state = owner_browser.get(f"/settings/mail/test/state/?{asked}")
    assert "The mail server accepted the mail to owner@northstar.test." in state.content.decode()
    assert 'hx-trigger="every 1s"' not in state.content.decode()
    assert Workspace.objects.get().mail_accepted_at is not None


def test_a_refused_test_mail_says_why(owner_browser: Client, smtp_server: SmtpServer) -> None:
    smtp_server.refusals["owner@northstar.test"] = "550 5.7.1 Relaying denied"
    answer = owner_browser.post("/settings/mail/test/")
    run_worker()
    page = owner_browser.get(answer.headers["Location"]).content.decode()
    assert "The mail server refused it: 550 5.7.1 Relaying denied" in page
    assert Workspace.objects.get().mail_accepted_at is None


def test_the_outbox_shows_recipient_subject_and_state_but_no_link(
    owner: Agent, owner_browser: Client, smtp_server: SmtpServer
) -> None:
    Client(headers={"host": "testserver"}).post(RESET, {"email": owner.email})
    run_worker()
    [accepted] = smtp_server.accepted
    assert "/accounts/password/reset/key/" in accepted.part("plain")
    assert "/accounts/password/reset/key/" in accepted.part("html")
    page = owner_browser.get("/settings/outbox/").content.decode()
    assert "Choose a new password for Northstar" in page
    assert "owner@northstar.test" in page
    assert "password/reset/key" not in page


def test_an_undelivered_mail_can_be_sent_again(
    owner_browser: Client, smtp_server: SmtpServer
) -> None:
    smtp_server.refusals["owner@northstar.test"] = "550 No"
    owner_browser.post("/settings/mail/test/")
    run_worker()
    mail = OutgoingMail.objects.get()
    assert mail.state == MailState.UNDELIVERED
    assert "Send again" in owner_browser.get("/settings/outbox/?state=undelivered").content.decode()
    smtp_server.refusals.clear()
    assert (
        owner_browser.post("/settings/outbox/send-again/", {"ids": str(mail.pk)}).status_code == 302
    )
    run_worker()
    assert [accepted.message["Message-ID"] for accepted in smtp_server.accepted] == [
        mail.message_id
    ]


@pytest.mark.usefixtures("smtp_server")
def test_a_mail_of_nowhere_is_not_found(owner_browser: Client) -> None:
    for key in ("nonsense", "", "01890000-0000-7000-8000-000000000000"):
        answer = owner_browser.post("/settings/outbox/send-again/", {"ids": key})
        assert answer.status_code == 404


@pytest.mark.usefixtures("no_server")
def test_an_agent_without_the_permission_sees_neither_page(viewer: Agent) -> None:
    browser = sign_in(viewer)
    for path in ("/settings/mail/", "/settings/outbox/"):
        assert browser.get(path).status_code == 403
    assert browser.post("/settings/mail/test/").status_code == 403
    assert OutgoingMail.objects.count() == 0
