"""The cast, and the ground every test stands on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from portico.kit.actors import Actor
from portico.kit.tenancy.scope import WorkspaceScope, open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import PASSWORD, actor_of, make_agent, make_workspace

# Folders whose tests ask nothing that a database answers in its own way: who may come in, what is
# printed, how the source looks. They run on SQLite, and not once more on PostgreSQL.
ONCE = {"architecture", "doors", "ui", "locale", "reading"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what one database is enough for."""
    for item in items:
        if ONCE & set(item.path.parent.parts):
            item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test databases; before they go, sessions that a thread of a server left open are ended.

    PostgreSQL drops no database that somebody is connected to.
    """
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def workspace(db: Any) -> Workspace:
    """Northstar, an agency without a host name of its own."""
    cache.clear()
    return make_workspace()


@pytest.fixture
def scope(workspace: Workspace) -> Iterator[WorkspaceScope]:
    """Northstar's scope, open for the test."""
    with open_scope(scope_of(workspace)) as opened:
        yield opened


@pytest.fixture
def other_workspace(db: Any) -> Workspace:
    """Zenith, another tenant on its own host name."""
    return make_workspace("Zenith", hostname="zenith.test")


@pytest.fixture
def owner(scope: WorkspaceScope) -> Agent:
    """The owner of Northstar."""
    found: Agent = Agent.objects.get(email="owner@northstar.test")
    return found


@pytest.fixture
def owner_actor(owner: Agent) -> Actor:
    """The owner as an actor."""
    return actor_of(owner)


@pytest.fixture
def viewer(scope: WorkspaceScope) -> Agent:
    """An agent who may only look."""
    return make_agent("viewer@northstar.test", name="Vera Viewer", roles=["Viewer"])


@pytest.fixture
def acme(scope: WorkspaceScope) -> Any:
    """An organization of Northstar."""
    return make_organization("Acme Windows")


@pytest.fixture
def guest(acme: Any) -> Any:
    """A person of Acme with the role Guest."""
    return make_person("guest@acme.test", name="Gina Guest", organization=acme, roles=["Guest"])


@pytest.fixture
def organization_admin(acme: Any) -> Any:
    """A person of Acme with the role Admin."""
    return make_person("admin@acme.test", name="Adam Admin", organization=acme, roles=["Admin"])


def sign_in(user: Any, *, host: str = "testserver") -> Client:
    """A browser in which this user is signed in, through the sign-in page."""
    browser = Client(headers={"host": host})
    answer = browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return browser


@pytest.fixture
def owner_browser(owner: Agent) -> Client:
    """The owner's browser, signed in."""
    return sign_in(owner)
