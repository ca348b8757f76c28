"""The link in a browser: nothing is used up by reading, one press joins."""

import datetime
import logging
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portico.accounts.models import Session
from portico.clients.models import Membership, Person
from portico.history.models import Event
from portico.invitations.actions.inviting import invite_agent, invite_person
from portico.invitations.actions.sending import cancel_invitation, resend_invitation
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.models import Role
from tests.conftest import sign_in
from tests.factories.clients import make_organization
from tests.invitations.conftest import ACCEPT, CHOSEN, open_and_accept, path_of


def state_of(invitation: Invitation) -> str:
    state: str = Invitation.objects.get(pk=invitation.pk).state
    return state


def test_from_the_link_to_the_portal_in_two_pages(invitation: Invitation) -> None:
    """X22: the link is the access; the password is asked for once."""
    browser = Client()
    page = browser.get(path_of(invitation), follow=True)
    assert page.status_code == 200
    assert "Olga Owner from Northstar invites you to the Acme Windows portal" in page.text

    answer = browser.post(ACCEPT, {"name": "Lena Fischer", "password": CHOSEN}, follow=True)

    assert answer.redirect_chain[-1][0] == "/portal/"
    assert "Lena Fischer" in answer.text
    assert Session.objects.filter(user_id=invitation.user_id).count() == 1


def test_the_token_leaves_the_address_before_the_form_is_shown(invitation: Invitation) -> None:
    """ASVS 14.2.1: it travels on in a signed cookie for the form alone."""
    browser = Client()
    path = path_of(invitation)
    answer = browser.get(path)

    cookie = answer.cookies["portico_invitation"]
    assert (answer.status_code, answer["Location"]) == (302, ACCEPT)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (ACCEPT, True, "Lax")
    assert path.split("/")[2] not in browser.get(ACCEPT).text


def test_the_cookie_is_taken_back_after_the_acceptance(invitation: Invitation) -> None:
    answer = open_and_accept(path_of(invitation))

    assert (answer.status_code, answer.cookies["portico_invitation"].value) == (302, "")


def test_reading_the_link_uses_nothing_up(invitation: Invitation) -> None:
    """R-C14: ten times GET, HEAD and OPTIONS, as mail scanners do."""
    browser = Client()
    before = (Event.objects.count(), Session.objects.count())
    for path in (path_of(invitation), ACCEPT):
        for _number in range(10):
            browser.get(path)
            browser.head(path)
            browser.options(path)

    assert state_of(invitation) == "pending"
    assert (Event.objects.count(), Session.objects.count()) == before


def test_only_a_post_with_the_form_s_secret_accepts(invitation: Invitation) -> None:
    """R-C14: another site's form changes nothing."""
    browser = Client(enforce_csrf_checks=True)
    answer = open_and_accept(path_of(invitation), browser=browser)

    assert answer.status_code == 403
    assert state_of(invitation) == "pending"


def test_a_second_press_says_that_it_was_used(invitation: Invitation) -> None:
    """R-C01, R-C07."""
    path = path_of(invitation)
    open_and_accept(path)

    for answer in (Client().get(path), Client().post(path, {"password": CHOSEN})):
        assert answer.status_code == 410
        assert "This invitation has been used" in answer.text


def test_a_cancelled_link_says_so_and_names_who_may_help(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """S2.53."""
    path = path_of(invitation)
    cancel_invitation(owner_actor, invitation.pk)

    answer = Client().post(path, {"name": "Lena", "password": CHOSEN})
    page = Client().get(path)

    assert (answer.status_code, page.status_code) == (410, 410)
    assert "This invitation was cancelled" in page.text
    assert "owner@northstar.test" in page.text
    assert not Person.objects.get(pk=invitation.user_id).has_usable_password()


def test_an_expired_link_gives_its_holder_a_new_one(invitation: Invitation) -> None:
    """S2.54, edge case 9: without anybody's help."""
    browser = Client()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15), tick=False):
        page = browser.get(path_of(invitation))
        assert page.status_code == 410
        assert "Send me a new link" in page.text
        asked = browser.post("/invite/accept/new-link/")

    assert asked.status_code == 200
    assert Invitation.objects.get(pk=invitation.pk).sent_count == 2


