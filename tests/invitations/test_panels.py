"""What invitations put on the screens of people, on Home and on the Team pages."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Person
from portico.invitations.actions.accepting import accept_invitation
from portico.invitations.links import link_of, token_of
from portico.invitations.models import Invitation
from portico.workspaces.models import Agent, Role, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_person
from tests.factories.workspaces import make_agent
from tests.invitations.conftest import CHOSEN


def create(browser: Client, acme: Any, **typed: str) -> Any:
    fields = {"name": "Lena Fischer", "email": "lena@acme.test", "organization": str(acme.pk)}
    return browser.post("/people/new/", {**fields, **typed})


def test_the_tick_box_sends_the_invitation_with_the_creation(
    owner_browser: Client, acme: Any
) -> None:
    """S2.13, S2.15."""
    create(owner_browser, acme, invitation="1")

    made = Invitation.objects.get()
    assert (made.user, made.organization, made.sent_count) == (Person.objects.get(), acme, 1)


def test_without_the_tick_nobody_is_invited(owner_browser: Client, acme: Any) -> None:
    """S2.14."""
    create(owner_browser, acme)

    assert (Person.objects.count(), Invitation.objects.count()) == (1, 0)


def test_a_refused_invitation_undoes_the_creation(owner_browser: Client, acme: Any) -> None:
    """Bad input changes nothing: an agent's role sent in place of a client's."""
    role = Role.objects.get(kind="agent", name="Admin")
    answer = create(owner_browser, acme, invitation="1", invitation_role=str(role.pk))

    assert (answer.status_code, Person.objects.count()) == (422, 0)


def test_the_tick_box_keeps_its_last_value_for_each_agent(owner_browser: Client, acme: Any) -> None:
    box = 'id="id_invitation" name="invitation" value="1" checked'
    assert box not in owner_browser.get("/people/new/").text
    create(owner_browser, acme, invitation="1")

    assert box in owner_browser.get("/people/new/").text
    other = sign_in(make_agent(roles=["Manager"]))
    assert box not in other.get("/people/new/").text


@pytest.mark.parametrize(("preset", "times"), (("agency", 1), ("partner", 0)))
def test_the_role_is_asked_only_where_the_workspace_leaves_the_choice(
    owner_browser: Client, workspace: Workspace, preset: str, times: int
) -> None:
    """X6."""
    Workspace.objects.filter(pk=workspace.pk).update(preset=preset)

    assert owner_browser.get("/people/new/").text.count("Role after joining") == times


def test_send_invite_stands_on_the_page_of_who_was_not_invited(
    owner_browser: Client, lena: Any, acme: Any
) -> None:
    """S2.24: one press."""
    page = f"/people/{lena.pk}/"
    assert "Send Invite" in owner_browser.get(page).text

    answer = owner_browser.post(f"/people/{lena.pk}/invite/", {"organization": str(acme.pk)})

    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = owner_browser.get(page).text
    assert ("Send Invite" in shown, "Cancel invitation" in shown) == (False, True)


def test_resend_is_offered_until_they_join(owner_browser: Client, invitation: Invitation) -> None:
    """S2.51."""
    page = f"/people/{invitation.user_id}/"
    assert "Resend" in owner_browser.get(page).text
    accept_invitation(token_of(invitation), password=CHOSEN)

    assert "Resend" not in owner_browser.get(page).text


def test_without_a_mail_server_a_resend_leads_to_the_link(
    owner_browser: Client, invitation: Invitation
) -> None:
    where = {"back": "/people/"}
    owner_browser.post(f"/team/invitations/{invitation.pk}/resend/", where)
    told = owner_browser.get("/people/").text
    assert "No mail server is set, so nothing was sent. Copy the link." in told
    assert 'href="/team/invitations/?of=people"' in told


def test_of_nobody_invited_nothing_is_said_about_mail(
    owner_browser: Client, invitation: Invitation
) -> None:
    chosen = {"ids": str(invitation.user_id)}
    owner_browser.post("/people/invite/", {**chosen, "confirmed": "1"})
    told = owner_browser.get("/people/").text
    assert "0 clients invited. Lena Fischer: An invitation is waiting already." in told
    owner_browser.post("/people/resend/", chosen)
    told = owner_browser.get("/people/").text
    words = (
        "1 client invited again. No mail server is set; their links are under Team, Invitations."
    )
    assert words in told


def test_who_only_looks_sees_the_card_without_buttons(
    viewer: Agent, invitation: Invitation
) -> None:
    text = sign_in(viewer).get(f"/people/{invitation.user_id}/").text

    assert "Made for lena@acme.test by Olga Owner" in text
    assert "Resend" not in text


def test_lists_mark_who_has_not_joined(owner_browser: Client, invitation: Invitation) -> None:
    assert "Not sent" in owner_browser.get("/people/").text


def test_the_history_of_a_person_tells_of_their_invitation(
    owner_browser: Client, invitation: Invitation
) -> None:
    text = owner_browser.get(f"/people/{invitation.user_id}/history/").text

    assert "sent the invitation to lena@acme.test" in text


def test_the_pending_list_shows_recipient_organization_sender_and_date(
    owner_browser: Client, invitation: Invitation
) -> None:
    """S2.52, X21."""
    text = owner_browser.get("/team/invitations/?of=people").text

    for shown in ("lena@acme.test", "Acme Windows", "Olga Owner"):
        assert shown in text
    assert "lena@acme.test" not in owner_browser.get("/team/invitations/?of=agents").text


def test_a_double_press_on_resend_sends_once(owner_browser: Client, invitation: Invitation) -> None:
    """X21: from the list and from the person's page alike."""
    for back, token in (("/team/invitations/", "a"), (f"/people/{invitation.user_id}/", "b")):
        for _press in range(2):
            answer = owner_browser.post(
                f"/team/invitations/{invitation.pk}/resend/", {"back": back, "form_token": token}
            )
            assert answer["Location"] == back

    invitation.refresh_from_db()
    assert invitation.sent_count == 3


