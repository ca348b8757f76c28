"""From the agent's form through a real mail to the portal, in a real browser."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Person
from portico.history.tasks import follow_up
from portico.invitations.actions.inviting import invite_person
from portico.invitations.links import link_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.notifications.tasks.delivery import deliver_mails
from tests.factories.clients import make_person
from tests.smtp import SmtpServer, running_smtp_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHOSEN = "a long walk along the Elbe"
LOOKS = [(width, theme) for width in ("wide", "phone") for theme in ("light", "dark")]

Opener = Callable[..., Page]
Finder = Callable[[Page], list[str]]


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[SmtpServer]:
    with running_smtp_server() as server:
        settings.PORTICO_EMAIL_URL = server.url
        yield server


@pytest.fixture
def invitation(owner_actor: Actor, acme: Any) -> Invitation:
    lena = make_person(organization=acme, has_joined=False)
    return invite_person(owner_actor, lena.pk, organization_id=acme.pk)


def path_of(link: str) -> str:
    return urlsplit(link).path


@pytest.mark.postgres_browser
def test_a_person_is_created_invited_and_stands_in_the_portal(
    open_page: Opener, owner: Any, acme: Any, smtp_server: SmtpServer
) -> None:
    """S2.13, S2.24, X22: one form, one mail, one password, the portal."""
    page = open_page(owner, f"/people/new/?organization={acme.pk}")
    page.get_by_label("Name", exact=True).fill("Lena Fischer")
    page.get_by_label("E-mail", exact=True).fill("lena@acme.test")
    organization = page.get_by_role("combobox", name="Organization")
    if not organization.input_value():
        organization.fill("Acme")
        page.get_by_role("option", name="Acme Windows").click()
    page.get_by_label("Send Invitation").check()
    page.get_by_role("button", name="Add and invite").last.click()
    expect(page.get_by_role("heading", name="Lena Fischer")).to_be_visible()

    follow_up()
    deliver_mails()
    (mail,) = smtp_server.accepted
    link = link_of(Invitation.objects.get())
    assert link in mail.part("plain")

    theirs = open_page(None, path_of(link))
    theirs.get_by_label("Choose a password").fill(CHOSEN)
    theirs.get_by_role("button", name="Continue").click()
    theirs.wait_for_url("**/portal/")
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("Lena Fischer")
    expect(theirs.get_by_text("Acme Windows")).to_be_visible()
    expect(theirs.get_by_text("Your contact at Northstar")).to_be_visible()
    assert Person.objects.get().check_password(CHOSEN)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_pages_of_an_invitation_pass_axe(
    open_page: Opener,
    violations: Finder,
    invitation: Invitation,
    owner: Any,
    guest: Any,
    width: str,
    theme: str,
) -> None:
    link = path_of(link_of(invitation))
    places = {
        "accept": (None, link),
        "dead": (None, f"/invite/{'A' * 56}/"),
        "else": (guest, link),
        "card": (owner, f"/people/{invitation.user_id}/"),
        "pending": (owner, "/team/invitations/?of=people"),
        "team": (owner, "/team/"),
        "agent": (owner, f"/team/{owner.pk}/"),
        "invite": (owner, "/team/invite/"),
        "portal": (guest, "/portal/"),
    }
    found = {}
    for name, (user, path) in places.items():
        page = open_page(user, path, width=width, theme=theme)
        found[name] = violations(page)

    assert found == {name: [] for name in places}
