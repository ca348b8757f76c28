"""The mail that invites: who, into what, until when, and only the newest one."""

from collections.abc import Callable
from typing import Any

from portico.history.tasks import follow_up
from portico.invitations.actions.inviting import invite_agent
from portico.invitations.actions.sending import cancel_invitation, resend_invitation
from portico.invitations.choices import Delivery
from portico.invitations.links import link_of
from portico.invitations.models import Invitation
from portico.invitations.reports import delivery_of
from portico.kit.actors import Actor
from portico.notifications.models import OutgoingMail
from portico.workspaces.models import Agent, Role
from tests.smtp import SmtpServer

Send = Callable[[], int]


def delivery(invitation: Invitation) -> Any:
    return delivery_of(Invitation.objects.select_related("mail").get(pk=invitation.pk))


def test_the_mail_welcomes_and_holds_link_instructions_and_end(
    invitation: Invitation, smtp_server: SmtpServer, send_mails: Send
) -> None:
    """S2.49: welcome message, portal link, how to set the password."""
    send_mails()

    (mail,) = smtp_server.accepted
    said = mail.message
    link = link_of(invitation)
    assert mail.recipients == ["lena@acme.test"]
    assert said["Subject"] == "Olga Owner from Northstar invites you to the Acme Windows portal"
    assert said["Reply-To"] == "Olga Owner <owner@northstar.test>"
    for part in (mail.part("plain"), mail.part("html")):
        assert link in part
        assert "Welcome, Lena Fischer" in part
        assert "choose a password" in part
        assert f"{invitation.expires_at:%B %Y}" in part


def test_exactly_one_mail_goes_out_however_often_the_worker_runs(
    invitation: Invitation, smtp_server: SmtpServer, send_mails: Send
) -> None:
    """S2.13."""
    for _round in range(3):
        send_mails()

    assert len(smtp_server.accepted) == 1
    assert delivery(invitation).state is Delivery.SENT


def test_a_colleague_is_invited_to_the_team(
    owner_actor: Actor, smtp_server: SmtpServer, send_mails: Send
) -> None:
    viewer = Role.objects.get(kind="agent", name="Viewer")
    invite_agent(owner_actor, "tom@northstar.test", role_ids=[viewer.pk])
    send_mails()

    (mail,) = smtp_server.accepted
    assert mail.message["Subject"] == "Olga Owner invites you to the team of Northstar"


def test_a_resend_before_the_first_mail_left_sends_one_mail(
    owner_actor: Actor, invitation: Invitation, smtp_server: SmtpServer, send_mails: Send
) -> None:
    resend_invitation(owner_actor, invitation.pk)
    send_mails()

    (mail,) = smtp_server.accepted
    assert link_of(Invitation.objects.get(pk=invitation.pk)) in mail.part("plain")


def test_a_queued_mail_is_cancelled_with_its_invitation(
    owner_actor: Actor, invitation: Invitation, smtp_server: SmtpServer, send_mails: Send
) -> None:
    follow_up()
    cancel_invitation(owner_actor, invitation.pk)
    send_mails()

    assert smtp_server.accepted == []
    assert OutgoingMail.objects.get().state == "cancelled"


def test_a_changed_address_cancels_the_queued_mail(
    invitation: Invitation, lena: Any, smtp_server: SmtpServer, send_mails: Send
) -> None:
    follow_up()
    lena.email = "somebody.else@acme.test"
    lena.save()
    send_mails()

    assert smtp_server.accepted == []


def test_the_mail_of_a_sender_who_is_disabled_names_no_address_to_ask(
    invitation: Invitation, owner_actor: Actor, smtp_server: SmtpServer, send_mails: Send
) -> None:
    """R-C13: it goes out all the same; nobody is sent to a mailbox that may be another's by now."""
    Agent.objects.filter(pk=owner_actor.user_id).update(is_disabled=True)
    send_mails()

    (mail,) = smtp_server.accepted
    assert mail.message["Reply-To"] is None
    for part in (mail.part("plain"), mail.part("html")):
        assert ("owner@northstar.test" in part, link_of(invitation) in part) == (False, True)


def test_with_the_server_down_it_says_not_delivered_why_and_tries_again(
    invitation: Invitation, silent_server: None, send_mails: Send
) -> None:
    """S2.16: creation stands, the failure is visible, a retry happens by itself."""
    send_mails()

    standing = delivery(invitation)
    assert (standing.state, standing.is_tried_again) == (Delivery.UNDELIVERED, True)
    assert standing.reason != ""


def test_an_address_that_the_server_refuses_is_undelivered(
    invitation: Invitation, smtp_server: SmtpServer, send_mails: Send
) -> None:
    """S4.18: bounced in the dialogue."""
    smtp_server.refusals["lena@acme.test"] = "550 5.1.1 No such user here"
    send_mails()

    standing = delivery(invitation)
    assert (standing.state, standing.is_tried_again) == (Delivery.UNDELIVERED, False)
    assert "No such user here" in standing.reason


def test_without_a_server_nothing_was_sent(invitation: Invitation, settings: Any) -> None:
    settings.PORTICO_EMAIL_URL = ""

    assert delivery(invitation).state is Delivery.NOT_SENT


def test_before_the_worker_came_it_is_queued(
    invitation: Invitation, smtp_server: SmtpServer
) -> None:
    assert delivery(invitation).state is Delivery.QUEUED
