"""Undo at its doors: the toast, Recent changes, the history of a record."""

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.clients.actions.organizations import archive_organizations, update_organization
from portico.clients.actions.people import update_person
from portico.clients.actions.properties import create_property
from portico.clients.actions.tags import tag_organizations
from portico.clients.models import Organization
from portico.history.actions import record
from portico.history.actions.undo import undo_act
from portico.history.models import Act, Event
from portico.kit.errors import Refused
from portico.workspaces.actions.workspaces import update_workspace
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent
from tests.pages import text_of


def archive(browser: Client, *organizations: Organization) -> Any:
    sent = {"ids": [str(row.pk) for row in organizations], "filters": "", "confirmed": "1"}
    return browser.post("/organizations/archive/", sent, follow=True)


def last_act() -> Act:
    act: Act = Act.objects.order_by("-id")[0]
    return act


def undo(browser: Client, act: Act, **headers: str) -> Any:
    return browser.post(f"/changes/{act.pk}/undo/", headers=headers, follow=True)


def active_names() -> list[str]:
    return list(Organization.objects.active().order_by("name").values_list("name", flat=True))


def test_the_toast_after_an_act_carries_its_undo(owner_browser: Client, acme: Organization) -> None:
    page = text_of(archive(owner_browser, acme))
    assert f'action="/changes/{last_act().pk}/undo/"' in page
    assert "/organizations/?state=archived" in page


