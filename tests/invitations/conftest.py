"""People to invite, links to open, and a mail server that keeps what it accepts."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from portico.history.tasks import follow_up
from portico.invitations.actions.inviting import invite_person
from portico.invitations.links import link_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.notifications.tasks.delivery import deliver_mails
from tests.factories.clients import make_person
from tests.smtp import SmtpServer, free_port, running_smtp_server

ACCEPT = "/invite/accept/"
CHOSEN = "a long walk along the Elbe"


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[SmtpServer]:
    """A server that accepts everything, and is the one Portico sends to."""
    with running_smtp_server() as server:
        settings.PORTICO_EMAIL_URL = server.url
        yield server


@pytest.fixture
def silent_server(settings: Any) -> None:
    """A server that is down."""
    settings.PORTICO_EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"


@pytest.fixture
def lena(acme: Any) -> Any:
    """A person of Acme who has not joined."""
    return make_person(organization=acme, has_joined=False)


@pytest.fixture
def invitation(owner_actor: Actor, lena: Any, acme: Any) -> Invitation:
    """Lena's pending invitation into Acme, with the default role."""
    return invite_person(owner_actor, lena.pk, organization_id=acme.pk)


@pytest.fixture
def send_mails() -> Callable[[], int]:
    """What the worker does in one round of the open scope."""

    def send() -> int:
        follow_up()
        return deliver_mails()

    return send


def path_of(invitation: Invitation) -> str:
    """The path of the invitation's present link."""
    return urlsplit(link_of(Invitation.objects.get(pk=invitation.pk))).path


def open_and_accept(path: str, *, browser: Client | None = None, **typed: str) -> Any:
    """Open a link and send its form; the last answer, no redirect followed after it."""
    browser = browser or Client()
    browser.get(path)
    return browser.post(ACCEPT, {"name": "Lena Fischer", "password": CHOSEN, **typed})
