"""Restoring a single older value out of History."""

import pytest
from django.test import Client

from portico.clients.actions.organizations import update_organization
from portico.clients.actions.people import update_person
from portico.clients.actions.properties import create_property
from portico.clients.models import Organization, Person
from portico.history.models import Event
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.factories.clients import make_person
from tests.factories.workspaces import actor_of, make_agent
from tests.pages import text_of


def test_an_older_value_is_restored_alone_whatever_came_after(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Doors", "reference": "A-1"})
    event = Event.objects.filter(kind="organization.updated").get()
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Walls"})
    address = f"/events/{event.pk}/restore/"
    answer = owner_browser.post(address, {"field": "name"}, follow=True)
    assert "Name restored." in text_of(answer)
    acme.refresh_from_db()
    assert (acme.name, acme.reference) == ("Acme Windows", "A-1")


@pytest.mark.parametrize("field", ["", "version", "website"])
def test_only_a_field_of_the_event_is_restored(
    owner_browser: Client, owner: Agent, acme: Organization, field: str
) -> None:
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Doors"})
    event = Event.objects.filter(kind="organization.updated").get()
    answer = owner_browser.post(f"/events/{event.pk}/restore/", {"field": field})
    assert answer.status_code == 404


def test_restoring_needs_the_right_to_change_the_record(owner: Agent, acme: Organization) -> None:
    update_organization(actor_of(owner), acme.pk, {"name": "Acme Doors"})
    event = Event.objects.filter(kind="organization.updated").get()
    looks = make_agent("looks@northstar.test", permissions=["view_clients", "view_history"])
    answer = sign_in(looks).post(f"/events/{event.pk}/restore/", {"field": "name"})
    assert answer.status_code == 403
    acme.refresh_from_db()
    assert acme.name == "Acme Doors"


def test_restoring_a_value_that_is_in_use_since_is_refused_with_the_reason(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    lena = make_person("lena@acme.test", organization=acme)
    update_person(actor_of(owner), lena.pk, {"email": "l@acme.test"})
    event = Event.objects.filter(kind="person.updated").get()
    make_person("lena@acme.test", name="Another Lena")
    answer = owner_browser.post(f"/events/{event.pk}/restore/", {"field": "email"}, follow=True)
    assert "Another Lena" in text_of(answer)
    assert Person.objects.get(pk=lena.pk).email == "l@acme.test"


def test_custom_fields_addresses_and_managers_are_restored_alone(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    actor = actor_of(owner)
    create_property(actor, "organization", {"label": "Staff", "kind": "number"})
    hana, tom = (make_agent(f"{n}@northstar.test", name=n) for n in ("Hana", "Tom"))
    first = {"property.staff": "12", "address_city": "Bremen", "account_managers": [hana.pk]}
    update_organization(actor, acme.pk, first)
    second = {"property.staff": "13", "address_city": "Kiel", "account_managers": [tom.pk]}
    update_organization(actor, acme.pk, second)
    event = Event.objects.filter(kind="organization.updated").latest("id")
    page = text_of(owner_browser.get(f"/organizations/{acme.pk}/history/"))
    assert page.count("Restore") >= 6
    for field in second:
        answer = owner_browser.post(f"/events/{event.pk}/restore/", {"field": field}, follow=True)
        assert "restored." in text_of(answer)
    acme.refresh_from_db()
    assert (acme.property_values, acme.address_city) == ({"staff": "12"}, "Bremen")
    assert [row.agent_id for row in acme.account_managers.all()] == [hana.pk]


def test_a_persons_own_manager_is_restored_and_none_is_a_value_too(
    owner_browser: Client, owner: Agent, guest: Person
) -> None:
    hana = make_agent("hana@northstar.test", name="Hana")
    update_person(actor_of(owner), guest.pk, {"account_manager": hana.pk})
    event = Event.objects.filter(kind="person.updated").get()
    owner_browser.post(f"/events/{event.pk}/restore/", {"field": "account_manager"})
    guest.refresh_from_db()
    assert guest.account_manager_id is None
