"""The main job by hand, in a real browser: from the first-run link to a person in the portal.

The worker's own rounds are run between the steps; mails go through a real SMTP server.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from portico.clients.models import Organization, Person
from portico.config.commands.worker import mail_everywhere, work_everywhere
from portico.kit.tenancy.scope import open_scope
from portico.setup.links import first_run_link
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Workspace
from tests.factories.clients import make_organization
from tests.factories.workspaces import PASSWORD
from tests.shared_data import shared_data
from tests.smtp import Accepted, SmtpServer, running_smtp_server

__all__ = ["shared_data"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHOSEN = "a long walk along the Elbe"
NEW = "a short walk along the Weser"
LINK = re.compile(r"http://\S+")

OpenPage = Callable[..., Page]


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[SmtpServer]:
    with running_smtp_server() as server:
        settings.PORTICO_EMAIL_URL = server.url
        yield server


def work() -> None:
    """Both loops of the worker until nothing is left."""
    while work_everywhere() + mail_everywhere():
        pass


def path_in(mail: Accepted) -> str:
    """Where the one link of a mail leads; the served port is not the configured one."""
    (link,) = set(LINK.findall(mail.part("plain")))
    path: str = urlsplit(link).path
    return path


def password_of(page: Page, name: str = "Password") -> Locator:
    """The field, and not the button that shows what is in it."""
    return page.get_by_role("textbox", name=name, exact=True)


def sign_in_by_hand(page: Page, address: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(address)
    password_of(page).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out_by_hand(page: Page) -> None:
    page.locator("header summary[aria-label='My account']").click()
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


@pytest.mark.postgres_browser
def test_a_business_sets_itself_up_and_brings_its_clients_in(
    open_page: OpenPage, smtp_server: SmtpServer, shared_data: Callable[[str], bytes]
) -> None:
    """S1.1, S1.10: one form, four steps, the invented records gone, the real ones in."""
    cache.clear()
    page = open_page(None, urlsplit(first_run_link()).path)
    page.get_by_label("Business name").fill("Northstar Windows")
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("Your e-mail").fill("olga@northstar.test")
    password_of(page).fill(CHOSEN)
    page.locator("input[name=preset][value=field_service]").check()
    page.get_by_label("Add example data").check()
    page.get_by_role("button", name="Create workspace").click()

    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    steps = page.get_by_role("list", name="First steps")
    expect(steps.get_by_role("link")).to_have_text(
        [
            "Bring in your clients and contacts",
            "Invite a contact",
            "Invite a colleague",
            "Set up mail",
        ]
    )
    _remove_the_example_data(page)
    _set_up_mail(page, smtp_server)
    _import_northwind(page, shared_data("northwind/customers.csv"))

    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Home").click()
    expect(steps.get_by_role("link")).to_have_text(["Invite a contact", "Invite a colleague"])
    with open_scope(scope_of(Workspace.objects.get())):
        assert (Organization.objects.count(), Person.objects.count()) == (91, 91)


def _remove_the_example_data(page: Page) -> None:
    page.get_by_role("link", name="Remove example data").click()
    page.get_by_role("button", name="Remove example data").click()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    expect(page.get_by_role("link", name="Remove example data")).to_have_count(0)


def _set_up_mail(page: Page, smtp_server: SmtpServer) -> None:
    page.get_by_role("link", name="Set up mail").click()
    page.get_by_role("button", name="Send a test mail to yourself").click()
    expect(page.get_by_text("On its way to the mail server")).to_be_visible()
    work()
    expect(page.get_by_text("The mail server accepted the mail")).to_be_visible()
    assert [mail.recipients for mail in smtp_server.accepted] == [["olga@northstar.test"]]
    page.goto("/")
    expect(page.get_by_role("link", name="Set up mail")).to_have_count(0)


def _import_northwind(page: Page, content: bytes) -> None:
    page.get_by_role("link", name="Bring in your clients and contacts").click()
    page.get_by_role("radio", name="Clients").check()
    page.locator("input[type=file]").set_input_files(
        {"name": "customers.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Check 91 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    page.get_by_role("button", name="Import 91 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_text("91 rows were imported.")).to_be_visible()


def test_organizations_are_found_sorted_changed_archived_brought_back_and_deleted(
    open_page: OpenPage, owner: Agent
) -> None:
    for name in ("Acme Windows", "Birch & Sons", "Cedar Doors"):
        make_organization(name)
    page = open_page(owner, "/organizations/")
    rows = page.locator("tbody tr[data-row] .p-name-link")
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(rows).to_have_text(["Cedar Doors", "Birch & Sons", "Acme Windows"])
    page.get_by_label("Search organizations").fill("birch")
    page.keyboard.press("Enter")
    expect(rows).to_have_text(["Birch & Sons"])

    rows.first.click()
    page.get_by_role("main").get_by_label("More actions").click()
    page.get_by_role("link", name="Edit Organization").click()
    page.get_by_label("Name").fill("Birch & Daughters")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", level=1, name="Birch & Daughters")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("insertion")).to_have_text("Birch & Daughters")

    _archive_two_and_bring_them_back(page)
    _delete(page, "Birch & Daughters")
    names = Organization.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["Acme Windows", "Cedar Doors"]


def _archive_two_and_bring_them_back(page: Page) -> None:
    page.goto("/organizations/")
    page.get_by_label("Select Acme Windows").check()
    page.get_by_label("Select Cedar Doors").check()
    bar = page.get_by_role("form", name="Chosen rows")
    bar.get_by_role("button", name="Archive").click()
    page.get_by_role("dialog").get_by_role("button", name="Archive 2 organizations").click()
    expect(page.get_by_text("2 organizations archived.")).to_be_visible()
    page.goto("/organizations/?state=archived")
    page.get_by_label("Select all rows of this page").check()
    bar.get_by_role("button", name="Unarchive").click()
    page.get_by_role("dialog").get_by_role("button", name="Unarchive 2 organizations").click()
    expect(page.get_by_text("2 organizations unarchived.")).to_be_visible()


def _delete(page: Page, name: str) -> None:
    page.goto("/organizations/")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("main").get_by_label("More actions").click()
    page.get_by_role("link", name="Delete Organization").click()
    dialog = page.get_by_role("dialog", name=f"Delete {name} permanently?")
    dialog.get_by_label("Type DELETE to confirm").fill("DELETE")
    dialog.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_text(f"{name} deleted permanently.")).to_be_visible()


@pytest.mark.postgres_browser
def test_a_person_is_invited_joins_looks_after_their_account_and_leaves(
    open_page: OpenPage, owner: Agent, acme: Any, smtp_server: SmtpServer
) -> None:
    """S2.13, S2.24, X22: create with the box ticked, mail, password once, portal."""
    page = open_page(owner, f"/people/new/?organization={acme.pk}")
    page.get_by_label("Name", exact=True).fill("Lena Fischer")
    page.get_by_label("E-mail", exact=True).fill("lena@acme.test")
    page.get_by_label("Send Invitation").check()
    page.locator("main .p-submit-row button[type=submit]").click()
    expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    work()
    (mail,) = smtp_server.accepted

    theirs = open_page(None, path_in(mail))
    theirs.get_by_role("textbox", name="Choose a password").fill(CHOSEN)
    theirs.get_by_role("button", name="Continue").click()
    theirs.wait_for_url("**/portal/")
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("Lena")
    expect(theirs.get_by_text("Acme Windows")).to_be_visible()
    expect(theirs.get_by_text("Your contact at Northstar")).to_be_visible()

    theirs.get_by_role("link", name="Your account").click()
    theirs.get_by_label("Phone").fill("+49 30 123456")
    theirs.locator("#profile").get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("Saved.")).to_be_visible()
    for path in ("/organizations/", "/people/", "/team/", f"/organizations/{acme.pk}/"):
        answer = theirs.goto(path)
        assert answer is not None
        assert answer.status == 404, path
    theirs.goto("/portal/")
    sign_out_by_hand(theirs)
    sign_in_by_hand(theirs, "lena@acme.test", CHOSEN)
    theirs.wait_for_url("**/portal/")


@pytest.mark.postgres_browser
def test_a_colleague_is_invited_accepts_and_works_with_the_role_given(
    open_page: OpenPage, owner: Agent, acme: Any, smtp_server: SmtpServer
) -> None:
    page = open_page(owner, "/team/invite/")
    page.get_by_label("E-mail").fill("cora@northstar.test")
    page.get_by_role("checkbox", name="Viewer").check()
    for name in ("Team member", "Manager", "Owner"):
        box = page.get_by_role("checkbox", name=name, exact=True)
        if box.count():
            box.uncheck()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("cora@northstar.test").first).to_be_visible()
    work()
    (mail,) = smtp_server.accepted

    theirs = open_page(None, path_in(mail))
    theirs.get_by_label("Your name").fill("Cora Colleague")
    theirs.get_by_role("textbox", name="Choose a password").fill(CHOSEN)
    theirs.get_by_role("button", name="Continue").click()
    expect(theirs.get_by_role("heading", level=1, name="Home")).to_be_visible()
    theirs.goto("/organizations/")
    expect(theirs.get_by_role("link", name="Acme Windows")).to_be_visible()
    expect(theirs.get_by_role("link", name="Create Organization")).to_have_count(0)
    answer = theirs.goto("/settings/")
    assert answer is not None
    assert answer.status == 403


def test_a_forgotten_password_is_chosen_anew_and_then_changed(
    open_page: OpenPage, owner: Agent, smtp_server: SmtpServer
) -> None:
    """A link by mail, used once; a change by the present password."""
    page = open_page(None, "/accounts/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill("owner@northstar.test")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/accounts/password/reset/done/")
    work()
    (mail,) = smtp_server.accepted
    page.goto(path_in(mail))
    password_of(page, "New password").fill(CHOSEN)
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    assert not Agent.objects.get(pk=owner.pk).check_password(PASSWORD)

    page.goto("/account/")
    page.get_by_role("link", name="Change password").click()
    password_of(page, "Present password").fill(CHOSEN)
    password_of(page, "New password").fill(NEW)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password was changed.")).to_be_visible()
    sign_out_by_hand(page)
    sign_in_by_hand(page, "owner@northstar.test", CHOSEN)
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in_by_hand(page, "owner@northstar.test", NEW)
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    answer = page.goto(path_in(mail))
    assert answer is not None
    assert answer.status == 410
