"""The ground of the sign-in tests: two workspaces, and people in the states that keep them out."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from portico.accounts.models import User
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.factories.workspaces import PASSWORD, make_agent

ZENITH = "zenith.test"
LOGIN = "/accounts/login/"
STRONG = "seven quiet otters drum"


def post_login(
    email: str, password: str = PASSWORD, *, host: str = "testserver", **more: Any
) -> Any:
    """What the sign-in page answers to this pair in a fresh browser."""
    browser = Client(headers={"host": host})
    return browser.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(browser: Client, *, host: str = "testserver") -> bool:
    """Whether the own account page opens."""
    return browser.get("/account/", headers={"host": host}).status_code == 200


def path_of(link: str) -> str:
    """The path of a link."""
    return urlsplit(link).path


def words_of(answer: Any) -> str:
    """The page as text."""
    text: str = answer.content.decode()
    return text


@pytest.fixture
def twin(scope: Any) -> Any:
    """An agent of Northstar whose address an agent of Zenith has too."""
    return make_agent("twin@both.test", name="Twin of Northstar")


@pytest.fixture
def in_zenith(other_workspace: Workspace) -> Callable[[], Any]:
    """Opens Zenith's scope."""
    return lambda: open_scope(scope_of(other_workspace))


@pytest.fixture
def zenith_twin(twin: Any, in_zenith: Callable[[], Any]) -> User:
    """The same address in Zenith, with another password."""
    with in_zenith():
        agent = make_agent("twin@both.test", name="Twin of Zenith")
        agent.set_password(STRONG)
        agent.save()
    cache.clear()
    found: User = agent
    return found
