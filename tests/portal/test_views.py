"""What a person finds in the portal, and what they never find."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from portico.accounts.models import User
from portico.clients.models import AccountManager, Membership, Organization
from portico.invitations.actions.inviting import invite_person
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.portal.reports import contact_of
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent
from tests.invitations.conftest import open_and_accept, path_of

NOUNS = ("client", "contact person", "organization", "user", "guest")


@pytest.fixture
def gina(guest: Any) -> Client:
    return sign_in(guest)


@pytest.mark.parametrize(
    ("hour", "words"),
    ((8, "Good morning, Gina Guest"), (15, "Good afternoon, Gina Guest"), (22, "Good evening")),
)
def test_the_greeting_goes_by_the_reader_s_own_clock(guest: Any, hour: int, words: str) -> None:
    User.objects.filter(pk=guest.pk).update(time_zone="Asia/Tokyo")
    now = datetime.datetime(
        2026, 11, 22, hour, tzinfo=datetime.timezone(datetime.timedelta(hours=9))
    )
    with time_machine.travel(now, tick=False):
        assert words in sign_in(guest).get("/portal/").text


@pytest.mark.parametrize(
    "path",
    ("/organizations/", "/people/", "/team/", "/team/invitations/", "/team/invite/", "/settings/"),
)
def test_no_agent_page_answers_a_person(gina: Client, path: str) -> None:
    """S3.1."""
    assert gina.get(path).status_code == 404


def test_the_root_leads_a_person_to_the_portal(gina: Client) -> None:
    """S3.1."""
    assert gina.get("/")["Location"] == "/portal/"


@pytest.mark.parametrize("who", ("guest", "organization_admin"))
def test_the_admin_panel_is_no_page_yet(who: str, request: pytest.FixtureRequest) -> None:
    """S4.20: neither shown nor reachable."""
    browser = sign_in(request.getfixturevalue(who))

    assert "/portal/team/" not in browser.get("/portal/").text
    assert browser.get("/portal/team/").status_code == 404


def test_the_portal_does_not_exist_for_agents(owner_browser: Client) -> None:
    assert owner_browser.get("/portal/").status_code == 404


def test_the_portal_speaks_to_its_reader(acme: Any, workspace: Workspace) -> None:
    """ui.md, rule 7: you and your team, and none of the workspace's nouns."""
    reader = make_person("jo@acme.test", name="Jo", organization=acme)
    text = sign_in(reader).get("/portal/").text.split("<main")[1].split("</main>")[0].lower()

    visible = "".join(part.partition(">")[2] for part in text.split("<"))
    assert [noun for noun in NOUNS if noun in visible] == []


def test_the_contact_is_the_nearest_agent_who_is_still_there(
    owner_actor: Actor, owner: Agent, acme: Any, workspace: Workspace
) -> None:
    """Own account manager, the organization's first, the support contact, the inviter."""
    lena = make_person(organization=acme, has_joined=False)
    made = invite_person(owner_actor, lena.pk, organization_id=acme.pk)
    open_and_accept(path_of(made))
    own, first, support = (
        make_agent(f"{name}@northstar.test", name=name) for name in ("own", "first", "support")
    )
    found = []

    def ask() -> None:
        person = User.objects.get(pk=lena.pk)
        contact = contact_of(person, acme.pk)
        found.append(contact.name if contact else "")

    Workspace.objects.update(support_contact=None)
    ask()
    User.objects.filter(pk=lena.pk).update(account_manager=own)
    AccountManager.objects.create(organization=acme, agent=support, is_first=False)
    AccountManager.objects.create(organization=acme, agent=first, is_first=True)
    ask()
    Agent.objects.filter(pk=own.pk).update(is_disabled=True)
    ask()
    Agent.objects.filter(pk=first.pk).update(archived_at=datetime.datetime.now(datetime.UTC))
    ask()

    assert found == ["Olga Owner", "own", "first", "support"]


def test_an_end_within_thirty_days_is_told(gina: Client, acme: Any) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    for days, is_told in ((29, True), (31, False)):
        end = today + datetime.timedelta(days=days)
        Organization.objects.filter(pk=acme.pk).update(membership_end_date=end)
        assert ("Runs until" in gina.get("/portal/").text) is is_told


def test_after_the_end_only_the_closed_page_and_sign_out_are_left(gina: Client, acme: Any) -> None:
    Organization.objects.filter(pk=acme.pk).update(membership_end_date="2026-01-31")

    assert gina.get("/portal/")["Location"] == "/portal/closed/"
    page = gina.get("/portal/closed/")
    assert page.status_code == 200
    assert "The membership of Acme Windows ended on 31 January 2026." in page.text
    assert gina.post("/portal/organization/", {"organization": acme.pk}).status_code == 302
    assert gina.post("/accounts/logout/")["Location"] == "/accounts/login/"


def test_the_closed_page_is_closed_while_the_membership_runs(gina: Client) -> None:
    assert gina.get("/portal/closed/")["Location"] == "/"


def test_who_belongs_to_two_chooses_and_who_belongs_to_one_sees_no_choice(
    guest: Any, acme: Any
) -> None:
    browser = sign_in(guest)
    assert 'action="/portal/organization/"' not in browser.get("/portal/").text
    birch = make_organization("Birch and Sons")
    Membership.objects.create(person=guest, organization=birch)
    assert 'action="/portal/organization/"' in browser.get("/portal/").text

    answer = browser.post("/portal/organization/", {"organization": str(birch.pk)}, follow=True)

    main = answer.text.split("<main")[1]
    assert ("Birch and Sons" in main, "Acme Windows" in main) == (True, False)


def test_an_organization_that_is_not_one_s_own_is_not_there(guest: Any, acme: Any) -> None:
    browser = sign_in(guest)
    stranger = make_organization("Not yours")

    for chosen in (str(stranger.pk), "", "x", "0"):
        assert browser.post("/portal/organization/", {"organization": chosen}).status_code == 404


def test_the_portal_answers_in_a_fixed_number_of_queries(
    gina: Client, acme: Any, django_assert_num_queries: Any
) -> None:
    gina.get("/portal/")
    with django_assert_num_queries(8):
        gina.get("/portal/")


def test_a_pending_invitation_opens_nothing_in_the_portal(owner_actor: Actor, guest: Any) -> None:
    birch = make_organization("Birch and Sons")
    invite_person(owner_actor, guest.pk, organization_id=birch.pk)

    assert "Birch and Sons" not in sign_in(guest).get("/portal/").text
    assert Invitation.objects.get().state == "pending"