def test_a_replaced_link_points_to_the_newer_one(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """R-C05."""
    path = path_of(invitation)
    resend_invitation(owner_actor, invitation.pk)

    page = Client().get(path)

    assert (page.status_code, "A newer link was sent" in page.text) == (410, True)


def test_a_forged_link_answers_like_a_random_one(invitation: Invitation) -> None:
    """R-C02: to the byte."""
    path = path_of(invitation)
    forged = path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:]

    answers = [Client().get(place) for place in (forged, f"/invite/{'A' * 56}/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [re.sub(r"[A-Za-z0-9]{64}", "", answer.text) for answer in answers]
    assert texts[0] == texts[1]


def test_the_link_opens_nothing_on_another_workspace_s_host(
    invitation: Invitation, other_workspace: Any
) -> None:
    """R-C08."""
    browser = Client(headers={"host": "zenith.test"})
    path = path_of(invitation)

    assert browser.get(path).status_code == 404
    assert browser.post(path, {"name": "Lena", "password": CHOSEN}).status_code == 404
    assert state_of(invitation) == "pending"


def test_signed_in_as_somebody_else_nothing_is_accepted(invitation: Invitation, guest: Any) -> None:
    """R-C04: told, offered to sign out, and the link survives."""
    browser = sign_in(guest)
    page = browser.get(path_of(invitation), follow=True)
    assert "This invitation is for somebody else" in page.text
    assert 'action="/invite/accept/sign-out/"' in page.text

    answer = browser.post(ACCEPT, {"name": "Gina", "password": CHOSEN})

    assert answer.status_code == 409
    assert state_of(invitation) == "pending"
    signed_out = browser.post("/invite/accept/sign-out/", follow=True)
    assert "Choose a password" in signed_out.text


def test_other_fields_sent_beside_the_form_count_for_nothing(
    invitation: Invitation, acme: Any
) -> None:
    """R-C02, R-C05: address, organization and role are what was sent, not what is posted."""
    other = make_organization("Other")
    admin = Role.objects.get(kind="client", name="Admin")
    open_and_accept(
        path_of(invitation),
        email="mallory@evil.test",
        organization=str(other.pk),
        organization_id=str(other.pk),
        role=str(admin.pk),
        roles=str(admin.pk),
    )

    lena = Person.objects.get(pk=invitation.user_id)
    held = Membership.objects.filter(person=lena)
    roles = held.values_list("organization__name", "role_assignments__role__name")
    assert (lena.email, list(roles)) == ("lena@acme.test", [("Acme Windows", "Client")])


@pytest.mark.parametrize("target", ("//evil.test", "https:evil.test", "\\\\evil.test", "/\\evil"))
def test_no_parameter_leads_away_after_the_acceptance(invitation: Invitation, target: str) -> None:
    """R-C11."""
    browser = Client()
    browser.get(f"{path_of(invitation)}?next={target}")
    answer = browser.post(f"{ACCEPT}?next={target}", {"password": CHOSEN, "next": target})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert "evil" not in answer["Location"]


def test_a_weak_password_is_answered_at_its_field_and_the_name_is_kept(
    invitation: Invitation,
) -> None:
    answer = open_and_accept(path_of(invitation), name="Lena F.", password="brief")

    assert answer.status_code == 422
    assert "At least 12 characters, spaces allowed." in answer.text
    assert 'value="Lena F."' in answer.text
    assert "brief" not in answer.text
    assert state_of(invitation) == "pending"


def test_who_has_a_password_signs_in_first_and_then_joins(owner_actor: Actor, guest: Any) -> None:
    """X7: by consent, and the portal opens in the organization just joined."""
    other = make_organization("Birch & Sons")
    made = invite_person(owner_actor, guest.pk, organization_id=other.pk)
    page = Client().get(path_of(made), follow=True)
    assert "You have a password here already" in page.text

    browser = sign_in(guest)
    assert "Accept the invitation" in browser.get(path_of(made), follow=True).text
    answer = browser.post(ACCEPT, follow=True)

    assert answer.redirect_chain[-1][0] == "/portal/"
    assert "Birch &amp; Sons" in answer.text


def test_a_colleague_lands_on_the_agents_home(owner_actor: Actor) -> None:
    viewer = Role.objects.get(kind="agent", name="Viewer")
    made = invite_agent(owner_actor, "tom@northstar.test", role_ids=[viewer.pk])
    browser = Client()

    answer = open_and_accept(path_of(made), browser=browser, name="Tom Okafor")

    assert answer["Location"] == "/"
    assert browser.get("/organizations/").status_code == 200
    assert browser.get("/portal/").status_code == 404


def test_no_log_line_holds_the_token(
    invitation: Invitation, caplog: pytest.LogCaptureFixture
) -> None:
    """R-C03: not even where the answer is an error, which Django logs with its address."""
    path = path_of(invitation)
    Client().post(path, {"name": "Lena", "password": "short"})
    Client().put(path)

    console = next(row for row in logging.getLogger().handlers if row.get_name() == "console")
    lines = [console.format(record) for record in caplog.records if console.filter(record)]
    assert len([line for line in lines if "/invite/…/" in line]) == 2
    assert [line for line in lines if path.split("/")[2] in line] == []


@pytest.mark.parametrize("path", (ACCEPT, "/invite/accept/new-link/"))
def test_without_a_link_the_form_s_own_addresses_open_nothing(scope: Any, path: str) -> None:
    browser = Client()

    assert browser.post(path, {"password": CHOSEN}).status_code == 404
