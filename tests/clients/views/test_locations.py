"""The places of an organization, as agents see and change them."""

from typing import Any

from django.test import Client

from portico.clients.actions.locations import create_location, update_location
from portico.clients.models import Location, Organization
from portico.history.models import Act
from portico.kit.actors import Actor
from tests.conftest import sign_in
from tests.stories.screen import Screen

FIELDS = {"name": "Plant", "address_city": "Hamburg", "area": "12,5", "tags": "Roof, Gate"}


def screen(browser: Client, path: str) -> Screen:
    return Screen(browser.get(path), path)


def test_a_location_is_added_shown_changed_closed_and_reopened(
    owner_browser: Client, acme: Organization
) -> None:
    tab = f"/organizations/{acme.pk}/locations/"
    assert screen(owner_browser, tab).offers("Add location")
    answer = owner_browser.post(f"{tab}new/", FIELDS)
    assert (answer.status_code, answer.headers["Location"]) == (302, tab)
    location = Location.objects.get()
    page = screen(owner_browser, tab)
    assert page.row_names == ["Plant"]
    assert page.toasts == ["Plant added."]
    assert page.menu("Actions for Plant") == ["Edit", "Close"]
    owner_browser.post(f"/locations/{location.pk}/edit/", {**FIELDS, "name": "Works", "version": 1})
    owner_browser.post(f"/locations/{location.pk}/close/")
    assert screen(owner_browser, tab).row_names == []
    closed = screen(owner_browser, f"{tab}?state=closed")
    assert closed.row_names == ["Works"]
    owner_browser.post(f"/locations/{location.pk}/reopen/")
    assert screen(owner_browser, tab).row_names == ["Works"]
    assert Act.objects.count() == 4


def test_the_tab_says_how_many_are_open(owner_browser: Client, acme: Organization) -> None:
    acme.location_count = 3
    acme.save(update_fields=["location_count"])
    page = screen(owner_browser, f"/organizations/{acme.pk}/")
    assert "Locations3" in page.navigation("Organization")


def test_a_map_is_linked_only_where_the_position_is_known(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    create_location(owner_actor, acme.pk, {"name": "Nowhere"})
    fields = {"name": "Plant", "latitude": "53.55", "longitude": "9.99"}
    create_location(owner_actor, acme.pk, fields)
    page = screen(owner_browser, f"/organizations/{acme.pk}/locations/")
    assert page.link("Plant on OpenStreetMap") == (
        "https://www.openstreetmap.org/?mlat=53.550000&mlon=9.990000#map=17/53.550000/9.990000"
    )
    assert not page.offers("Nowhere on OpenStreetMap")


def test_wrong_fields_are_marked_and_the_text_is_kept(
    owner_browser: Client, acme: Organization
) -> None:
    path = f"/organizations/{acme.pk}/locations/new/"
    answer = owner_browser.post(path, {"name": "", "area": "wide", "note": "Ring twice"})
    page = Screen(answer, path)
    assert page.status == 422
    assert page.errors == {"name": "Enter a name.", "area": "Enter a number, such as 12.5."}
    assert page.element("id_note").text == "Ring twice"


def test_who_saves_second_sees_both_values(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    location = create_location(owner_actor, acme.pk, {"name": "Plant", "area": "10"})
    update_location(owner_actor, location.pk, {"name": "Works", "area": "11"})
    path = f"/locations/{location.pk}/edit/"
    sent = {"name": "Plant", "area": "12", "version": 1, "initial-name": "Plant"}
    answer = owner_browser.post(path, {**sent, "initial-area": "10"})
    page = Screen(answer, path)
    assert page.status == 409
    assert page.element("id_name").get("value") == "Works"
    assert page.element("id_area-hint").text == "Saved meanwhile: 11. Saving keeps yours."


def test_who_only_looks_is_offered_nothing_and_refused(
    viewer: Any, owner_actor: Actor, acme: Organization
) -> None:
    location = create_location(owner_actor, acme.pk, {"name": "Plant"})
    browser = sign_in(viewer)
    page = screen(browser, f"/organizations/{acme.pk}/locations/")
    assert page.row_names == ["Plant"]
    assert not page.offers("Add location")
    assert not page.offers("Actions for Plant")
    assert browser.post(f"/locations/{location.pk}/close/").status_code == 403
    assert browser.post(f"/organizations/{acme.pk}/locations/new/", FIELDS).status_code == 403
