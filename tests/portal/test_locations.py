"""The places of one's organization, in the portal."""

import re
from typing import Any

from portico.clients.actions.locations import close_locations, create_location
from portico.clients.models import Location, Organization, Person
from portico.kit.actors import Actor
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.stories.screen import Screen


def test_who_may_see_locations_sees_the_open_ones_of_their_organization(
    owner_actor: Actor, acme: Organization
) -> None:
    for name, place in (("Plant", acme), ("Old plant", acme), ("Kiln", make_organization("Birch"))):
        create_location(owner_actor, place.pk, {"name": name, "note": "Key under the mat"})
    close_locations(owner_actor, Location.objects.filter(name="Old plant"))
    person = make_person("c@acme.test", name="Cara", organization=acme, roles=["Client"])
    page = Screen(sign_in(person).get("/portal/locations/"), "")
    shown = [name in page.text for name in ("Plant", "Old plant", "Kiln", "mat")]
    assert shown == [True, False, False, False]
    assert "Locations" in page.navigation("Main")


def test_one_entry_is_marked_as_where_one_is_and_an_empty_page_says_what_will_stand_there(
    acme: Organization,
) -> None:
    person = make_person("c@acme.test", name="Cara", organization=acme, roles=["Client"])
    page = sign_in(person).get("/portal/locations/").text
    marked = set(re.findall(r'href="([^"]*)" aria-current="page"', page))
    assert marked == {"/portal/locations/"}
    assert "They appear here as soon as Northstar has recorded them." in page


def test_who_may_not_is_neither_offered_nor_shown_any(guest: Person, owner_actor: Any) -> None:
    browser = sign_in(guest)
    home = Screen(browser.get("/portal/"), "")
    assert not home.offers("Locations")
    assert browser.get("/portal/locations/").status_code == 403


def test_who_acts_in_no_organization_sees_none(
    owner_actor: Actor, acme: Organization, scope: Any
) -> None:
    create_location(owner_actor, acme.pk, {"name": "Plant"})
    loner = make_person("solo@x.test", name="Solo")
    assert sign_in(loner).get("/portal/locations/").status_code == 403


def test_who_may_not_reads_whom_to_ask_and_no_code_of_a_permission(
    guest: Person, owner: Agent
) -> None:
    Workspace.objects.update(support_contact_id=owner.pk)
    page = sign_in(guest).get("/portal/locations/")
    assert page.status_code == 403
    assert f"Your role does not include this. Ask {owner.name}." in page.text
    assert "view_locations" not in page.text
