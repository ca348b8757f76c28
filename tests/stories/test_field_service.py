"""S1: clients of a field service, statement by statement (acceptance.md)."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portico.clients.models import Membership, Organization
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import PASSWORD, make_agent
from tests.stories.records import nothing_changes, told
from tests.stories.screen import Node, Screen
from tests.stories.visitor import Program, Visitor, problem_of

CREATED = "organization.created"
WORDS = ("", "delete", "DELET", "Delete", "DELETE!", "D E L E T E")


@pytest.fixture
def preset() -> str:
    """An organization reads Client, a person Contact."""
    return Preset.FIELD_SERVICE


def active() -> list[str]:
    return sorted(Organization.objects.active().values_list("name", flat=True))


def archived() -> list[str]:
    return sorted(Organization.objects.archived().values_list("name", flat=True))


def make_three() -> list[Organization]:
    return [make_organization(name) for name in ("Acme Windows", "Birch Roofs", "Cedar Floors")]


def show(agent: Visitor, organization: Organization) -> Screen:
    return agent.open(f"/organizations/{organization.pk}/")


def folded(node: Node) -> bool:
    """Whether it is seen only after something was folded out."""
    return node.above("details") is not None


def test_s1_01_clients_in_the_navigation_leads_to_the_active_ones_by_name(
    scope: Any, program: Program
) -> None:
    for name in ("Cedar Floors", "acme windows", "Birch Roofs"):
        make_organization(name)
    make_organization("Archived Ltd", archived_at=timezone.now())
    viewer = Visitor(make_agent("v@northstar.test", permissions=["view_clients"]))
    viewer.open("/")
    assert "Clients" in viewer.sees.navigation("Main")
    assert viewer.follow("Clients").heading == "Clients"
    names = ["acme windows", "Birch Roofs", "Cedar Floors"]
    assert viewer.sees.row_names == names
    for name in names:
        key = Organization.objects.get(name=name).pk
        assert viewer.sees.link(name) == f"/organizations/{key}/"
    assert viewer.follow("Birch Roofs").heading == "Birch Roofs"
    assert [row["name"] for row in program.get("organizations").json()["items"]] == names


def test_s1_01_without_the_right_to_view_clients_there_is_no_entry_and_no_list(scope: Any) -> None:
    nobody = make_agent("n@northstar.test", permissions=[])
    visitor = Visitor(nobody)
    assert "Clients" not in visitor.open("/").navigation("Main")
    assert visitor.open("/organizations/").status == 403
    assert problem_of(Program(nobody).get("organizations"))[:2] == (403, "permission_denied")


def test_s1_02_everything_about_a_client_is_reachable_from_its_page(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_person("lena@acme.test", organization=acme)
    page = show(agent, acme)
    assert page.heading == "Acme Windows"
    assert page.row_names == ["Lena Fischer"]
    entries = ["Contacts", "Edit Client", "Archive", "Merge", "Delete Client"]
    assert page.menu("More actions") == entries
    assert agent.follow("Lena Fischer").heading == "Lena Fischer"
    body = program.get(f"organizations/{acme.pk}").json()
    assert (body["name"], body["people_count"]) == ("Acme Windows", 1)
    found = program.get("people", organization=str(acme.pk)).json()["items"]
    assert [row["name"] for row in found] == ["Lena Fischer"]


def test_s1_04_a_signed_out_visitor_is_sent_to_sign_in_and_then_to_clients(owner: Agent) -> None:
    visitor = Visitor()
    page = visitor.open("/organizations/")
    assert page.path == "/accounts/login/?next=/organizations/"
    page = visitor.press("Sign in", login=owner.email, password=PASSWORD)
    assert (page.path, page.heading) == ("/organizations/", "Clients")


def test_s1_05_add_client_asks_for_one_name_which_is_enough(agent: Visitor) -> None:
    make_organization("Birch Roofs")
    agent.open("/organizations/")
    page = agent.follow("+ Add Client")
    form = page.form_of(page.button("Add Client"))
    unfolded = [node for node in form.all("input", "textarea", "select") if not folded(node)]
    seen = [box.get("name") for box in unfolded if box.get("type") != "hidden"]
    assert seen == ["name"]
    agent.press("Add Client", name="Acme Windows")
    assert active() == ["Acme Windows", "Birch Roofs"]


def test_s1_05_by_the_api_a_name_alone_is_enough_too(program: Program) -> None:
    answer = program.post("organizations", name="Acme Windows")
    assert (answer.status_code, active()) == (201, ["Acme Windows"])


def test_s1_06_the_new_client_stands_in_the_active_list_at_once(
    agent: Visitor, program: Program
) -> None:
    agent.open("/organizations/new/")
    page = agent.press("Add Client", name="Acme Windows")
    assert page.path.startswith("/organizations/?")
    assert (page.row_names, page.toasts) == (["Acme Windows"], ["Acme Windows added."])
    assert [row["name"] for row in program.get("organizations").json()["items"]] == ["Acme Windows"]
    assert told(CREATED) == [(CREATED, "Acme Windows", "page")]


@pytest.mark.parametrize(("name", "code"), (("", "blank"), ("   ", "blank"), ("A", "too_short")))
def test_s1_07_a_name_under_two_characters_is_refused(
    agent: Visitor, program: Program, name: str, code: str
) -> None:
    agent.open("/organizations/new/")
    with nothing_changes():
        page = agent.press("Add Client", name=name)
        answer = program.post("organizations", name=name)
    assert (page.status, set(page.errors)) == (422, {"name"})
    assert page.errors["name"] == answer.json()["errors"][0]["message"]
    assert problem_of(answer) == (422, "invalid", [("/name", code)])


def test_s1_08_an_equal_name_needs_an_explicit_create_anyway(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    agent.open("/organizations/new/")
    with nothing_changes():
        page = agent.press("Add Client", name="  ACME   windows ")
        answer = program.post("organizations", name="acme Windows")
    assert page.status == 409
    assert "There is a client of this name already." in page.text
    assert problem_of(answer) == (409, "needs_confirmation", [("/name", "equal_name")])
    agent.press("Create anyway")
    assert active() == ["ACME   windows", "Acme Windows"]
    program.post("organizations", name="acme Windows", confirm=["equal_name"])
    assert Organization.objects.count() == 3


def test_s1_09_the_name_opens_the_client_and_its_menu_offers_edit(
    agent: Visitor, acme: Organization
) -> None:
    agent.open("/organizations/")
    page = agent.follow("Acme Windows")
    assert page.heading == "Acme Windows"
    assert "Edit Client" in page.menu("More actions")
    assert agent.follow("Edit Client").path == f"/organizations/{acme.pk}/edit/"


def test_s1_10_the_form_holds_the_present_name_and_a_saved_one_shows_everywhere(
    agent: Visitor, acme: Organization
) -> None:
    guest = make_person("guest@acme.test", organization=acme, roles=["Guest"])
    show(agent, acme)
    page = agent.follow("Edit Client")
    assert page.fields(page.form_of(page.button("Save Changes")))["name"] == ["Acme Windows"]
    page = agent.press("Save Changes", name="Acme Doors")
    assert (page.path, page.heading) == (f"/organizations/{acme.pk}/", "Acme Doors")
    assert agent.open("/organizations/").row_names == ["Acme Doors"]
    assert agent.open("/people/new/").choices("organization") == ["Acme Doors"]
    picked = agent.browser.get("/organizations/choices/?q=acme").json()
    assert [row["label"] for row in picked] == ["Acme Doors"]
    portal = Visitor(guest).open("/portal/")
    assert ("Acme Doors" in portal.text, "Acme Windows" in portal.text) == (True, False)
    Membership.objects.create(person=guest, organization=make_organization("Birch Roofs"))
    header = Visitor(guest).open("/portal/").menu("You act for Acme Doors. Choose another")
    assert sorted(header) == ["Acme Doors", "Birch Roofs"]


def test_s1_10_by_the_api_the_name_changes_alike(program: Program, acme: Organization) -> None:
    answer = program.patch(f"organizations/{acme.pk}", version=1, name="Acme Doors")
    assert (answer.status_code, active()) == (200, ["Acme Doors"])
    kind = "organization.updated"
    assert told(kind) == [(kind, "Acme Doors", "api")]


def test_s1_11_the_form_left_without_saving_changes_nothing(
    agent: Visitor, acme: Organization
) -> None:
    with nothing_changes():
        show(agent, acme)
        agent.follow("Edit Client")
        page = agent.follow("Cancel")
        assert page.heading == "Acme Windows"
        agent.follow("Edit Client")
        agent.press("Save Changes")
    assert told("organization.updated") == []


def test_s1_12_delete_client_is_offered_to_those_who_may_delete(
    agent: Visitor, acme: Organization
) -> None:
    assert "Delete Client" in show(agent, acme).menu("More actions")
    rights = ["view_clients", "manage_client_organizations"]
    editor = Visitor(make_agent("e@northstar.test", permissions=rights))
    assert show(editor, acme).menu("More actions") == ["Contacts", "Edit Client"]
    assert editor.open(f"/organizations/{acme.pk}/delete/").status == 403


def test_s1_12_who_may_not_delete_is_refused_by_page_and_api(acme: Organization) -> None:
    rights = ["view_clients", "manage_client_organizations"]
    editor = make_agent("e@northstar.test", permissions=rights)
    visitor, program = Visitor(editor), Program(editor)
    with nothing_changes():
        page = visitor.send(f"/organizations/{acme.pk}/delete/", {"word": "DELETE"})
        answer = program.delete(f"organizations/{acme.pk}?confirm=DELETE", version=1)
    assert (page.status, "“delete_clients”" in page.text) == (403, True)
    assert problem_of(answer)[:2] == (403, "permission_denied")
    assert answer.json()["permissions"] == ["delete_clients"]


@pytest.mark.parametrize("word", WORDS)
def test_s1_13_any_other_word_is_refused_on_the_server(
    agent: Visitor, program: Program, acme: Organization, word: str
) -> None:
    show(agent, acme)
    agent.follow("Delete Client")
    with nothing_changes():
        page = agent.press("Delete", word=word)
        answer = program.delete(f"organizations/{acme.pk}?confirm={word}", version=1)
    assert page.status == 422
    assert page.errors == {"word": "Type DELETE in capital letters to confirm."}
    assert problem_of(answer)[:2] == (422, "confirmation_needed")
    assert answer.json()["detail"] == page.errors["word"]


def test_s1_14_deleted_it_is_in_no_list_has_no_page_and_cannot_be_chosen(
    agent: Visitor, program: Program
) -> None:
    acme, birch, _cedar = make_three()
    show(agent, acme)
    agent.follow("Delete Client")
    page = agent.press("Delete", word="DELETE")
    assert (page.path, page.toasts) == ("/organizations/", ["Acme Windows deleted permanently."])
    answer = program.delete(f"organizations/{birch.pk}?confirm=DELETE", version=1)
    assert answer.status_code == 204
    assert (active(), archived()) == (["Cedar Floors"], [])
    for gone in (acme, birch):
        assert show(agent, gone).status == 404
        assert problem_of(program.get(f"organizations/{gone.pk}"))[:2] == (404, "not_found")
        page = agent.send("/people/new/", {"name": "Lena", "organization": str(gone.pk)})
        assert set(page.errors) == {"organization"}
    assert agent.open("/people/new/").choices("organization") == ["Cedar Floors"]
    assert agent.open("/organizations/?state=archived").row_names == []
    kind = "organization.deleted"
    assert told(kind) == [(kind, "Acme Windows", "page"), (kind, "Birch Roofs", "api")]


def test_s1_30_contact_data_and_the_last_change_are_visible(
    agent: Visitor, program: Program, scope: Any
) -> None:
    with time_machine.travel(datetime.datetime(2026, 3, 4, 9, 30, tzinfo=datetime.UTC)):
        acme = make_organization(
            "Acme Windows",
            website="https://acme.test/",
            address_street="Am Wall 1",
            address_city="Köln",
        )
    make_person("lena@acme.test", organization=acme, phone="+49 40 123")
    page = show(agent, acme)
    assert page.properties["Website"].startswith("acme.test")
    assert page.properties["Address"].startswith("Am Wall 1 Köln")
    changed = page.properties["Last changed"]
    assert re.fullmatch(r"03/04/2026,? 9:30 AM", changed), changed
    assert [row["E-mail"] for row in page.rows] == ["lena@acme.test"]
    assert agent.follow("Lena Fischer").properties["Phone"].startswith("+49 40 123")
    body = program.get(f"organizations/{acme.pk}").json()
    assert (body["website"], body["address"]["city"]) == ("https://acme.test/", "Köln")
    assert body["updated_at"].startswith("2026-03-04T09:30")


def test_s1_31_contacts_are_one_step_away(agent: Visitor, acme: Organization) -> None:
    make_person("lena@acme.test", organization=acme)
    page = show(agent, acme)
    address = f"/organizations/{acme.pk}/people/"
    doors = [node.text for node in page.root.all("a") if node.get("href") == address]
    assert doors == ["Contacts", "Contacts1"]
    assert agent.open(address).row_names == ["Lena Fischer"]
