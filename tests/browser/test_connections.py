"""A browser test leaves nothing running on the server behind it; its requests do not meet."""

import logging
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from portico.workspaces.models import Agent
from tests.browser.connections import Connections

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASK_AND_LEAVE = """() => {
  for (let n = 0; n < 20; n += 1) void fetch(`/organizations/?q=${n}`);
}"""


def test_what_a_page_asked_for_last_has_ended_before_the_tables_are_emptied(
    open_page: Callable[..., Page], connections: Connections, owner: Agent
) -> None:
    page = open_page(owner, "/organizations/")
    page.evaluate(ASK_AND_LEAVE)
    assert connections.open > 0
    page.context.close()
    connections.wait_for_end()
    assert connections.open == 0


def test_each_request_has_a_connection_of_its_own(live_server: LiveServer) -> None:
    """Shared by threads, one connection is in several transactions at once and refuses some."""
    assert live_server.thread.connections_override == {}


def test_nothing_is_logged_to_a_stream_that_pytest_closes() -> None:
    loggers = [logging.root, *map(logging.getLogger, logging.root.manager.loggerDict)]
    handlers = [handler for logger in loggers for handler in logger.handlers]
    assert [each for each in handlers if type(each) is logging.StreamHandler] == []
