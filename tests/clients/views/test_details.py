"""Fields edited in place: read, form, read; refused, stale and without scripts."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client

from portico.accounts.models import User
from portico.clients.actions.merging import merge_people
from portico.clients.actions.organizations import (
    archive_organizations,
    delete_organization,
    update_organization,
)
from portico.clients.models import CustomProperty, Organization, Person
from portico.history.models import Act
from portico.kit.actors import Actor
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of
from tests.stories.screen import Screen

HTMX = {"HX-Request": "true"}


def field_of(record: Any, name: str) -> str:
    kind = "people" if isinstance(record, Person) else "organizations"
    return f"/{kind}/{record.pk}/fields/{name}/"


def opened(browser: Client, path: str) -> tuple[Screen, dict[str, Any]]:
    """The small form, and what it sends as it stands."""
    page = Screen(browser.get(path, headers=HTMX), path)
    return page, page.fields(page.form_of(page.button("Save")))


def press_save(browser: Client, path: str, sent: dict[str, Any]) -> Screen:
    answer = browser.post(path, sent, headers=HTMX)
    assert answer.status_code == 200
    return Screen(answer, path)


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("name", "Acme Doors", "Acme Doors"),
        ("reference", "A-7", "A-7"),
        ("website", "acme.test", "https://acme.test"),
        ("is_active", "0", False),
    ],
)
def test_a_field_of_an_organization_is_saved_in_place(
    owner_browser: Client, acme: Organization, name: str, typed: str, stored: object
) -> None:
    path = field_of(acme, name)
    _page, sent = opened(owner_browser, path)
    answer = owner_browser.post(path, {**sent, name: typed}, headers=HTMX)
    acme.refresh_from_db()
    assert getattr(acme, name) == stored
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["undo_url"] == f"/changes/{Act.objects.get().pk}/undo/"
    page = Screen(answer, path)
    shown = [node.get("id") for node in page.root.children if hasattr(node, "get")]
    crumb_and_title = ["p-crumb-here", ""] if name == "name" else []
    assert shown == [f"detail-{name}", "record-head", "record-notices", *crumb_and_title]


def test_the_way_back_gives_the_row_as_it_was(owner_browser: Client, acme: Organization) -> None:
    path = field_of(acme, "reference")
    page = Screen(owner_browser.get(f"{path}?read=1", headers=HTMX), path)
    assert page.offers("Edit Reference")
    assert "Nothing was changed." in page.text


def test_s4_12_the_end_date_takes_what_the_reader_types(
    owner_browser: Client, owner: Any, acme: Organization
) -> None:
    User.objects.filter(pk=owner.pk).update(date_order="dmy")
    acme.membership_end_date = "2030-12-15"
    acme.save()
    path = field_of(acme, "membership_end_date")
    _page, sent = opened(owner_browser, path)
    assert sent["membership_end_date"] == ["15/12/2030"]
    read = owner_browser.get(f"{path}?preview=1&membership_end_date=%2B1y", headers=HTMX)
    assert read.content.decode() == "Read as 15/12/2031"
    press_save(owner_browser, path, {**sent, "membership_end_date": "+1y"})
    acme.refresh_from_db()
    assert acme.membership_end_date == datetime.date(2031, 12, 15)


def test_a_wrong_value_is_marked_and_kept(owner_browser: Client, acme: Organization) -> None:
    path = field_of(acme, "membership_end_date")
    _page, sent = opened(owner_browser, path)
    page = press_save(owner_browser, path, {**sent, "membership_end_date": "soon"})
    [field] = [node for node in page.root.all("input") if node.get("aria-invalid")]
    assert field.get("value") == "soon"
    told = page.element(field.get("aria-describedby")).text
    assert told.startswith("Enter a date such as 12/31/2027, +1y or end of 2027.")


def test_a_warning_goes_through_with_the_second_press(
    owner_browser: Client, acme: Organization
) -> None:
    make_organization("Twin")
    path = field_of(acme, "name")
    _page, sent = opened(owner_browser, path)
    page = press_save(owner_browser, path, {**sent, "name": "twin"})
    again = page.fields(page.form_of(page.button("Save anyway")))
    press_save(owner_browser, path, again)
    acme.refresh_from_db()
    assert acme.name == "twin"


def test_another_field_saved_meanwhile_is_no_clash(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    path = field_of(acme, "reference")
    _page, sent = opened(owner_browser, path)
    update_organization(owner_actor, acme.pk, {"website": "acme.test"})
    press_save(owner_browser, path, {**sent, "reference": "A-7"})
    acme.refresh_from_db()
    assert (acme.reference, acme.website) == ("A-7", "https://acme.test")


def test_edge_case_56_the_same_field_saved_meanwhile_shows_both_values(
    owner_browser: Client, owner: Any, acme: Organization
) -> None:
    path = field_of(acme, "reference")
    _page, sent = opened(owner_browser, path)
    update_organization(actor_of(owner), acme.pk, {"reference": "B-1"})
    page = press_save(owner_browser, path, {**sent, "reference": "A-7"})
    assert "Olga Owner saved meanwhile: B-1. Saving keeps yours." in page.text
    again = page.fields(page.form_of(page.button("Save")))
    assert again["reference"] == ["A-7"]
    press_save(owner_browser, path, again)
    acme.refresh_from_db()
    assert acme.reference == "A-7"


def test_address_tags_managers_and_properties_are_edited_in_place(
    owner_browser: Client, owner: Any, viewer: Any, acme: Organization
) -> None:
    CustomProperty.objects.create(
        subject="organization", key="tier", label="Tier", kind="choice", choices=["Gold", "Iron"]
    )
    for name, typed in (
        ("address", {"address_city": "Hamburg", "address_country": "Germany"}),
        ("tags", {"tags": "Roof, Gate"}),
        ("account_managers", {"account_managers": [viewer.pk, owner.pk]}),
        ("property.tier", {"property.tier": "Gold"}),
    ):
        _page, sent = opened(owner_browser, field_of(acme, name))
        press_save(owner_browser, field_of(acme, name), {**sent, **typed})
    page = Screen(owner_browser.get(f"/organizations/{acme.pk}/"), "")
    shown = {name: page.properties[name] for name in ("Address", "Tags", "Tier")}
    assert shown == {"Address": "Hamburg DE", "Tags": "Gate Roof", "Tier": "Gold"}
    assert sorted(page.properties["Account managers"].split(", ")) == ["Olga Owner", "Vera Viewer"]


def test_x11_a_persons_own_manager_goes_before_the_inherited_one(
    owner_browser: Client, owner: Any, viewer: Any, acme: Organization, guest: Person
) -> None:
    acme.account_managers.create(agent=owner, is_first=True)
    path = field_of(guest, "account_manager")
    page, sent = opened(owner_browser, path)
    assert page.choices("account_manager") == ["Olga Owner", "Vera Viewer"]
    shown = Screen(owner_browser.get(f"/people/{guest.pk}/"), "").properties["Account manager"]
    assert shown == "Olga Owner · From Acme Windows"
    press_save(owner_browser, path, {**sent, "account_manager": str(viewer.pk)})
    shown = Screen(owner_browser.get(f"/people/{guest.pk}/"), "").properties["Account manager"]
    assert shown == "Vera Viewer · Own"


def test_without_scripts_the_pencil_leads_to_the_edit_page(
    owner_browser: Client, acme: Organization
) -> None:
    page = Screen(owner_browser.get(f"/organizations/{acme.pk}/"), "")
    edit = f"/organizations/{acme.pk}/edit/#id_reference"
    assert page.link("Edit Reference") == edit
    path = field_of(acme, "reference")
    assert owner_browser.get(path).headers["Location"] == edit
    saved = owner_browser.post(path, {"reference": "A-7", "version": acme.version})
    assert saved.headers["Location"] == f"/organizations/{acme.pk}/"


def test_who_only_looks_gets_no_pencil_and_no_form(viewer: Any, acme: Organization) -> None:
    browser = sign_in(viewer)
    page = Screen(browser.get(f"/organizations/{acme.pk}/"), "")
    assert not page.offers("Edit Reference")
    path = field_of(acme, "reference")
    assert browser.get(path, headers=HTMX).status_code == 403
    assert browser.post(path, {"reference": "A-7"}, headers=HTMX).status_code == 403


@pytest.mark.parametrize("name", ["version", "people_count", "property.nothing", "__class__"])
def test_what_is_no_field_is_not_there(
    owner_browser: Client, acme: Organization, name: str
) -> None:
    assert owner_browser.get(field_of(acme, name), headers=HTMX).status_code == 404
    assert owner_browser.post(field_of(acme, name), {name: "1"}).status_code == 404


def test_a_cell_of_a_list_gets_the_form_alone_and_the_news_of_its_saving(
    owner_browser: Client, acme: Organization
) -> None:
    path = field_of(acme, "name")
    page = Screen(owner_browser.get(f"{path}?cell=1", headers=HTMX), path)
    sent = page.fields(page.form_of(page.button("Save")))
    answer = owner_browser.post(path, {**sent, "name": "Acme Doors"}, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "cell-saved": {
            "id": str(acme.pk),
            "field": "name",
            "text": "Name of Acme Doors saved.",
            "undo_url": f"/changes/{Act.objects.get().pk}/undo/",
            "gone": "Acme Doors is no longer on this page of the list.",
        }
    }


def test_a_cell_saved_as_it_was_changes_nothing_and_offers_no_undo(
    owner_browser: Client, acme: Organization
) -> None:
    path = field_of(acme, "name")
    page = Screen(owner_browser.get(f"{path}?cell=1", headers=HTMX), path)
    sent = page.fields(page.form_of(page.button("Save")))
    answer = owner_browser.post(path, sent, headers=HTMX)
    saved = json.loads(answer.headers["HX-Trigger"])["cell-saved"]
    assert (saved["text"], saved["undo_url"], Act.objects.count()) == ("", None, 0)


def test_a_cell_that_is_refused_keeps_what_was_typed(
    owner_browser: Client, acme: Organization
) -> None:
    path = field_of(acme, "name")
    sent = {"cell": "1", "version": str(acme.version), "initial-name": acme.name, "name": ""}
    page = press_save(owner_browser, path, sent)
    [field] = [node for node in page.root.all("input") if node.get("aria-invalid")]
    assert (field.get("name"), field.get("value")) == ("name", "")


def test_only_who_may_edit_finds_cells_to_edit(
    owner_browser: Client, viewer: Any, acme: Organization
) -> None:
    path = "/organizations/?columns=name,active,tags"
    marks = ("data-edit-url=", "data-flag=", "data-cell-pencil")
    owned = owner_browser.get(path).content.decode()
    viewed = sign_in(viewer).get(path).content.decode()
    assert [mark in owned for mark in marks] == [True, True, True]
    assert [mark in viewed for mark in marks] == [False, False, False]


def test_what_was_typed_into_a_cell_of_a_record_that_was_archived_is_saved(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    path = field_of(acme, "name")
    _page, sent = opened(owner_browser, path)
    archive_organizations(owner_actor, Organization.objects.filter(pk=acme.pk))
    answer = owner_browser.post(path, {**sent, "cell": "1", "name": "Acme D"}, headers=HTMX)
    assert answer.status_code == 204


@pytest.mark.parametrize("is_cell", [True, False])
def test_edge_case_58_what_was_typed_into_a_field_of_a_deleted_record_is_given_back(
    owner_browser: Client, owner_actor: Actor, acme: Organization, *, is_cell: bool
) -> None:
    path = field_of(acme, "name")
    delete_organization(owner_actor, acme.pk, confirmation="DELETE")
    sent = {"version": "1", "name": "Acme Doors", "initial-name": "Acme"}
    answer = owner_browser.post(path, {**sent, "cell": "1"} if is_cell else sent, headers=HTMX)
    page = Screen(answer, path)
    assert answer.status_code == 404
    assert [node.text for node in page.root.all("textarea")] == ["Acme Doors"]
    assert "This record was deleted, or became part of another one" in page.root.text
    assert answer.content.startswith(b"<dialog" if is_cell else b"<div")


def test_edge_case_58_without_scripts_it_is_given_back_on_a_page(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    path = field_of(acme, "name")
    delete_organization(owner_actor, acme.pk, confirmation="DELETE")
    sent = {"version": "1", "name": "Acme Doors", "initial-name": "Acme"}
    answer = owner_browser.post(path, sent)
    assert answer.status_code == 404
    assert "Acme Doors" in answer.content.decode()


def test_edge_case_58_the_cell_of_a_merged_person_says_so_with_the_typed_text(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    lena, twin = (make_person(f"{name}@acme.test", organization=acme) for name in ("lena", "l"))
    merge_people(owner_actor, lena.pk, twin.pk, choices={})
    path = field_of(twin, "phone")
    sent = {"cell": "1", "version": "1", "phone": "030 1", "initial-phone": ""}
    answer = owner_browser.post(path, sent, headers=HTMX)
    page = Screen(answer, path)
    assert answer.status_code == 404
    assert [node.text for node in page.root.all("textarea")] == ["030 1"]
    again = owner_browser.get(f"{path}?cell=1", headers=HTMX)
    assert (again.status_code, again.content[:7]) == (404, b"<dialog")
