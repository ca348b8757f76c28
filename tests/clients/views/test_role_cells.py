"""The role cell of lists of people: who may, what it says, and that it counts at once."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portico.clients.actions.memberships import update_membership
from portico.clients.models import Membership, MembershipRole, Organization, Person
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Role, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_workspace

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def workspace(db: Any) -> Workspace:
    cache.clear()
    return make_workspace(preset=Preset.PARTNER)


@pytest.fixture
def account(scope: Any) -> Organization:
    return make_organization("Acme", membership_end_date="2030-12-15")


@pytest.fixture
def maria(account: Organization) -> Person:
    return make_person("maria@acme.test", name="Maria", organization=account, roles=["Guest"])


def role(name: str) -> str:
    return str(Role.objects.get(kind="client", name=name).pk)


def held(person: Person, organization: Organization) -> list[str]:
    place = Membership.objects.get(person_id=person.pk, organization=organization)
    given = MembershipRole.objects.filter(membership=place)
    return sorted(given.values_list("role__name", flat=True))


def choose(
    browser: Client, person: Person, names: list[str], *, version: int = 1, place: str = ""
) -> Any:
    path = reverse("people.field", kwargs={"id": person.pk, "field": "roles"})
    sent = {"cell": "1", "version": version, "roles": [role(name) for name in names]}
    return browser.post(f"{path}?organization={place}", sent, headers=HTMX)


def said(response: Any) -> dict[str, Any]:
    assert response.status_code == 204
    found: dict[str, Any] = json.loads(response["HX-Trigger"])["cell-saved"]
    return found


def test_s4_23_one_press_makes_somebody_admin_and_undo_takes_it_back(
    owner: Agent, maria: Person, account: Organization
) -> None:
    browser = sign_in(owner)
    told = said(choose(browser, maria, ["Admin"]))
    assert told["text"] == "Maria is now Admin in Acme."
    assert (told["id"], told["field"]) == (str(maria.pk), "roles")
    assert held(maria, account) == ["Admin"]
    browser.post(told["undo_url"])
    assert held(maria, account) == ["Guest"]


def test_each_change_of_roles_says_which_they_are_now(
    owner: Agent, maria: Person, account: Organization
) -> None:
    browser = sign_in(owner)
    texts = [
        said(choose(browser, maria, names, version=version))["text"]
        for version, names in enumerate((["Client"], ["Admin"], ["Guest"], ["Guest"]), start=1)
    ]
    assert texts == [
        "Maria is now Client in Acme.",
        "Maria is now Admin in Acme.",
        "Maria is now Guest in Acme.",
        "",
    ]


def test_the_role_is_that_of_the_organization_whose_people_are_shown(
    owner: Agent, owner_actor: Actor, maria: Person, account: Organization
) -> None:
    birch = make_organization("Birch", membership_end_date="2030-12-15")
    Membership.objects.create(person=maria, organization=birch)
    choose(sign_in(owner), maria, ["Admin"], place=str(birch.pk))
    assert (held(maria, account), held(maria, birch)) == (["Guest"], ["Admin"])


def test_one_press_without_a_role_takes_none_away(
    owner: Agent, maria: Person, account: Organization
) -> None:
    answer = choose(sign_in(owner), maria, [])
    assert "Choose one of the roles listed." in answer.content.decode()
    assert held(maria, account) == ["Guest"]


def test_roles_changed_meanwhile_are_shown_instead_of_overwritten(
    owner: Agent, owner_actor: Actor, maria: Person, account: Organization
) -> None:
    membership = Membership.objects.get(person_id=maria.pk)
    update_membership(owner_actor, membership.pk, role_ids=[Role.objects.get(pk=role("Client")).pk])
    answer = choose(sign_in(owner), maria, ["Admin"])
    assert "Somebody changed the roles meanwhile." in answer.content.decode()
    assert held(maria, account) == ["Client"]


def test_who_holds_several_roles_chooses_among_all_of_them(
    owner: Agent, owner_actor: Actor, maria: Person, account: Organization
) -> None:
    browser = sign_in(owner)
    membership = Membership.objects.get(person_id=maria.pk)
    path = reverse("people.field", kwargs={"id": maria.pk, "field": "roles"})
    one = browser.get(path, headers=HTMX).content.decode()
    both = [Role.objects.get(pk=role(name)).pk for name in ("Guest", "Client")]
    update_membership(owner_actor, membership.pk, role_ids=both)
    several = browser.get(path, headers=HTMX).content.decode()
    assert ("aria-pressed" in one, "multiple" in one) == (True, False)
    assert ("aria-pressed" in several, "multiple" in several) == (False, True)
    assert browser.get(path).headers["Location"] == f"/memberships/{membership.pk}/edit/"


def test_who_may_not_edit_is_refused_and_offered_no_cell(
    viewer: Agent, maria: Person, account: Organization
) -> None:
    browser = sign_in(viewer)
    assert choose(browser, maria, ["Admin"]).status_code == 403
    for path in ("/people/", f"/organizations/{account.pk}/people/"):
        page = browser.get(path).content.decode()
        assert ("Guest" in page, 'data-edit-url="' in page) == (True, False)
    assert held(maria, account) == ["Guest"]


def test_what_is_no_membership_is_not_there(owner: Agent, account: Organization) -> None:
    browser = sign_in(owner)
    stranger = make_person("jan@elsewhere.test", name="Jan")
    assert choose(browser, stranger, ["Admin"], place=str(account.pk)).status_code == 404
