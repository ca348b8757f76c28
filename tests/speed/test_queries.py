"""The number of statements of every page: literal, and the same with one row and with three."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portico.clients.actions.memberships import update_membership
from portico.clients.actions.organizations import update_organization
from portico.clients.actions.people import update_person
from portico.clients.models import Membership, Organization
from portico.invitations.actions.inviting import invite_person
from portico.kit.actors import Actor
from portico.workspaces.models import Agent, Role
from tests.conftest import sign_in
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent

AGENT_PAGES = {
    "/": 10,
    "/organizations/": 7,
    "/organizations/?q=firm": 9,
    "/organizations/?state=archived": 7,
    "/organizations/new/": 4,
    "/organizations/{organization}/": 5,
    "/organizations/{organization}/people/": 7,
    "/organizations/{organization}/history/": 4,
    "/organizations/{organization}/locations/": 4,
    "/organizations/{organization}/services/": 7,
    "/organizations/{organization}/edit/": 4,
    "/organizations/{organization}/delete/": 6,
    "/people/": 8,
    "/people/?q=person": 10,
    "/people/?organization={organization}": 10,
    "/people/new/": 8,
    "/people/{person}/": 4,
    "/people/{person}/history/": 5,
    "/people/{person}/move/": 7,
    "/people/{person}/edit/": 5,
    "/people/{person}/delete/": 3,
    "/team/": 6,
    "/team/invite/": 3,
    "/team/invitations/": 6,
    "/settings/": 3,
    "/settings/mail/": 4,
    "/settings/outbox/": 3,
    "/operations/": 3,
    "/services/": 3,
    "/services/new/": 2,
    "/imports/new/": 2,
    "/account/": 4,
    "/search/": 2,
    "/search/?q=firm": 9,
    "/search/?q=person": 7,
    "/help/": 2,
}
PORTAL_PAGES = {"/portal/": 8, "/account/": 4}
GATE_PAGES = {"/accounts/login/": 1, "/accounts/password/reset/": 1}

Fill = Callable[[int], None]


@pytest.fixture
def first(owner_actor: Actor) -> dict[str, Any]:
    """An organization and a person to open."""
    organization = make_organization("Firm 0")
    person = make_person("person0@firm.test", name="Person 0", organization=organization)
    return {"organization": organization, "person": person}


@pytest.fixture
def fill(owner_actor: Actor, first: dict[str, Any]) -> Fill:
    """Adds rows of each kind that a list may show."""

    def filled(number: int) -> None:
        organization: Organization = first["organization"]
        make_organization(f"Firm {number}", membership_end_date="2030-01-01")
        make_organization(f"Firm gone {number}", archived_at="2026-01-01T00:00:00Z")
        make_agent(f"agent{number}@northstar.test", name=f"Agent {number}")
        invited = make_person(
            f"person{number}@firm.test",
            name=f"Person {number}",
            organization=organization,
            has_joined=False,
        )
        invite_person(owner_actor, invited.pk, organization_id=organization.pk)
        make_subscription(organization, make_service(f"Service {number}"))

    filled(1)
    return filled


def queries_of(browser: Client, path: str) -> int:
    """Statements of one opening, after a first one that fills the caches of the process."""
    assert browser.get(path).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("page", AGENT_PAGES)
def test_a_page_of_the_agents_asks_as_often_with_three_rows_as_with_one(
    owner: Agent, first: dict[str, Any], fill: Fill, page: str
) -> None:
    browser = sign_in(owner)
    path = page.format(organization=first["organization"].pk, person=first["person"].pk)
    assert queries_of(browser, path) == AGENT_PAGES[page]
    fill(2)
    fill(3)
    assert queries_of(browser, path) == AGENT_PAGES[page]


@pytest.mark.parametrize("page", ["/organizations/{organization}/", "/people/{person}/"])
def test_a_record_with_managers_tags_and_roles_asks_no_more_often(
    owner: Agent, owner_actor: Actor, first: dict[str, Any], fill: Fill, page: str
) -> None:
    organization, person = first["organization"], first["person"]
    managers = [make_agent(f"m{n}@northstar.test", name=f"Manager {n}").pk for n in (1, 2)]
    update_organization(
        owner_actor, organization.pk, {"tags": ["one", "two"], "account_managers": managers}
    )
    update_person(owner_actor, person.pk, {"tags": ["one", "three"]})
    roles = list(Role.objects.filter(kind="client").values_list("pk", flat=True))
    membership = Membership.objects.get(person=person)
    update_membership(owner_actor, membership.pk, role_ids=roles)
    path = page.format(organization=organization.pk, person=person.pk)
    assert queries_of(sign_in(owner), path) == AGENT_PAGES[page]


@pytest.mark.parametrize("page", PORTAL_PAGES)
def test_a_page_of_the_portal_asks_a_fixed_number_of_times(
    first: dict[str, Any], fill: Fill, page: str
) -> None:
    assert queries_of(sign_in(first["person"]), page) == PORTAL_PAGES[page]


@pytest.mark.parametrize("page", GATE_PAGES)
def test_a_gate_page_asks_a_fixed_number_of_times(scope: Any, client: Client, page: str) -> None:
    assert queries_of(client, page) == GATE_PAGES[page]
