"""Under the preset of nonsense nouns no mail holds a noun of the four real ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from portico.config.commands.worker import mail_everywhere, work_everywhere
from portico.invitations.actions.inviting import invite_agent, invite_person
from portico.kit.tenancy.scope import open_scope
from portico.notifications.actions import send_test_mail
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Role, Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of
from tests.smtp import SmtpServer, running_smtp_server
from tests.ui.test_nonsense import nouns_in
from tools.words import NONSENSE


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[SmtpServer]:
    with running_smtp_server() as server:
        settings.PORTICO_EMAIL_URL = server.url
        yield server


@pytest.fixture
def nonsense(workspace: Workspace) -> Iterator[None]:
    """Northstar's scope, in which every noun is a nonsense one."""
    Workspace.objects.filter(pk=workspace.pk).update(preset=NONSENSE)
    workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        yield


def send_one_of_each() -> None:
    """An invitation of a person and of a colleague, a test mail, a forgotten password."""
    owner = actor_of(Agent.objects.get(email="owner@northstar.test"))
    acme = make_organization("Acme Windows")
    lena = make_person(organization=acme, has_joined=False)
    invite_person(owner, lena.pk, organization_id=acme.pk)
    role = Role.objects.get(kind="agent", name="Viewer")
    invite_agent(owner, "cora@northstar.test", name="Cora", role_ids=[role.pk], licence="full")
    send_test_mail(owner)
    Client().post("/accounts/password/reset/", {"email": "owner@northstar.test"})


def test_no_mail_shows_a_noun_of_a_real_preset(nonsense: None, smtp_server: SmtpServer) -> None:
    send_one_of_each()
    while work_everywhere() + mail_everywhere():
        pass
    recipients = sorted(mail.recipients[0] for mail in smtp_server.accepted)
    assert recipients == [
        "cora@northstar.test",
        "lena@acme.test",
        "owner@northstar.test",
        "owner@northstar.test",
    ]
    shown = {}
    for mail in smtp_server.accepted:
        subject = str(mail.message["Subject"])
        text = " ".join((subject, mail.part("plain"), mail.part("html")))
        if found := nouns_in(text.replace("Viewer", "")):
            shown[subject] = found
    assert shown == {}
