"""A refusal for want of "any of these" says on both doors that one of them is enough."""

import pytest

from portico.workspaces.models import Agent, Role
from tests.conftest import sign_in
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent

pytestmark = pytest.mark.once


@pytest.fixture
def looker(owner: Agent) -> Agent:
    Role.objects.create(kind="agent", name="Looker", permissions=["view_history"])
    return make_agent("looker@northstar.test", name="Lou", roles=["Looker"])


def test_a_page_says_that_one_is_enough(looker: Agent) -> None:
    page = sign_in(looker).get("/team/invitations/")
    text = page.content.decode()
    assert page.status_code == 403
    assert "One of these is enough:" in text
    assert "You need this for it" not in text
    assert all(f"“{code}”" in text for code in ("view_clients", "manage_team"))


def test_a_program_is_told_what_it_needs_all_of_and_what_one_of(looker: Agent) -> None:
    api = api_client(looker)
    told = api.get("/api/v1/invitations").json()
    assert (told["status"], told["code"]) == (403, "permission_denied")
    assert (told["permissions"], told["any_of"]) == ([], ["view_clients", "manage_team"])
    assert told["detail"] == "One of these permissions is enough: view_clients, manage_team."
    told = api.get("/api/v1/people").json()
    assert (told["permissions"], told["any_of"]) == (["view_clients"], [])
    assert told["detail"] == "A permission is missing."
