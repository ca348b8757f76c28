"""Create and edit a person by their forms."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portico.clients.actions.people import update_person
from portico.clients.models import Membership, Organization, Person
from portico.kit.actors import Actor
from portico.workspaces.models import Agent, Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent
from tests.pages import fields_of, marked_fields, text_of

LENA = {"name": "Lena Fischer", "email": "lena@acme.test"}


def chosen_of(answer: Any) -> list[str]:
    return re.findall(r'<option value="([^"]+)" selected', answer.content.decode())


def test_a_person_is_created_in_an_organization_and_stands_in_the_list(
    owner_browser: Client, acme: Organization
) -> None:
    sent = LENA | {"organization": str(acme.pk), "position": "Head", "phone": "+49 40 1"}
    answer = owner_browser.post("/people/new/", sent)
    person = Person.objects.get()
    assert answer.headers["Location"] == f"/people/{person.pk}/"
    assert (person.name, person.email, person.position, person.phone) == (
        "Lena Fischer",
        "lena@acme.test",
        "Head",
        "+49 40 1",
    )
    assert Membership.objects.get().organization_id == acme.pk
    assert "Lena Fischer" in text_of(owner_browser.get("/people/"))


def test_each_missing_field_is_marked_and_what_was_typed_is_kept(
    owner_browser: Client, acme: Organization
) -> None:
    answer = owner_browser.post("/people/new/", {"phone": "+49 40 1"})
    assert (answer.status_code, Person.objects.count()) == (422, 0)
    assert marked_fields(answer) == {"name", "email", "organization"}
    assert 'value="+49 40 1"' in text_of(answer)


def test_where_the_organization_is_optional_it_may_stay_empty(workspace: Workspace) -> None:
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    Workspace.objects.filter(pk=workspace.pk).update(preset="support_desk")
    workspace.refresh_from_db()
    with open_scope(scope_of(workspace)):
        browser = sign_in(Agent.objects.get(email="owner@northstar.test"))
        assert browser.post("/people/new/", LENA).status_code == 302
        assert Membership.objects.get().organization_id is None


@pytest.mark.parametrize("email", ("no-at", "a@", "a b@acme.test", "x" * 10_000 + "@acme.test"))
def test_an_ill_formed_address_is_refused_at_its_field(
    owner_browser: Client, acme: Organization, email: str
) -> None:
    sent = {"name": "Lena", "email": email, "organization": str(acme.pk)}
    answer = owner_browser.post("/people/new/", sent)
    assert (answer.status_code, marked_fields(answer), Person.objects.count()) == (
        422,
        {"email"},
        0,
    )


@pytest.mark.parametrize("email", ("TAKEN@acme.test", "Owner@Northstar.test", "old@ACME.test"))
def test_an_address_in_use_by_anybody_is_refused(
    owner_browser: Client, acme: Organization, email: str
) -> None:
    make_person("taken@acme.test", organization=acme)
    make_person("old@acme.test", organization=acme, archived_at=timezone.now())
    sent = {"name": "Lena", "email": email, "organization": str(acme.pk)}
    answer = owner_browser.post("/people/new/", sent)
    assert (answer.status_code, marked_fields(answer), Person.objects.count()) == (
        422,
        {"email"},
        2,
    )


def test_with_one_organization_it_is_chosen_already_with_two_none_is(
    owner_browser: Client, acme: Organization
) -> None:
    assert chosen_of(owner_browser.get("/people/new/"))[:1] == [str(acme.pk)]
    birch = make_organization("Birch")
    assert str(acme.pk) not in chosen_of(owner_browser.get("/people/new/"))
    asked = owner_browser.get(f"/people/new/?organization={birch.pk}")
    assert chosen_of(asked)[:1] == [str(birch.pk)]


@pytest.mark.parametrize(
    "organization", ("abc", "01900000-0000-7000-8000-000000000000", "archived", "inactive")
)
def test_an_organization_that_cannot_be_chosen_is_refused_at_its_field(
    owner_browser: Client, acme: Organization, organization: str
) -> None:
    gone = make_organization("Gone", archived_at=timezone.now())
    off = make_organization("Off", is_active=False)
    key = {"archived": str(gone.pk), "inactive": str(off.pk)}.get(organization, organization)
    answer = owner_browser.post("/people/new/", LENA | {"organization": key})
    assert (answer.status_code, marked_fields(answer)) == (422, {"organization"})
    assert Person.objects.count() == 0


def test_an_organization_created_inside_the_form_is_chosen_and_the_rest_is_kept(
    owner_browser: Client, acme: Organization
) -> None:
    typed = LENA | {"organization_name": "Birch", "position": "Head"}
    sent = fields_of(owner_browser.get("/people/new/")) | typed | {"step": "organization"}
    answer = owner_browser.post("/people/new/", sent)
    birch = Organization.objects.get(name="Birch")
    assert (answer.status_code, Person.objects.count()) == (200, 0)
    assert chosen_of(answer)[:1] == [str(birch.pk)]
    kept = fields_of(answer)
    assert (kept["name"], kept["email"], kept["position"], kept["organization_name"]) == (
        "Lena Fischer",
        "lena@acme.test",
        "Head",
        "",
    )


def test_a_wrong_name_of_the_new_organization_is_marked_there(
    owner_browser: Client, acme: Organization
) -> None:
    for name in ("", " ", "A", "x" * 300):
        sent = LENA | {"organization_name": name, "step": "organization"}
        answer = owner_browser.post("/people/new/", sent)
        assert (answer.status_code, marked_fields(answer)) == (422, {"organization_name"})
    assert Organization.objects.count() == 1


def test_a_new_organization_and_the_person_are_created_together_or_not_at_all(
    owner_browser: Client, acme: Organization
) -> None:
    refused = owner_browser.post("/people/new/", {"name": "L", "organization_name": "Birch"})
    assert (refused.status_code, Organization.objects.count()) == (422, 1)
    owner_browser.post("/people/new/", LENA | {"organization_name": "Birch"})
    assert Membership.objects.get().organization.name == "Birch"


def test_without_the_right_to_it_no_organization_is_created_on_the_spot(
    owner: Agent, acme: Organization
) -> None:
    permissions = ["view_clients", "create_clients"]
    browser = sign_in(make_agent("adder@northstar.test", permissions=permissions))
    assert "organization_name" not in text_of(browser.get("/people/new/"))
    browser.post("/people/new/", LENA | {"organization_name": "Birch", "step": "organization"})
    assert Organization.objects.count() == 1


def test_the_same_form_sent_twice_creates_one(owner_browser: Client, acme: Organization) -> None:
    sent = fields_of(owner_browser.get("/people/new/")) | LENA | {"organization": str(acme.pk)}
    sent.pop("step", None)
    first, second = (owner_browser.post("/people/new/", sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Person.objects.count() == 1


def test_the_edit_form_saves_and_a_clash_shows_both_values(
    owner_browser: Client, owner_actor: Actor, guest: Any
) -> None:
    path = f"/people/{guest.pk}/edit/"
    mine = fields_of(owner_browser.get(path)) | {"phone": "1"}
    update_person(owner_actor, guest.pk, {"phone": "2", "position": "Head"}, version=1)
    clash = owner_browser.post(path, mine)
    assert clash.status_code == 409
    assert "Saved meanwhile: 2." in text_of(clash)
    sent = fields_of(clash)
    assert (sent["phone"], sent["position"]) == ("1", "Head")
    assert owner_browser.post(path, sent).headers["Location"] == f"/people/{guest.pk}/"
    person = Person.objects.get()
    assert (person.phone, person.position, person.version) == ("1", "Head", 3)


def test_an_address_in_use_is_refused_when_editing_too(owner_browser: Client, guest: Any) -> None:
    path = f"/people/{guest.pk}/edit/"
    sent = fields_of(owner_browser.get(path)) | {"email": "OWNER@northstar.test"}
    answer = owner_browser.post(path, sent)
    assert (answer.status_code, marked_fields(answer)) == (422, {"email"})
    assert Person.objects.get().email == "guest@acme.test"


def test_who_may_only_look_can_open_no_form(viewer: Agent, guest: Any) -> None:
    browser = sign_in(viewer)
    for path in ("/people/new/", f"/people/{guest.pk}/edit/"):
        assert browser.post(path, {"name": "Taken over"}).status_code == 403
    assert Person.objects.get().name == "Gina Guest"