@pytest.mark.parametrize("back", ("//evil.test/", "https://evil.test/", "/\\evil.test"))
def test_the_way_back_never_leads_away(
    owner_browser: Client, invitation: Invitation, back: str
) -> None:
    """R-C11."""
    path = f"/team/invitations/{invitation.pk}/cancel/"
    answer = owner_browser.post(path, {"back": back})

    assert answer["Location"] == "/team/invitations/"


def test_the_link_stands_in_the_answer_to_copy_link_and_nowhere_else(
    owner_browser: Client, invitation: Invitation
) -> None:
    """R-C03."""
    link = link_of(invitation)
    token = token_of(invitation)
    pages = ("/team/invitations/?of=people", f"/people/{invitation.user_id}/", "/", "/people/")

    assert link in owner_browser.post(f"/team/invitations/{invitation.pk}/link/").text
    assert [page for page in pages if token in owner_browser.get(page).text] == []


def test_too_many_answers_429_with_the_time_to_wait(
    owner_browser: Client, invitation: Invitation
) -> None:
    """R-C16."""
    path = f"/team/invitations/{invitation.pk}/resend/"
    for _number in range(19):
        owner_browser.post(path)

    answer = owner_browser.post(path)

    assert answer.status_code == 429
    assert 86_000 < int(answer["Retry-After"]) <= 86_401


def test_a_page_of_people_costs_the_same_with_one_and_three_invited(
    owner_browser: Client, invitation: Invitation, owner_actor: Any, acme: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from portico.invitations.actions.inviting import invite_person

    counts = []
    for number in range(2):
        owner_browser.get("/team/invitations/?of=people")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            owner_browser.get("/team/invitations/?of=people")
        counts.append(len(captured))
        for place in range(2):
            person = make_person(f"p{number}{place}@acme.test", organization=acme, has_joined=False)
            invite_person(owner_actor, person.pk, organization_id=acme.pk)

    assert counts[0] == counts[1]
