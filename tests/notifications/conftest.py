"""A mail server for the tests of mail."""

from collections.abc import Iterator
from typing import Any

import pytest

from portico.history.tasks import follow_up
from portico.notifications.tasks.delivery import deliver_mails
from tests.smtp import SmtpServer, free_port, running_smtp_server


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
def no_server(settings: Any) -> None:
    """No server is configured."""
    settings.PORTICO_EMAIL_URL = ""


def run_worker() -> int:
    """What the worker does in one round of the open scope."""
    follow_up()
    return deliver_mails()
