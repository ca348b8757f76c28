"""How agents put people into organizations, change roles, move and remove them."""

import datetime
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from portico.clients.actions.memberships import add_membership, move_person
from portico.clients.models import Membership, Organization, Person
from portico.clients.reports import effective_manager
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.workspaces.models import Role
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.stories.screen import Screen


def screen(browser: Client, path: str) -> Screen:
    return Screen(browser.get(path), path)


def role_id(name: str) -> UUID:
    key: UUID = Role.objects.values_list("pk", flat=True).get(kind="client", name=name)
    return key


def places(person: Person) -> dict[str, list[str]]:
    rows = Membership.objects.filter(person_id=person.pk).order_by("pk")
    return {
        row.organization.name + (" (primary)" if row.is_primary else ""): sorted(
            given.role.name for given in row.role_assignments.all()
        )
        for row in rows
    }


def test_a_person_is_added_to_a_second_organization_and_shown_with_both(
    owner_browser: Client, guest: Person
) -> None:
    birch = make_organization("Birch Roofs")
    sent = {"organization": birch.pk, "roles": [role_id("Client"), role_id("Viewer")]}
    answer = owner_browser.post(f"/people/{guest.pk}/memberships/new/", sent)
    assert answer.headers["Location"] == f"/people/{guest.pk}/"
    page = screen(owner_browser, f"/people/{guest.pk}/")
    assert page.toasts == ["Gina Guest now belongs to Birch Roofs."]
    assert [(row["name"], row["Roles"], row["Primary"]) for row in page.rows] == [
        ("Acme Windows", "Guest", "Primary"),
        ("Birch Roofs", "Client, Viewer", ""),
    ]
    assert page.menu("Actions for Birch Roofs") == [
        *("Change roles", "Make primary", "Move to another organization", "Remove"),
    ]


def test_somebody_who_is_there_is_added_from_the_organization(
    owner_browser: Client, guest: Person
) -> None:
    birch = make_organization("Birch Roofs")
    page = screen(owner_browser, f"/organizations/{birch.pk}/people/")
    path = page.link("Add existing client")
    answer = owner_browser.post(path, {"person": guest.pk})
    assert answer.headers["Location"] == f"/organizations/{birch.pk}/people/"
    assert places(guest) == {"Acme Windows (primary)": ["Guest"], "Birch Roofs": []}
    found = owner_browser.get("/people/choices/?q=gina").json()
    assert found == [{"value": str(guest.pk), "label": "Gina Guest", "hint": "guest@acme.test"}]


def test_a_wrong_choice_is_marked_at_its_field(owner_browser: Client, guest: Person) -> None:
    path = f"/people/{guest.pk}/memberships/new/"
    page = Screen(owner_browser.post(path, {"roles": [role_id("Admin")]}), path)
    assert (page.status, page.errors) == (422, {"organization": "Choose an organization."})
    ticked = [node for node in page.root.all("input") if "checked" in node.attributes]
    assert [node.get("value") for node in ticked] == [str(role_id("Admin"))]


def test_roles_change_and_a_stale_form_shows_the_present_ones(
    owner_browser: Client, guest: Person
) -> None:
    key = Membership.objects.get(person_id=guest.pk).pk
    path = f"/memberships/{key}/edit/"
    sent = {"roles": [role_id("Admin")], "version": 1}
    assert owner_browser.post(path, sent).status_code == 302
    assert places(guest) == {"Acme Windows (primary)": ["Admin"]}
    page = Screen(owner_browser.post(path, {"roles": [], "version": 1}), path)
    assert page.status == 409
    assert "Somebody changed the roles meanwhile." in page.text
    assert page.fields(page.form_of(page.button("Save")))["roles"] == [str(role_id("Admin"))]


def test_edge_case_59_moving_asks_what_happens_to_the_past(
    owner_browser: Client, guest: Person
) -> None:
    birch = make_organization("Birch Roofs")
    path = f"/people/{guest.pk}/move/"
    page = screen(owner_browser, path)
    form = page.form_of(page.button("Move"))
    assert page.fields(form)["past"] == ["stays"]
    owner_browser.post(path, {**page.fields(form), "organization": birch.pk, "past": "goes"})
    assert places(guest) == {"Birch Roofs (primary)": ["Guest"]}
    moved = Event.objects.get(kind="person.moved")
    assert moved.changes["past_stays"] == [None, False]
    for organization_path in ("/people/{0}/history/",):
        assert (
            "moved this client to another organization"
            in screen(owner_browser, organization_path.format(guest.pk)).text
        )


def test_the_last_organization_is_not_removed_and_the_way_out_is_offered(
    owner_browser: Client, guest: Person
) -> None:
    path = f"/memberships/{Membership.objects.get(person_id=guest.pk).pk}/remove/"
    page = Screen(owner_browser.post(path), path)
    assert page.status == 422
    assert "A client belongs to at least one organization: move or archive them" in page.text
    assert page.offers("Move instead")
    assert places(guest) == {"Acme Windows (primary)": ["Guest"]}


def test_making_primary_and_removing_work_from_the_page(
    owner_browser: Client, owner_actor: Actor, guest: Person
) -> None:
    added = add_membership(owner_actor, guest.pk, make_organization("Birch Roofs").pk)
    owner_browser.post(f"/memberships/{added.pk}/primary/")
    assert places(guest) == {"Acme Windows": ["Guest"], "Birch Roofs (primary)": []}
    owner_browser.post(f"/memberships/{added.pk}/remove/")
    assert places(guest) == {"Acme Windows (primary)": ["Guest"]}


def test_s2_22_who_moves_sees_the_new_organization_at_the_next_request(
    owner_actor: Actor, acme: Organization, guest: Person
) -> None:
    browser = sign_in(guest)
    assert "Acme Windows" in screen(browser, "/portal/").text
    birch = make_organization("Birch Roofs")
    move_person(owner_actor, guest.pk, birch.pk)
    page = screen(browser, "/portal/")
    assert ("Birch Roofs" in page.text, "Acme Windows" in page.text) == (True, False)


def test_x11_a_move_drops_the_inherited_account_manager_and_keeps_the_own_one(
    owner_actor: Actor, owner: Any, viewer: Any, acme: Organization, guest: Person
) -> None:
    acme.account_managers.create(agent=owner, is_first=True)
    found = effective_manager(guest)
    assert found is not None
    assert (found.name, found.source) == ("Olga Owner", "organization")
    own = make_person("own@acme.test", name="Own", organization=acme, account_manager=viewer)
    birch = make_organization("Birch Roofs")
    for person in (guest, own):
        move_person(owner_actor, person.pk, birch.pk)
    assert effective_manager(guest) is None
    kept = effective_manager(own)
    assert kept is not None
    assert (kept.name, kept.source) == ("Vera Viewer", "own")


def test_edge_case_60_who_belongs_nowhere_may_sign_in_and_reads_so(
    owner_actor: Actor, guest: Person
) -> None:
    Membership.objects.filter(person_id=guest.pk).delete()
    page = screen(sign_in(guest), "/portal/")
    assert page.status == 200
    assert "Acme Windows" not in page.text


def test_edge_case_22_the_stricter_of_toggle_and_date_is_the_reason(
    acme: Organization, guest: Person
) -> None:
    yesterday = timezone.now().date() - datetime.timedelta(days=2)
    Organization.objects.filter(pk=acme.pk).update(is_active=False, membership_end_date=yesterday)
    answer = Client().post(
        "/accounts/login/",
        {"login": guest.email, "password": "correct horse battery staple"},
    )
    assert "The portal of Acme Windows is switched off." in answer.content.decode()
