"""Create and edit an organization by its forms."""

import html

import pytest
from django.test import Client

from portico.clients.actions.organizations import update_organization
from portico.clients.models import Organization
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.pages import fields_of, text_of


def test_a_name_alone_creates_an_organization_that_stands_first_in_the_list(
    owner_browser: Client, acme: Organization
) -> None:
    answer = owner_browser.post("/organizations/new/", {"name": "Birch & Sons"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/organizations/?sort=-created_at")
    page = text_of(answer)
    assert page.index("Birch & Sons") < page.index("Acme Windows")
    assert "Birch & Sons created." in page


def test_a_dialog_is_answered_for_htmx_alone_and_ends_with_going_on(owner_browser: Client) -> None:
    answer = owner_browser.get("/organizations/new/", headers={"HX-Request": "true"})
    assert text_of(answer).lstrip().startswith("<dialog")
    sent = {"name": "Birch & Sons"}
    done = owner_browser.post("/organizations/new/", sent, headers={"HX-Request": "true"})
    assert (done.status_code, Organization.objects.count()) == (204, 1)
    assert done.headers["HX-Redirect"].startswith("/organizations/?sort=-created_at")


@pytest.mark.parametrize("name", ("", "   ", "A", "x" * 10_000, "bad\x07bell", "\u200b\u200b"))
def test_a_name_that_is_none_is_refused_at_its_field_and_kept(
    owner_browser: Client, name: str
) -> None:
    answer = owner_browser.post("/organizations/new/", {"name": name})
    assert (answer.status_code, Organization.objects.count()) == (422, 0)
    assert 'aria-describedby="id_name-error"' in text_of(answer)


@pytest.mark.parametrize("name", ("شركة النور", "🎈🎈", "株式会社", "<b>Bold</b> & Sons"))
def test_names_of_all_scripts_are_taken_and_shown_as_they_are(
    owner_browser: Client, name: str
) -> None:
    answer = owner_browser.post("/organizations/new/", {"name": name}, follow=True)
    assert Organization.objects.get().name == name
    assert html.escape(name, quote=False) in answer.content.decode()


def test_an_equal_name_is_created_only_after_create_anyway(
    owner_browser: Client, acme: Organization
) -> None:
    asked = owner_browser.post("/organizations/new/", {"name": "ACME  windows"})
    assert (asked.status_code, Organization.objects.count()) == (409, 1)
    assert "Create anyway" in text_of(asked)
    sent = fields_of(asked)
    assert (sent["name"], sent["confirm"]) == ("ACME  windows", "equal_name")
    owner_browser.post("/organizations/new/", sent)
    assert Organization.objects.count() == 2


def test_the_same_form_sent_twice_creates_one(owner_browser: Client) -> None:
    sent = fields_of(owner_browser.get("/organizations/new/")) | {"name": "Birch & Sons"}
    first = owner_browser.post("/organizations/new/", sent)
    second = owner_browser.post("/organizations/new/", sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert Organization.objects.count() == 1


def test_the_edit_form_holds_the_present_values_and_saves_changes(
    owner_browser: Client, acme: Organization
) -> None:
    path = f"/organizations/{acme.pk}/edit/"
    sent = fields_of(owner_browser.get(path))
    assert (sent["name"], sent["version"], sent["is_active"]) == ("Acme Windows", "1", "1")
    answer = owner_browser.post(path, sent | {"name": "Acme Doors", "website": "acme.test"})
    assert answer.headers["Location"] == f"/organizations/{acme.pk}/"
    acme.refresh_from_db()
    assert (acme.name, acme.version, acme.is_active) == ("Acme Doors", 2, True)


def test_the_active_toggle_and_the_end_date_are_fields_of_the_form(
    owner_browser: Client, acme: Organization
) -> None:
    path = f"/organizations/{acme.pk}/edit/"
    sent = fields_of(owner_browser.get(path)) | {"membership_end_date": "2099-12-31"}
    del sent["is_active"]
    owner_browser.post(path, sent)
    acme.refresh_from_db()
    assert (acme.is_active, str(acme.membership_end_date)) == (False, "2099-12-31")


def test_opening_and_leaving_the_form_changes_and_records_nothing(
    owner_browser: Client, acme: Organization
) -> None:
    before = Event.objects.count()
    owner_browser.get(f"/organizations/{acme.pk}/edit/")
    acme.refresh_from_db()
    assert (acme.version, Event.objects.count()) == (1, before)


def test_after_somebody_else_saved_their_fields_are_filled_in_and_mine_are_kept(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    path = f"/organizations/{acme.pk}/edit/"
    mine = fields_of(owner_browser.get(path)) | {"name": "Acme Mine", "reference": "MINE"}
    theirs = {"name": "Acme Theirs", "address_city": "Hamburg"}
    update_organization(owner_actor, acme.pk, theirs, version=1)
    clash = owner_browser.post(path, mine)
    assert clash.status_code == 409
    sent = fields_of(clash)
    assert (sent["name"], sent["reference"], sent["address_city"], sent["version"]) == (
        "Acme Mine",
        "MINE",
        "Hamburg",
        "2",
    )
    assert "Saved meanwhile: Acme Theirs." in text_of(clash)
    owner_browser.post(path, sent)
    acme.refresh_from_db()
    assert (acme.name, acme.reference, acme.address_city, acme.version) == (
        "Acme Mine",
        "MINE",
        "Hamburg",
        3,
    )


@pytest.mark.parametrize("version", ("", "abc", "-1", "0", "9" * 30))
def test_without_a_version_that_fits_nothing_is_saved(
    owner_browser: Client, acme: Organization, version: str
) -> None:
    path = f"/organizations/{acme.pk}/edit/"
    sent = fields_of(owner_browser.get(path)) | {"name": "Acme Doors", "version": version}
    assert owner_browser.post(path, sent).status_code == 409
    acme.refresh_from_db()
    assert acme.name == "Acme Windows"


def test_who_may_only_look_can_open_no_form(viewer: Agent, acme: Organization) -> None:
    browser = sign_in(viewer)
    for path in ("/organizations/new/", f"/organizations/{acme.pk}/edit/"):
        assert browser.get(path).status_code == 403
        assert browser.post(path, {"name": "Taken over"}).status_code == 403
    assert list(Organization.objects.values_list("name", flat=True)) == ["Acme Windows"]


def test_a_partner_is_asked_for_the_end_date_and_warned_of_a_past_one(workspace: Workspace) -> None:
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    Workspace.objects.filter(pk=workspace.pk).update(preset="partner")
    workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        browser = sign_in(Agent.objects.get(email="owner@northstar.test"))
        missing = browser.post("/organizations/new/", {"name": "Birch"})
        assert 'id="id_membership_end_date-error"' in text_of(missing)
        sent = {"name": "Birch", "membership_end_date": "2020-01-31"}
        warned = browser.post("/organizations/new/", sent)
        assert (warned.status_code, Organization.objects.count()) == (409, 0)
        browser.post("/organizations/new/", sent | {"confirm": "past_date"})
        assert str(Organization.objects.get().membership_end_date) == "2020-01-31"


def test_reading_no_names_keeps_the_form_of_one(owner_browser: Client) -> None:
    answer = owner_browser.post("/organizations/read/", {"name": "Acme", "names": " \n"})
    assert ('data-mode="one"' in answer.content.decode(), answer.status_code) == (True, 200)
