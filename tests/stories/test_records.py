"""Records of clients, statement by statement (acceptance.md): pages, places, belonging."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from portico.clients.actions.locations import create_location
from portico.clients.models import Location, Membership, Organization, Person
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from tests.factories.clients import make_organization, make_person
from tests.stories.records import nothing_changes
from tests.stories.screen import Screen
from tests.stories.visitor import Visitor

CREATE = "Create Client"  # what the form's button reads under this preset


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


@pytest.fixture
def acme(scope: Any) -> Organization:
    """An organization with everything on it that a page can show."""
    ends = timezone.now().date() + datetime.timedelta(days=365)
    return make_organization(
        "Acme Windows",
        reference="A-7",
        website="https://acme.test",
        address_city="Hamburg",
        membership_end_date=ends,
    )


def page_of(agent: Visitor, record: Any, part: str = "") -> Screen:
    kind = "people" if isinstance(record, Person) else "organizations"
    agent.open(f"/{kind}/{record.pk}/{part}")
    return agent.sees


def test_s1_02_and_s1_31_the_page_of_an_organization_shows_everything_about_it(
    agent: Visitor, acme: Organization
) -> None:
    make_person("lena@acme.test", name="Lena Fischer", organization=acme)
    page = page_of(agent, acme)
    shown = {name: page.properties[name] for name in ("Reference", "Website", "Address")}
    assert shown == {"Reference": "A-7", "Website": "acme.test", "Address": "Hamburg"}
    assert page.row_names == ["Lena Fischer"]
    labels = [label.rstrip("0123456789") for label in page.navigation("Organization")]
    assert labels[0] == "Overview"
    assert {"Clients", "Locations", "History"} <= set(labels)


def test_s1_09_and_s1_42_the_three_dots_hold_contacts_edit_archive_and_delete(
    agent: Visitor, acme: Organization
) -> None:
    page = page_of(agent, acme)
    entries = [label for label in page.menu("More actions") if label != "Merge"]
    assert entries == ["Clients", "Edit organization", "Archive", "Delete organization"]


def test_s1_10_s4_10_and_x13_edit_opens_filled_and_saves(
    agent: Visitor, acme: Organization
) -> None:
    agent.open(page_of(agent, acme).link("Edit organization"))
    assert agent.sees.element("id_name").get("value") == "Acme Windows"
    assert agent.sees.element("id_membership_end_date").get("value") != ""
    agent.press("Save changes", name="Acme Doors")
    assert agent.sees.heading == "Acme Doors"


def test_s1_11_leaving_the_form_changes_nothing(agent: Visitor, acme: Organization) -> None:
    agent.open(f"/organizations/{acme.pk}/edit/")
    with nothing_changes():
        agent.open(agent.sees.link("Cancel"))


def test_s1_30_and_s2_66_the_last_change_is_visible_with_who_made_it(
    agent: Visitor, acme: Organization
) -> None:
    agent.open(f"/organizations/{acme.pk}/edit/")
    agent.press("Save changes", reference="A-8")
    page = page_of(agent, acme)
    by = Event.objects.get(kind="organization.updated").actor_name
    assert page.properties["Changed by"] == by
    assert page.properties["Last changed"] != ""


def test_s2_17_several_people_belong_and_are_listed(agent: Visitor, acme: Organization) -> None:
    for name in ("Ada", "Ben", "Cyd"):
        make_person(f"{name}@acme.test".lower(), name=name, organization=acme)
    assert page_of(agent, acme, "people/").row_names == ["Ada", "Ben", "Cyd"]


def test_s2_21_a_person_is_edited_and_moved(agent: Visitor, acme: Organization) -> None:
    lena = make_person("lena@acme.test", name="Lena", organization=acme, has_joined=False)
    agent.open(f"/people/{lena.pk}/edit/")
    sent = {"name": "Lena F.", "email": "l@acme.test", "position": "Buyer", "phone": "+49 40 1"}
    agent.press("Save changes", **sent)
    birch = make_organization("Birch Roofs")
    agent.open(f"/people/{lena.pk}/move/")
    agent.press("Move", organization=str(birch.pk))
    page = page_of(agent, lena)
    assert page.heading == "Lena F."
    shown = [page.properties[name] for name in ("E-mail", "Position", "Phone")]
    assert shown == ["l@acme.test", "Buyer", "+49 40 1"]
    assert page.row_names == ["Birch Roofs"]


def test_s4_06_and_s4_47_both_numbers_move_and_a_closed_location_does_not_count(
    agent: Visitor, owner_actor: Actor, acme: Organization
) -> None:
    def numbers() -> tuple[int, int]:
        row = Organization.objects.get(pk=acme.pk)
        return row.people_count, row.location_count

    for name in ("Plant", "Office"):
        create_location(owner_actor, acme.pk, {"name": name, "note": "Ring twice"})
    agent.open(f"/people/new/?organization={acme.pk}")
    agent.press(CREATE, name="Ada", email="ada@acme.test", organization=str(acme.pk))
    assert numbers() == (1, 2)
    plant = Location.objects.get(name="Plant")
    page_of(agent, acme, "locations/")
    [closing] = [
        form
        for form in agent.sees.root.all("form")
        if form.get("action") == f"/locations/{plant.pk}/close/"
    ]
    assert closing.text == "Close"
    agent.browser.post(closing.get("action"))
    assert numbers() == (1, 1)
    plant.refresh_from_db()
    assert plant.note == "Ring twice"
    agent.browser.post(f"/locations/{plant.pk}/reopen/")
    assert numbers() == (1, 2)


def test_s4_11_s4_12_and_s4_13_name_end_date_and_active_are_changed(
    agent: Visitor, acme: Organization
) -> None:
    agent.open(f"/organizations/{acme.pk}/edit/")
    before = Organization.objects.get(pk=acme.pk).membership_end_date
    agent.press("Save changes", name="Acme Doors", membership_end_date="+1y")
    after = Organization.objects.get(pk=acme.pk)
    assert (after.name, after.membership_end_date.year) == ("Acme Doors", before.year + 1)
    agent.open(f"/organizations/{acme.pk}/edit/")
    agent.press("Save changes", is_active=None)
    page = page_of(agent, acme)
    assert "This organization is inactive" in page.text
    agent.press("Activate")
    assert Organization.objects.get(pk=acme.pk).is_active


def test_edge_case_58_a_deleted_record_answers_not_there_and_changes_nothing(
    agent: Visitor, acme: Organization
) -> None:
    key = acme.pk
    acme.delete()
    with nothing_changes():
        answer = agent.browser.post(f"/organizations/{key}/fields/name/", {"name": "Kept?"})
    assert answer.status_code == 404


def test_edge_case_60_of_several_memberships_one_is_primary_at_every_step(
    agent: Visitor, acme: Organization
) -> None:
    lena = make_person("lena@acme.test", name="Lena", organization=acme)

    def primary() -> int:
        return len(Membership.objects.filter(person_id=lena.pk, is_primary=True))

    for name in ("Birch", "Cedar"):
        agent.open(f"/people/{lena.pk}/memberships/new/")
        agent.press("Add", organization=str(make_organization(name).pk))
        assert primary() == 1
    first = Membership.objects.get(person_id=lena.pk, is_primary=True)
    agent.open(f"/memberships/{first.pk}/remove/")
    agent.press("Remove")
    assert (primary(), page_of(agent, lena).row_names) == (1, ["Birch", "Cedar"])
