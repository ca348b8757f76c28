"""The ground of the stories: a workspace with its own preset, its owner, a key, a mail server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from portico.history.tasks import follow_up
from portico.notifications.tasks.delivery import deliver_mails
from portico.workspaces.models import Agent, Workspace
from tests.factories.workspaces import make_workspace
from tests.smtp import SmtpServer, free_port, running_smtp_server
from tests.stories.visitor import Program, Visitor


@pytest.fixture
def preset() -> str:
    """The vocabulary of the story's workspace; each file has its own."""
    raise NotImplementedError


@pytest.fixture
def workspace(db: Any, preset: str) -> Workspace:
    """Northstar under the preset of the file."""
    cache.clear()
    return make_workspace(preset=preset)


@pytest.fixture
def agent(owner: Agent) -> Visitor:
    """The owner at a browser."""
    return Visitor(owner)


@pytest.fixture
def program(owner: Agent) -> Program:
    """The owner's program."""
    return Program(owner)


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
def work() -> Callable[[], int]:
    """What the worker does in one round; returns how many mails were attempted."""

    def work_once() -> int:
        follow_up()
        return deliver_mails()

    return work_once
