"""The agents' Home: steps that tick themselves, panels, and the way out of the list."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.setup.actions import create_example_data
from portico.workspaces.models import Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent


def steps(browser: Client) -> list[tuple[str, bool]]:
    """Label and tick of each step on Home."""
    page = browser.get("/").content.decode()
    step = r'<li class="p-check-(done|open)">.*?class="p-check-(?:link|label)"[^>]*>([^<]*)'
    found = re.findall(step, page, re.DOTALL)
    return [(label, state == "done") for state, label in found]


def test_four_steps_stand_on_the_owner_s_home(owner_browser: Client) -> None:
    assert steps(owner_browser) == [
        ("Bring in your organizations and clients", False),
        ("Invite a client", False),
        ("Invite a colleague", False),
        ("Set up mail", False),
    ]


def test_every_open_step_leads_to_a_page_that_exists(owner_browser: Client) -> None:
    page = owner_browser.get("/").content.decode()
    addresses = re.findall(r'class="p-check-link" href="([^"]+)"', page)
    assert len(addresses) == 4
    assert [owner_browser.get(address).status_code for address in addresses] == [200] * 4


def test_each_step_ticks_itself(owner_browser: Client, workspace: Workspace) -> None:
    acme = make_organization("Acme Windows")
    assert [done for _label, done in steps(owner_browser)] == [True, False, False, False]
    lena = make_person(organization=acme)
    Invitation.objects.create(user=lena, address=lena.email, expires_at=timezone.now())
    assert [done for _label, done in steps(owner_browser)] == [True, True, False, False]
    make_agent("tom@northstar.test")
    assert [done for _label, done in steps(owner_browser)] == [True, True, True, False]
    Workspace.objects.update(mail_accepted_at=timezone.now())
    assert steps(owner_browser) == []


def test_example_data_ticks_nothing_and_offers_its_removal(
    owner_browser: Client, owner_actor: Actor
) -> None:
    create_example_data(owner_actor)
    assert [done for _label, done in steps(owner_browser)] == [False] * 4
    page = owner_browser.get("/").content.decode()
    assert "12 organizations and 29 clients are invented" in page
    assert 'href="/example-data/remove/"' in page


def test_an_agent_sees_only_the_steps_they_may_do(workspace: Workspace, scope: Any) -> None:
    agent = make_agent("maker@northstar.test", permissions=["create_clients"])
    assert steps(sign_in(agent)) == [("Invite a client", False)]


def test_a_viewer_sees_no_steps(viewer: Any) -> None:
    assert steps(sign_in(viewer)) == []


def test_the_list_goes_for_everybody_when_it_is_dismissed(owner_browser: Client) -> None:
    assert owner_browser.post("/home/dismiss-first-steps/").status_code == 302
    assert steps(owner_browser) == []


def test_only_who_manages_the_workspace_dismisses_it(viewer: Any, owner_browser: Client) -> None:
    assert sign_in(viewer).post("/home/dismiss-first-steps/").status_code == 403
    assert len(steps(owner_browser)) == 4


def test_people_are_sent_to_the_portal(guest: Any) -> None:
    answer = sign_in(guest).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/portal/")


def test_strangers_are_sent_to_the_sign_in_page(workspace: Workspace) -> None:
    answer = Client(headers={"host": "testserver"}).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")


@pytest.mark.parametrize("preset", ("field_service", "support_desk", "partner", "nonsense"))
def test_home_speaks_the_preset_s_words(
    owner_browser: Client, workspace: Workspace, preset: str
) -> None:
    words = {
        "field_service": "Invite a contact",
        "support_desk": "Invite a client",
        "partner": "Invite a user",
        "nonsense": "Invite a zper",
    }
    Workspace.objects.update(preset=preset)
    assert steps(owner_browser)[1][0] == words[preset]


def test_help_names_keys_and_whom_to_ask(owner_browser: Client, owner: Any) -> None:
    Workspace.objects.update(support_contact_id=owner.pk)
    page = owner_browser.get("/help/").content.decode()
    assert "Search this list" in page
    assert "mailto:owner@northstar.test" in page
