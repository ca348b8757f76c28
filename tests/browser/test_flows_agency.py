"""The flows of ui.md 2.2 within their budgets of interactions, by mouse and by keyboard alone."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portico.catalog.models import Subscription
from portico.clients.models import Membership, Organization, Person
from portico.invitations.actions.inviting import invite_person
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.models import Agent, Plan
from tests.browser.interactions import (
    BOTH_WAYS,
    BY_KEYS,
    BY_MOUSE,
    OpenPage,
    budget,
    tick_invitation,
)
from tests.factories.catalog import make_service
from tests.factories.clients import make_organization, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def invited(owner_actor: Actor, acme: Any) -> list[Person]:
    """Three people of Acme who were invited and have not joined, and one who has."""
    make_person("mia@acme.test", name="Mia Member", organization=acme)
    people = [
        make_person(f"{name}@acme.test", name=name.title(), organization=acme, has_joined=False)
        for name in ("ben", "lena", "tom")
    ]
    for person in people:
        invite_person(owner_actor, person.pk, organization_id=acme.pk)
    return people


def sendings() -> list[tuple[str, int, str]]:
    rows = Invitation.objects.order_by("user__name", "pk")
    return list(rows.values_list("user__name", "sent_count", "state"))


@BOTH_WAYS
def test_new_client_and_invitation(
    open_page: OpenPage, owner: Agent, acme: Organization, way: str
) -> None:
    make_person("tom@acme.test", name="Tom Okafor", organization=acme)
    page = open_page(owner, "/people/")
    tick_invitation(page, make_organization("Other"))
    with budget(page, way, 3) as hands:
        hands.use(page.get_by_role("banner").get_by_role("link", name="Create Client"), key="c")
        dialog = page.get_by_role("dialog", name="Create Client")
        hands.paste("Lena Fischer <lena@acme.test>")
        expect(dialog.get_by_role("combobox", name="Organization")).to_have_value("Acme Windows")
        expect(dialog.get_by_text("1 client uses this domain")).to_be_visible()
        hands.use(dialog.get_by_role("button", name="Add and invite"), key="Control+Enter")
        expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    lena = Person.objects.get(email="lena@acme.test")
    assert Membership.objects.get(person_id=lena.pk).organization_id == acme.pk
    assert Invitation.objects.get(user_id=lena.pk).organization_id == acme.pk


@BOTH_WAYS
def test_new_client_and_invitation_with_a_new_organization(
    open_page: OpenPage, owner: Agent, way: str
) -> None:
    page = open_page(owner, "/people/")
    tick_invitation(page, make_organization("Birch"))
    with budget(page, way, 5) as hands:
        hands.use(page.get_by_role("banner").get_by_role("link", name="Create Client"), key="c")
        dialog = page.get_by_role("dialog", name="Create Client")
        hands.paste("Lena Fischer <lena@acme.test>")
        expect(dialog.get_by_label("Name", exact=True)).to_have_value("Lena Fischer")
        hands.fill(dialog.get_by_role("combobox", name="Organization"), "Acme")
        offer = dialog.get_by_role("option", name="Create “Acme”")
        expect(offer).to_be_visible()
        hands.use(offer, key="Enter")
        expect(dialog.get_by_label("Name of the new organization")).to_have_value("Acme")
        hands.use(dialog.get_by_role("button", name="Add and invite"), key="Control+Enter")
        expect(page.get_by_role("heading", level=1, name="Lena Fischer")).to_be_visible()
    acme = Organization.objects.get(name="Acme")
    lena = Person.objects.get(email="lena@acme.test")
    assert Membership.objects.get(person_id=lena.pk).organization_id == acme.pk
    assert Invitation.objects.get(user_id=lena.pk).organization_id == acme.pk


@BOTH_WAYS
def test_resend_to_one(open_page: OpenPage, owner: Agent, invited: list[Person], way: str) -> None:
    page = open_page(owner, "/people/")
    with budget(page, way, 2) as hands:
        hands.open_view("Invited, not joined")
        hands.use(page.get_by_role("button", name="Resend the invitation of Lena"))
        expect(page.locator("[data-toast]")).to_be_visible()
    assert [row[:2] for row in sendings()] == [("Ben", 1), ("Lena", 2), ("Tom", 1)]
    expect(page.get_by_role("button", name="Resend the invitation of Tom")).to_be_visible()


@BOTH_WAYS
def test_resend_to_all_who_have_not_joined(
    open_page: OpenPage, owner: Agent, invited: list[Person], way: str
) -> None:
    page = open_page(owner, "/people/")
    with budget(page, way, 3) as hands:
        hands.open_view("Invited, not joined")
        expect(page.get_by_label("Select Mia Member")).to_have_count(0)
        hands.tick(page.get_by_label("Select all rows of this page"), key="Control+a")
        bar = page.get_by_role("form", name="Chosen rows")
        hands.use(bar.get_by_role("button", name="Resend"))
        expect(page.get_by_text("3 clients invited again.")).to_be_visible()
    assert [row[:2] for row in sendings()] == [("Ben", 2), ("Lena", 2), ("Tom", 2)]


@BOTH_WAYS
def test_cancel_an_invitation(
    open_page: OpenPage, owner: Agent, invited: list[Person], way: str
) -> None:
    page = open_page(owner, "/people/")
    with budget(page, way, 2) as hands:
        hands.open_view("Invited, not joined")
        hands.use(page.get_by_role("button", name="Cancel the invitation of Lena"))
        expect(page.get_by_text("Invitation to lena@acme.test cancelled.")).to_be_visible()
    expect(page.get_by_label("Select Lena")).to_have_count(0)
    assert [row for row in sendings() if row[0] == "Lena"] == [("Lena", 1, "cancelled")]
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_label("Select Lena")).to_be_visible()
    fresh = [row for row in sendings() if row[0] == "Lena"]
    assert fresh == [("Lena", 1, "cancelled"), ("Lena", 1, "pending")]


@BOTH_WAYS
def test_allow_a_service(open_page: OpenPage, owner: Agent, acme: Organization, way: str) -> None:
    make_service("Web design")
    make_person(organization=acme, roles=["Admin"])
    page = open_page(owner, "/organizations/")
    with budget(page, way, 3) as hands:
        hands.go_to_row("Acme Windows")
        hands.use(page.get_by_role("link", name="Acme Windows", exact=True), key="Enter")
        tabs = page.get_by_role("navigation", name="Organization")
        hands.use(tabs.get_by_role("link", name="Services"))
        hands.use(page.get_by_role("switch", name="Web design"))
        said = page.get_by_role("main").get_by_text("1 client can now ask for Web design")
        expect(said).to_be_visible()
    assert Subscription.objects.get().organization_id == acme.pk
    with budget(page, way, 1) as hands:
        hands.use(page.locator("[data-toast]").get_by_role("button", name="Undo"), key="z")
        expect(page.get_by_role("switch", name="Web design")).not_to_be_checked()


@pytest.mark.parametrize("text", ("lena@ac", "head of sales"))
@BOTH_WAYS
def test_find_by_mail_or_position(
    open_page: OpenPage, owner: Agent, acme: Organization, way: str, text: str
) -> None:
    make_person("lena@acme.test", name="Lena Fischer", position="Head of Sales", organization=acme)
    make_person("tom@acme.test", name="Tom Okafor", position="Fitter", organization=acme)
    make_person(
        "lena@acme-old.test",
        name="Léna Old",
        position="Head of Sales",
        archived_at=timezone.now(),
    )
    page = open_page(owner, "/people/")
    rows = page.locator("tbody tr[data-row]")
    search = page.get_by_role("searchbox", name="Search clients")
    with budget(page, way, 2) as hands:
        if way == BY_MOUSE:
            hands.use(search)
        else:
            hands.press("/")
        hands.type(text)
        expect(rows).to_have_count(1)
        expect(page.get_by_role("status").get_by_text("1 client", exact=True)).to_be_visible()
    expect(rows).to_contain_text("Lena Fischer")
    expect(search).to_be_focused()
    expect(search).to_have_value(text)
    assert "q=" in page.url
    words = ["lena@ac"] if "@" in text else ["Head", "of", "Sales"]
    expect(rows.locator("mark")).to_have_text(words)
    archived = page.get_by_role("region", name="Archived")
    expect(archived.get_by_role("link", name="Léna Old")).to_be_visible()
    page.get_by_label("Select Lena Fischer").focus()
    page.keyboard.press("x")
    expect(page.get_by_role("form", name="Chosen rows")).to_be_visible()
    search.fill("")
    expect(rows).to_have_count(2)


def test_find_by_mail_or_position_from_any_page(
    open_page: OpenPage, owner: Agent, acme: Organization
) -> None:
    make_person("lena@acme.test", name="Lena Fischer", position="Head of Sales", organization=acme)
    make_person(
        "old@acme.test", name="Old Hand", position="Head of Sales", archived_at=timezone.now()
    )
    page = open_page(owner, "/settings/")
    hits = page.locator("#p-palette [role=option]")
    with budget(page, BY_KEYS, 2) as hands:
        hands.press("Control+k")
        hands.type("head of")
        expect(hits.first).to_contain_text("Lena Fischer")
    expect(hits.nth(1)).to_contain_text("Old Hand")


def test_near_the_client_limit(open_page: OpenPage, owner: Agent, acme: Organization) -> None:
    for number in range(9):
        make_person(f"p{number}@acme.test", name=f"Person {number}", organization=acme)
    Plan.objects.update(person_limit=10)
    page = open_page(owner, "/organizations/")
    page.keyboard.type("gp")
    page.wait_for_url("**/people/")
    page.keyboard.press("c")
    with budget(page, BY_KEYS, 0):
        dialog = page.get_by_role("dialog", name="Create Client")
        expect(dialog.get_by_text("9 of 10 clients used.")).to_be_visible()
