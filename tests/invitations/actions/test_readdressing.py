"""An invitation dies with the address it was sent to, and is sent to the new one (edge case 12)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portico.clients.actions.changes import change_people
from portico.clients.actions.people import update_person
from portico.clients.cleaning import clean_person
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.invitations.actions.accepting import DeadLink, accept_invitation
from portico.invitations.actions.inviting import invite_person
from portico.invitations.actions.sending import cancel_invitation, resend_invitation
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.workspaces.models import Role
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import actor_of, make_agent
from tests.invitations.conftest import CHOSEN
from tests.pages import text_of
from tests.smtp import SmtpServer

NEW = "lena.fischer@acme.test"
Change = Callable[[Actor, Any, str], Any]


def by_form(actor: Actor, person: Any, address: str) -> None:
    update_person(actor, person.pk, {"email": address})


def by_import(actor: Actor, person: Any, address: str) -> None:
    change_people(actor, [(person.pk, clean_person({"email": address}))])


@pytest.fixture
def colleague(owner_actor: Actor) -> Actor:
    """Somebody else who may do everything, with an act of their own."""
    return actor_of(make_agent("second@northstar.test", roles=["Owner"]))


@pytest.mark.parametrize("change", [by_form, by_import])
def test_edge_case_5_another_address_cancels_what_was_sent_to_the_old_one(
    colleague: Actor, invitation: Invitation, lena: Any, change: Change
) -> None:
    token = token_of(invitation)
    change(colleague, lena, NEW)
    invitation.refresh_from_db()
    assert invitation.state == "cancelled"
    told = Event.objects.get(kind="invitation.cancelled")
    assert (told.subject_id, told.changes) == (
        invitation.pk,
        {"address": ["lena@acme.test", NEW]},
    )
    with pytest.raises(DeadLink):
        accept_invitation(token, password=CHOSEN)


def test_the_old_link_stays_dead_when_the_address_is_given_back(
    colleague: Actor, invitation: Invitation, lena: Any
) -> None:
    token = token_of(invitation)
    for address in (NEW, "lena@acme.test"):
        update_person(colleague, lena.pk, {"email": address})
    with pytest.raises(DeadLink):
        accept_invitation(token, password=CHOSEN)


def test_an_address_written_in_another_way_is_the_same_one(
    colleague: Actor, invitation: Invitation, lena: Any
) -> None:
    update_person(colleague, lena.pk, {"email": "LENA@acme.test"})
    invitation.refresh_from_db()
    assert invitation.state == "pending"
    accept_invitation(token_of(invitation), password=CHOSEN)


def test_sent_again_it_goes_to_the_new_address_with_the_same_roles(
    colleague: Actor, lena: Any, acme: Any, smtp_server: SmtpServer, send_mails: Callable[[], int]
) -> None:
    viewer = Role.objects.get(kind="client", name="Viewer")
    old = invite_person(colleague, lena.pk, organization_id=acme.pk, role_ids=[viewer.pk])
    update_person(colleague, lena.pk, {"email": NEW})
    fresh = resend_invitation(colleague, old.pk)
    assert (fresh.pk == old.pk, fresh.state, fresh.address) == (False, "pending", NEW)
    assert [given.role_id for given in fresh.roles.all()] == [viewer.pk]
    send_mails()
    assert [mail.recipients for mail in smtp_server.accepted] == [[NEW]]
    accept_invitation(token_of(fresh), password=CHOSEN)
    with pytest.raises(Refused) as twice:
        resend_invitation(colleague, old.pk)
    assert twice.value.code == "not_pending"


def test_what_was_sent_again_is_not_sent_again_in_its_old_form(
    colleague: Actor, invitation: Invitation, lena: Any
) -> None:
    update_person(colleague, lena.pk, {"email": NEW})
    resend_invitation(colleague, invitation.pk)
    with pytest.raises(Refused) as refused:
        resend_invitation(colleague, invitation.pk)
    assert refused.value.code == "not_pending"
    assert Invitation.objects.filter(state="pending").count() == 1


def test_one_that_somebody_cancelled_is_not_sent_again_because_of_a_later_address(
    colleague: Actor, invitation: Invitation, lena: Any
) -> None:
    cancel_invitation(colleague, invitation.pk)
    update_person(colleague, lena.pk, {"email": NEW})
    with pytest.raises(Refused) as refused:
        resend_invitation(colleague, invitation.pk)
    assert refused.value.code == "not_pending"


def test_every_pending_invitation_of_the_person_is_cancelled(
    colleague: Actor, invitation: Invitation, lena: Any
) -> None:
    other = make_organization("Birch")
    invite_person(colleague, lena.pk, organization_id=other.pk)
    update_person(colleague, lena.pk, {"email": NEW})
    assert set(Invitation.objects.values_list("state", flat=True)) == {"cancelled"}


def test_undoing_the_change_gives_the_address_back_and_sends_nothing(
    owner_actor: Actor, colleague: Actor, invitation: Invitation, lena: Any
) -> None:
    update_person(colleague, lena.pk, {"email": NEW})
    undone = undo_act(owner_actor, colleague.act_id)
    lena.refresh_from_db()
    assert (lena.email, Invitation.objects.get().state) == ("lena@acme.test", "cancelled")
    assert [kept.reason for kept in undone.kept] == [
        "It went to an address that changed. Invite anew."
    ]


def test_the_page_says_that_the_address_changed_and_sends_again(
    owner_browser: Client, owner_actor: Actor, invitation: Invitation, lena: Any
) -> None:
    update_person(owner_actor, lena.pk, {"email": NEW})
    path = f"/people/{lena.pk}/"
    page = text_of(owner_browser.get(path))
    for words in ("Address changed", "Send it again, to the new address.", "Resend"):
        assert words in page, words
    assert "Copy link" not in page
    owner_browser.post(f"/team/invitations/{invitation.pk}/resend/", {"back": path})
    assert Invitation.objects.filter(state="pending").get().address == NEW
    assert "Address changed" not in text_of(owner_browser.get(path))


def test_lists_say_that_the_address_changed_until_it_is_sent_again(
    owner_browser: Client, owner_actor: Actor, invitation: Invitation, lena: Any, acme: Any
) -> None:
    make_person("tom@acme.test", name="Tom Okafor", organization=acme, has_joined=False)
    update_person(owner_actor, lena.pk, {"email": NEW})
    places = ("/people/", f"/organizations/{acme.pk}/people/", "/team/invitations/?of=people")
    pages = [text_of(owner_browser.get(place)) for place in places]
    assert [page.count("Address changed") for page in pages] == [1, 1, 1]
    assert ("Copy link" in pages[2], "Cancel invitation" in pages[2]) == (False, False)
    owner_browser.post(f"/team/invitations/{invitation.pk}/resend/")
    pages = [text_of(owner_browser.get(place)) for place in places]
    assert ["Address changed" in page for page in pages] == [False] * 3


def test_lists_say_nothing_where_the_address_came_back_or_somebody_cancelled(
    owner_browser: Client, owner_actor: Actor, invitation: Invitation, lena: Any, acme: Any
) -> None:
    tom = make_person("tom@acme.test", name="Tom Okafor", organization=acme, has_joined=False)
    other = invite_person(owner_actor, tom.pk, organization_id=acme.pk)
    cancel_invitation(owner_actor, other.pk)
    update_person(owner_actor, tom.pk, {"email": "tom@birch.test"})
    update_person(owner_actor, lena.pk, {"email": NEW})
    update_person(owner_actor, lena.pk, {"email": "lena@acme.test"})
    for place in ("/people/", "/team/invitations/?of=people"):
        assert "Address changed" not in text_of(owner_browser.get(place))


def test_the_api_answers_the_new_one(
    owner: Any, owner_actor: Actor, invitation: Invitation, lena: Any
) -> None:
    update_person(owner_actor, lena.pk, {"email": NEW})
    answer = api_client(owner).post(f"/api/v1/invitations/{invitation.pk}/resend")
    body = answer.json()
    assert (answer.status_code, body["address"], body["state"]) == (200, NEW, "pending")
    assert body["id"] != str(invitation.pk)