def test_undo_goes_back_to_where_it_was_pressed_and_says_what_it_did(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    answer = undo(owner_browser, last_act(), referer="http://testserver/organizations/?q=a")
    assert answer.redirect_chain == [("/organizations/?q=a", 302)]
    assert "Undone: archived the organization Acme Windows." in text_of(answer)
    assert active_names() == ["Acme Windows"]


@pytest.mark.parametrize(
    "referer", ["", "https://evil.test/organizations/", "http://testserver/nowhere/at/all/", "x"]
)
def test_without_a_page_of_ours_undo_goes_to_recent_changes(
    owner_browser: Client, acme: Organization, referer: str
) -> None:
    archive(owner_browser, acme)
    answer = undo(owner_browser, last_act(), referer=referer)
    assert answer.redirect_chain == [("/changes/", 302)]


def test_undo_by_htmx_makes_the_page_go_and_a_refusal_is_a_toast(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    address = f"/changes/{last_act().pk}/undo/"
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/organizations/"}
    done = owner_browser.post(address, headers=here)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/organizations/")
    again = owner_browser.post(address, headers=here)
    assert (again.status_code, "already" in again.headers["HX-Trigger"]) == (204, True)


def test_undo_of_a_creation_leaves_the_page_that_is_gone(owner_browser: Client) -> None:
    owner_browser.post("/organizations/new/", {"name": "Birch"})
    organization = Organization.objects.get(name="Birch")
    here = f"http://testserver/organizations/{organization.pk}/"
    answer = undo(owner_browser, last_act(), referer=here)
    assert answer.redirect_chain == [("/organizations/", 302)]
    assert not Organization.objects.filter(pk=organization.pk).exists()


def test_an_act_is_undone_once_and_its_undo_can_be_undone(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    first = last_act()
    undo(owner_browser, first)
    assert "This was undone already." in text_of(undo(owner_browser, first))
    assert active_names() == ["Acme Windows"]
    undo(owner_browser, last_act())
    assert active_names() == []


def test_undo_needs_the_permission_of_what_it_does(
    owner_browser: Client, acme: Organization, viewer: Agent
) -> None:
    archive(owner_browser, acme)
    act = last_act()
    assert sign_in(viewer).post(f"/changes/{act.pk}/undo/").status_code == 403
    assert active_names() == []
    assert Act.objects.get(pk=act.pk).undone_at is None


def test_an_unknown_act_is_not_there(owner_browser: Client) -> None:
    assert owner_browser.post(f"/changes/{uuid4()}/undo/").status_code == 404


def test_undo_is_over_after_thirty_days_and_recent_changes_says_so(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    act = last_act()
    Act.objects.filter(pk=act.pk).update(at=timezone.now() - datetime.timedelta(days=31))
    page = text_of(undo(owner_browser, act))
    assert "This can be undone for 30 days; they are over." in page
    assert "Could be undone until" in page
    assert active_names() == []


def test_recent_changes_lists_ones_own_acts_newest_first_a_bulk_act_as_one(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    tom = make_agent("tom@northstar.test", name="Tom Okafor", roles=["Admin"])
    update_organization(actor_of(tom), acme.pk, {"name": "Acme by Tom"})
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Doors"})
    rows = [make_organization(name) for name in ("Birch", "Cedar", "Dahlia")]
    archive(owner_browser, *rows)
    page = text_of(owner_browser.get("/changes/"))
    assert page.index("archived 3 organizations") < page.index("changed the organization Acme")
    assert "Acme by Tom" not in page
    assert page.count('class="p-act"') == 2


def test_recent_changes_names_the_fields_that_were_changed(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    birch = make_organization("Birch")
    tag_organizations(actor_of(owner), Organization.objects.active(), names=["Retainer"])
    create_property(actor_of(owner), "organization", {"label": "Size", "kind": "text"})
    changes = {"website": "https://birch.test", "reference": "B 1"}
    update_organization(actor_of(owner), birch.pk, changes)
    update_organization(actor_of(owner), acme.pk, {"property.size": "Large"})
    page = text_of(owner_browser.get("/changes/"))
    assert "changed 2 organizations: Tags" in page
    assert "changed the organization Birch: Reference, Website" in page
    assert "changed the organization Acme Windows: Size" in page


@pytest.mark.parametrize(
    ("preset", "text"),
    [
        ("field_service", "changed 2 contacts: Position"),
        ("agency", "changed 2 clients: Position"),
        ("support_desk", "changed 2 clients: Title"),
        ("partner", "changed 2 users: Position"),
    ],
)
def test_many_are_told_with_their_field_in_the_words_of_the_preset(
    owner_browser: Client, owner: Agent, acme: Organization, preset: str, text: str
) -> None:
    update_workspace(actor_of(owner), {"preset": preset})
    people = [make_person(f"{name}@acme.test", organization=acme) for name in ("lena", "tom")]
    with transaction.atomic():
        record(actor_of(owner), "person.updated", people, changes={"position": ["", "Head"]})
    assert text in text_of(owner_browser.get("/changes/"))


def test_an_undo_names_the_fields_that_it_brought_back(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    person = make_person("lena@acme.test", name="Lena Fischer", organization=acme)
    update_person(actor_of(owner), person.pk, {"position": "Head", "phone": "030 1234"})
    page = text_of(undo(owner_browser, last_act()))
    assert "Undone: changed the client Lena Fischer: Phone, Position." in page


def test_recent_changes_takes_the_same_number_of_statements_with_one_act_and_many(
    owner_browser: Client, owner: Agent
) -> None:
    counts = []
    for number in range(4):
        update_organization(actor_of(owner), make_organization().pk, {"name": f"New {number}"})
        with CaptureQueriesContext(connection) as captured:
            owner_browser.get("/changes/")
        counts.append(len(captured))
    assert counts == [6, 6, 6, 6]


def test_the_key_z_undoes_the_last_act_that_is_not_undone(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    owner_browser.post("/changes/last/undo/")
    assert active_names() == ["Acme Windows"]


def press_z(browser: Client) -> str:
    return text_of(browser.post("/changes/last/undo/", follow=True))


def test_the_key_z_pressed_again_goes_further_back_and_never_undoes_an_undo(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    birch = make_organization("Birch")
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Doors"})
    archive(owner_browser, birch)
    assert "Undone: archived the organization Birch." in press_z(owner_browser)
    assert "Undone: changed the organization Acme Doors: Name." in press_z(owner_browser)
    assert active_names() == ["Acme Windows", "Birch"]
    assert "There is nothing more to undo." in press_z(owner_browser)
    assert active_names() == ["Acme Windows", "Birch"]


def test_the_key_z_goes_back_over_several_changes_of_one_field(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    for name in ("Acme Doors", "Acme Floors", "Acme Roofs"):
        update_organization(actor_of(owner), acme.pk, {"name": name})
    names = []
    for _press in range(3):
        press_z(owner_browser)
        names += active_names()
    assert names == ["Acme Floors", "Acme Doors", "Acme Windows"]
    undo(owner_browser, last_act())  # the undo of the first change
    assert active_names() == ["Acme Doors"]


def test_the_key_z_goes_back_over_archiving_and_its_taking_back(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    sent = {"ids": [str(acme.pk)], "filters": "", "confirmed": "1"}
    owner_browser.post("/organizations/unarchive/", sent)
    assert active_names() == ["Acme Windows"]
    press_z(owner_browser)
    assert active_names() == []
    press_z(owner_browser)
    assert active_names() == ["Acme Windows"]


def test_a_change_that_was_done_again_stands(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    first = actor_of(owner)
    update_organization(first, acme.pk, {"name": "Acme Doors"})
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Floors"})
    press_z(owner_browser)
    undo(owner_browser, last_act())
    assert active_names() == ["Acme Floors"]
    with pytest.raises(Refused, match="Changed since by you"):
        undo_act(actor_of(owner), first.act_id)


def test_what_was_done_again_from_recent_changes_is_undone_by_the_key_z(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    press_z(owner_browser)
    undo(owner_browser, last_act())
    assert active_names() == []
    press_z(owner_browser)
    assert active_names() == ["Acme Windows"]
    assert "There is nothing more to undo." in press_z(owner_browser)


def test_the_key_z_tells_a_refusal_once_and_then_goes_further_back(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    tom = make_agent("tom@northstar.test", name="Tom Okafor", roles=["Admin"])
    archive(owner_browser, make_organization("Birch"))
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Doors"})
    update_organization(actor_of(tom), acme.pk, {"name": "Acme by Tom"})
    assert "Changed since by Tom Okafor." in press_z(owner_browser)
    assert "Undone: archived the organization Birch." in press_z(owner_browser)
    assert "There is nothing more to undo." in press_z(owner_browser)
    update_organization(actor_of(owner), acme.pk, {"website": "acme.test"})
    assert "Undone: changed the organization Acme by Tom: Website." in press_z(owner_browser)
    assert active_names() == ["Acme by Tom", "Birch"]


def test_the_key_z_goes_past_what_one_may_no_longer_do(
    owner_browser: Client, acme: Organization
) -> None:
    tom = make_agent("tom@northstar.test", name="Tom Okafor", roles=["Admin"])
    browser = sign_in(tom)
    update_organization(actor_of(tom), acme.pk, {"name": "Acme Doors"})
    update_person(actor_of(tom), make_person(organization=acme).pk, {"phone": "12345"})
    role = tom.role_assignments.get().role
    role.permissions = [code for code in role.permissions if code != "edit_clients"]
    role.save()
    assert browser.post("/changes/last/undo/").status_code == 403
    assert "Undone: changed the organization Acme Doors: Name." in press_z(browser)


def test_the_key_z_stops_where_thirty_days_are_over(
    owner_browser: Client, acme: Organization
) -> None:
    archive(owner_browser, acme)
    Act.objects.update(at=timezone.now() - datetime.timedelta(days=31))
    assert "There is nothing more to undo." in press_z(owner_browser)
    assert active_names() == []


def test_history_tells_an_undo_as_one(owner_browser: Client, acme: Organization) -> None:
    archive(owner_browser, acme)
    act = last_act()
    press_z(owner_browser)
    told = Event.objects.get(kind="act.undone")
    assert (told.subject_id, told.act_id) == (act.pk, last_act().pk)


def test_the_key_z_without_any_act_says_so(owner_browser: Client) -> None:
    answer = owner_browser.post("/changes/last/undo/", follow=True)
    assert "There is nothing more to undo." in text_of(answer)


def test_history_offers_undo_of_ones_own_act_and_of_others_to_those_who_may(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Doors"})
    act = last_act()
    looks = make_agent(
        "looks@northstar.test", permissions=["view_clients", "view_history"], name="Lou Looks"
    )
    address, button = f"/organizations/{acme.pk}/history/", f'action="/changes/{act.pk}/undo/"'
    assert button in text_of(owner_browser.get(address))
    assert button not in text_of(sign_in(looks).get(address))
    undo(owner_browser, act)
    page = text_of(owner_browser.get(address))
    assert (button in page, "undone" in page) == (False, True)


def test_history_says_how_many_records_an_undo_takes_back(
    owner: Agent, owner_browser: Client, acme: Organization
) -> None:
    make_organization("Birch")
    archive_organizations(actor_of(owner), Organization.objects.all())
    page = text_of(owner_browser.get(f"/organizations/{acme.pk}/history/"))
    assert "Undo (2 records)" in page


def test_history_offers_the_undo_of_one_act_once_whatever_lines_it_left(
    owner: Agent, owner_browser: Client, acme: Organization
) -> None:
    rows = [make_person(f"p{number}@acme.test", organization=acme) for number in range(3)]
    act = actor_of(owner)
    with transaction.atomic():
        record(act, "person.archived", rows, organization_id=acme.pk)
    page = text_of(owner_browser.get(f"/organizations/{acme.pk}/history/"))
    assert page.count(f'action="/changes/{act.act_id}/undo/"') == 1


def test_undo_says_you_to_who_changed_it_since_and_names_all_others(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    tom = make_agent("tom@northstar.test", name="Tom Okafor", roles=["Admin"])
    first = actor_of(owner)
    update_organization(first, acme.pk, {"name": "Acme Doors"})
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Walls"})
    act = Act.objects.get(pk=first.act_id)
    assert "Changed since by you." in text_of(undo(owner_browser, act))
    assert "Changed since by Olga Owner." in text_of(undo(sign_in(tom), act))
