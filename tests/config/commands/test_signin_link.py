"""`portico signin-link`."""

from django.test import Client

from portico.history.models import Event
from portico.workspaces.models import Agent
from tests.config.commands.conftest import Portico

LINK = ("signin-link", "--workspace", "northstar", "--email")


def test_the_link_leads_to_choosing_a_password_and_is_recorded(
    portico: Portico, owner: Agent
) -> None:
    link = portico(*LINK, owner.email.upper()).out.strip()
    path = link.partition("//")[2].partition("/")[2]
    answer = Client(headers={"host": "testserver"}).get(f"/{path}", follow=True)
    assert answer.status_code == 200
    assert "password" in answer.content.decode()
    [event] = Event.objects.filter(kind="sign_in_link.made")
    assert (event.subject_id, event.way) == (owner.pk, "command")


def test_a_disabled_user_gets_none(portico: Portico, owner: Agent) -> None:
    Agent.objects.filter(pk=owner.pk).update(is_disabled=True)
    ran = portico(*LINK, owner.email)
    assert (ran.status, ran.out) == (1, "")
    assert Event.objects.filter(kind="sign_in_link.made").count() == 0
