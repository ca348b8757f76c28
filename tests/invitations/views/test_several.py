"""Inviting from the row of an organization, and with a new organization."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portico.clients.models import Membership, Organization, Person
from portico.invitations.models import Invitation
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent, make_workspace

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/organizations/?status=active"}
END = "2030-12-15"


@pytest.fixture
def workspace(db: Any) -> Workspace:
    cache.clear()
    return make_workspace(preset=Preset.PARTNER)


@pytest.fixture
def account(scope: Any) -> Organization:
    return make_organization("Acme", membership_end_date=END)


@pytest.fixture
def browser(owner: Agent) -> Client:
    return sign_in(owner)


def invite(browser: Client, account: Organization, addresses: str, *, headers: Any = None) -> Any:
    path = f"/organizations/{account.pk}/invite/"
    return browser.post(path, {"addresses": addresses}, headers=headers)


def sent_to() -> list[str]:
    return list(Invitation.objects.order_by("address").values_list("address", flat=True))


def test_the_result_is_told_on_the_list_that_was_open(
    browser: Client, account: Organization
) -> None:
    make_person("maria@acme.test", name="Maria", organization=account)
    addresses = "jan@acme.test, lea@acme.test, maria@acme.test"
    answer = invite(browser, account, addresses, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/organizations/?status=active")
    page = browser.get("/organizations/").content.decode()
    assert "2 invited, 1 is already in Acme. They start as Guest." in page
    assert sent_to() == ["jan@acme.test", "lea@acme.test"]


def test_without_scripts_it_is_a_page_of_its_own(browser: Client, account: Organization) -> None:
    answer = invite(browser, account, "jan@acme.test")
    assert answer.headers["Location"] == f"/organizations/{account.pk}/people/"
    wrong = invite(browser, account, "jan@")
    assert (wrong.status_code, "jan@ is no e-mail address." in wrong.content.decode()) == (
        422,
        True,
    )


def test_addresses_are_checked_without_sending(browser: Client, account: Organization) -> None:
    path = f"/organizations/{account.pk}/invite/check/"
    make_person("maria@acme.test", name="Maria", organization=account)
    said = browser.post(path, {"addresses": "jan@acme.test maria@acme.test"}).content.decode()
    assert [word in said for word in ("New", "Already a member")] == [True, True]
    many = "\n".join(f"p{number}@acme.test" for number in range(201))
    assert "at most 200" in browser.post(path, {"addresses": many}).content.decode()
    assert (sent_to(), Person.objects.count()) == ([], 1)


def test_the_link_stands_only_where_somebody_may_be_invited(
    browser: Client, account: Organization
) -> None:
    make_organization("Off", is_active=False, membership_end_date=END)
    make_organization("Over", membership_end_date="2020-01-01")
    page = browser.get("/organizations/").content.decode()
    assert [f"Invite to {name}" in page for name in ("Acme", "Off", "Over")] == [True, False, False]
    viewer = sign_in(make_agent("v@northstar.test", permissions=["view_clients"]))
    assert "Invite to" not in viewer.get("/organizations/").content.decode()
    assert invite(viewer, account, "jan@acme.test").status_code == 403


def toasts(page: str) -> str:
    """The part of a page that holds what was just said, without the form of later toasts."""
    return page.partition('class="p-toasts"')[2].partition("<template")[0]


def new_account(browser: Client, **typed: str) -> Any:
    sent = {"name": "Birch", "membership_end_date": END, **typed}
    return browser.post("/organizations/new/", sent)


def test_without_a_mail_server_a_new_account_says_that_nothing_was_sent(browser: Client) -> None:
    assert new_account(browser, invitation_address="maria@birch.test").status_code == 302
    page = browser.get("/organizations/").content.decode()
    said = "Birch created. No mail server is set, so nothing was sent. Copy the link."
    assert (said in page, "Invitation sent" in page) == (True, False)
    assert '<a class="p-link" href="/team/invitations/?of=people">Invitations</a>' in page
    assert "Copy link" in browser.get("/team/invitations/?of=people").content.decode()


def test_a_new_account_whose_user_was_invited_offers_no_undo(browser: Client) -> None:
    new_account(browser, invitation_address="maria@birch.test")
    assert "p-toast-undo" not in toasts(browser.get("/organizations/").content.decode())
    new_account(browser, name="Cedar")
    assert "p-toast-undo" in toasts(browser.get("/organizations/").content.decode())


def test_undoing_it_from_recent_changes_says_that_it_is_in_use(browser: Client) -> None:
    new_account(browser, invitation_address="maria@birch.test")
    browser.post("/changes/last/undo/")
    assert "It is in use: archive it instead." in browser.get("/changes/").content.decode()
    assert Organization.objects.count() == 1


def test_several_invited_without_a_mail_server_are_told_so(
    browser: Client, account: Organization
) -> None:
    invite(browser, account, "jan@acme.test")
    said = "They start as Guest. No mail server is set, so nothing was sent. Copy the link."
    assert said in browser.get("/organizations/").content.decode()


def test_a_new_account_invites_its_first_user_as_nobody_special(
    browser: Client, smtp_server: Any
) -> None:
    assert new_account(browser, invitation_address="maria@birch.test").status_code == 302
    page = browser.get("/organizations/").content.decode()
    assert "Birch created. Invitation sent to maria@birch.test." in page
    [sent] = Invitation.objects.all()
    assert (sent.organization.name, sent.role_count) == ("Birch", 0)
    assert Membership.objects.get(person_id=sent.user_id).organization.name == "Birch"


def test_a_new_account_needs_no_first_user(browser: Client) -> None:
    assert new_account(browser, invitation_address=" ").status_code == 302
    assert (Organization.objects.count(), sent_to()) == (1, [])


def test_a_wrong_address_creates_nothing_and_is_told_at_its_field(browser: Client) -> None:
    answer = new_account(browser, invitation_address="maria@")
    said = answer.content.decode()
    assert (answer.status_code, "maria@ is no e-mail address." in said) == (422, True)
    assert 'id="id_invitation_address-error"' in said
    assert Organization.objects.count() == 0


def test_several_accounts_at_once_take_no_first_user(browser: Client) -> None:
    answer = new_account(browser, names="One\nTwo", invitation_address="maria@birch.test")
    assert answer.status_code == 422
    assert (Organization.objects.count(), sent_to()) == (0, [])


def test_who_may_not_invite_is_offered_no_first_user(browser: Client) -> None:
    codes = ["view_clients", "manage_client_organizations"]
    other = sign_in(make_agent("m@northstar.test", permissions=codes))
    assert "invitation_address" not in other.get("/organizations/new/").content.decode()
    assert new_account(other, invitation_address="maria@birch.test").status_code == 302
    assert sent_to() == []


def test_a_new_person_who_was_invited_is_told_so_without_undo(
    browser: Client, account: Organization, smtp_server: Any
) -> None:
    typed = {"name": "Jan", "email": "jan@acme.test", "organization": str(account.pk)}
    answer = browser.post("/people/new/", {**typed, "invitation": "1"})
    said = toasts(browser.get(answer.headers["Location"]).content.decode())
    told = "Jan created. Invitation sent to jan@acme.test."
    assert (told in said, "p-toast-undo" in said) == (True, False)
    typed["email"] = "kim@acme.test"
    answer = browser.post("/people/new/", typed)
    said = toasts(browser.get(answer.headers["Location"]).content.decode())
    assert ("Jan created." in said, "p-toast-undo" in said) == (True, True)


def test_of_several_new_people_who_were_all_invited_there_is_no_undo(
    browser: Client, account: Organization
) -> None:
    typed = {"smart": "Jan <jan@acme.test>\nKim <kim@acme.test>", "organization": str(account.pk)}
    browser.post("/people/new/", {**typed, "invitation": "1"})
    assert (len(sent_to()), Person.objects.count()) == (2, 2)
    assert "p-toast-undo" not in toasts(browser.get("/people/").content.decode())
    browser.post("/people/new/", {**typed, "smart": "Lea <lea@acme.test>\nMia <mia@acme.test>"})
    assert "p-toast-undo" in toasts(browser.get("/people/").content.decode())
