"""S2: who may create, edit and delete clients, and what each refusal says (acceptance.md)."""

from typing import Any

import pytest
from django.utils import timezone

from portico.accounts.models import User
from portico.clients.models import Organization, Person
from portico.workspaces.choices import Preset
from portico.workspaces.models import Plan, Role, Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent
from tests.stories.records import nothing_changes
from tests.stories.visitor import Program, Visitor, problem_of

MIA = {"name": "Mia Berg", "email": "mia@acme.test"}


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


def agent_with(*permissions: str) -> Any:
    return make_agent("e@northstar.test", permissions=list(permissions))


def test_s2_1_a_fresh_workspace_creates_all_five_without_touching_settings(
    agent: Visitor, program: Program
) -> None:
    agent.open("/organizations/")
    agent.follow("Create Organization")
    owner = User.objects.get(email="owner@northstar.test")
    typed = {"name": "Acme Windows", "address_city": "Hamburg", "website": "acme.test"}
    agent.press("Create Organization", **typed, account_managers=[str(owner.pk)])
    agent.open("/people/")
    agent.follow("Create Client")
    page = agent.press("Create Client", **MIA, phone="+49 40 1", invitation="1")
    assert page.heading == "Mia Berg"
    [organization] = program.get("organizations").json()["items"]
    [person] = program.get("people").json()["items"]
    [invitation] = program.get("invitations").json()["items"]
    assert (organization["name"], organization["address"]["city"]) == ("Acme Windows", "Hamburg")
    assert [row["name"] for row in organization["account_managers"]] == ["Olga Owner"]
    assert (person["email"], person["phone"]) == ("mia@acme.test", "+49 40 1")
    assert person["effective_manager"]["source"] == "organization"
    assert invitation["state"] == "pending"
    assert Workspace.objects.get().settings == {}


def test_s2_02_without_create_clients_the_button_is_absent_and_both_doors_refuse(
    acme: Organization,
) -> None:
    looker = agent_with("view_clients", "edit_clients")
    visitor, program = Visitor(looker), Program(looker)
    assert visitor.open("/people/").offers("Create Client") is False
    assert visitor.open("/people/new/").status == 403
    with nothing_changes():
        page = visitor.send("/people/new/", {**MIA, "organization": str(acme.pk)})
        answer = program.post("people", **MIA, organization_id=str(acme.pk))
    assert (page.status, "“create_clients”" in page.text) == (403, True)
    assert page.link("Ask Olga Owner") == "mailto:owner@northstar.test"
    assert problem_of(answer)[:2] == (403, "permission_denied")
    assert answer.json()["permissions"] == ["create_clients"]


def test_s2_18_create_organization_opens_the_full_form(agent: Visitor) -> None:
    agent.open("/organizations/")
    page = agent.follow("Create Organization")
    sent = page.fields(page.form_of(page.button("Create Organization")))
    names = {"name", "description", "website", "address_street", "address_city", "tags"}
    assert names | {"address_country", "membership_end_date"} <= set(sent)
    assert page.choices("account_managers") == ["Olga Owner"]


def test_s2_30_without_manage_client_organizations_both_doors_refuse(acme: Organization) -> None:
    maker = agent_with("view_clients", "create_clients", "edit_clients", "delete_clients")
    visitor, program = Visitor(maker), Program(maker)
    assert visitor.open("/organizations/").offers("Create Organization") is False
    assert visitor.open(f"/organizations/{acme.pk}/").offers("Edit organization") is False
    with nothing_changes():
        pages = [
            visitor.send("/organizations/new/", {"name": "Birch Roofs"}),
            visitor.send(f"/organizations/{acme.pk}/edit/", {"name": "Birch", "version": "1"}),
        ]
        answers = [
            program.post("organizations", name="Birch Roofs"),
            program.patch(f"organizations/{acme.pk}", version=1, name="Birch"),
        ]
    assert [page.status for page in pages] == [403, 403]
    assert ["“manage_client_organizations”" in page.text for page in pages] == [True, True]
    assert [problem_of(answer)[:2] for answer in answers] == [(403, "permission_denied")] * 2


def test_s2_30_neither_does_the_form_of_a_client_create_one_then(acme: Organization) -> None:
    maker = Visitor(agent_with("view_clients", "create_clients"))
    page = maker.open("/people/new/")
    sent = page.fields(page.form_of(page.button("Create Client")))
    assert "organization_name" not in sent
    assert page.offers("Create Organization") is False
    forged = {**MIA, "organization_name": "Birch Roofs", "step": "organization"}
    maker.send("/people/new/", forged)
    maker.press("Create Client", **MIA, organization_name="Birch Roofs", organization="")
    assert list(Organization.objects.values_list("name", flat=True)) == ["Acme Windows"]


@pytest.mark.parametrize("name", ("A", " A ", "é"))
def test_s2_31_a_name_of_one_character_is_refused(
    agent: Visitor, program: Program, name: str
) -> None:
    agent.open("/organizations/new/")
    with nothing_changes():
        page = agent.press("Create Organization", name=name)
        answer = program.post("organizations", name=name)
    assert (page.status, set(page.errors)) == (422, {"name"})
    assert problem_of(answer) == (422, "invalid", [("/name", "too_short")])


def test_s2_31_a_name_of_two_characters_is_accepted(agent: Visitor, program: Program) -> None:
    agent.open("/organizations/new/")
    agent.press("Create Organization", name=" AB ")
    assert program.post("organizations", name="CD").status_code == 201
    assert sorted(Organization.objects.values_list("name", flat=True)) == ["AB", "CD"]


def test_s2_32_s2_33_s2_34_description_website_and_address_are_optional_and_shown(
    agent: Visitor, program: Program
) -> None:
    agent.open("/organizations/new/")
    typed = {"description": "Windows since 1950", "website": "https://acme.test/shop"}
    address = {"address_street": "Am Wall 1", "address_postal_code": "20095"}
    agent.press("Create Organization", name="Acme Windows", **typed, **address)
    key = Organization.objects.get().pk
    page = agent.open(f"/organizations/{key}/")
    assert "Windows since 1950" in page.text
    assert page.link("acme.test/shop") == "https://acme.test/shop"
    assert page.properties["Address"].startswith("Am Wall 1 20095")
    body = program.get(f"organizations/{key}").json()
    assert (body["description"], body["website"]) == (typed["description"], typed["website"])
    assert (body["address"]["street"], body["address"]["city"]) == ("Am Wall 1", "")
    bare = program.post("organizations", name="Bare").json()
    assert (bare["description"], bare["website"], bare["address"]["street"]) == ("", "", "")


@pytest.mark.parametrize("website", ("not an address", "javascript:alert(1)", "ftp://acme.test"))
def test_s2_33_what_is_no_web_address_is_refused(
    agent: Visitor, program: Program, website: str
) -> None:
    agent.open("/organizations/new/")
    with nothing_changes():
        page = agent.press("Create Organization", name="Acme", website=website)
        answer = program.post("organizations", name="Acme", website=website)
    assert (page.status, set(page.errors)) == (422, {"website"})
    assert [pointer for pointer, _code in problem_of(answer)[2]] == ["/website"]
    assert answer.json()["errors"][0]["message"] == page.errors["website"]


def refusals(who: Any, key: str, **typed: Any) -> tuple[str, str]:
    """What page and API say about one creation."""
    visitor, program = Visitor(who), Program(who)
    with nothing_changes():
        page = visitor.send("/people/new/", {**MIA, **typed, "organization": key})
        answer = program.post("people", **{**MIA, **typed}, organization_id=key)
    assert answer.status_code == page.status
    return page.text, answer.json()["code"]


def test_s2_73_address_in_use_no_permission_and_full_plan_say_three_different_things(
    owner: Any, acme: Organization
) -> None:
    make_person("lena@acme.test", organization=acme)
    key = str(acme.pk)
    text, code = refusals(owner, key, email="lena@acme.test")
    assert (code, "is in use: it belongs to Lena Fischer." in text) == ("email_in_use", True)
    text, code = refusals(agent_with("view_clients"), key)
    assert (code, "“create_clients”" in text) == ("permission_denied", True)
    Plan.objects.update(person_limit=1)
    text, code = refusals(owner, key)
    assert (code, "1 of 1" in text) == ("person_limit", True)


def test_s2_75_archived_and_inactive_organizations_are_not_offered_nor_taken(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_organization("Birch Roofs")
    closed = [
        make_organization("Archived Ltd", archived_at=timezone.now()),
        make_organization("Inactive Ltd", is_active=False),
    ]
    page = agent.open("/people/new/")
    assert page.choices("organization") == ["Acme Windows", "Birch Roofs"]
    found = agent.browser.get("/organizations/choices/?q=ltd").json()
    assert found == []
    for organization in closed:
        page = agent.open(f"/people/new/?organization={organization.pk}")
        assert page.choices("organization") == ["Acme Windows", "Birch Roofs"]
        with nothing_changes():
            page = agent.send("/people/new/", {**MIA, "organization": str(organization.pk)})
            answer = program.post("people", **MIA, organization_id=str(organization.pk))
        assert (page.status, set(page.errors)) == (422, {"organization"})
        pointers = [("/organization_id", "organization_not_assignable")]
        assert problem_of(answer) == (422, "organization_not_assignable", pointers)


def test_s2_75_where_there_is_none_the_form_says_so_and_offers_to_create_one(
    agent: Visitor,
) -> None:
    page = agent.open("/people/new/")
    assert page.choices("organization") == []
    assert "There is no organization yet." in page.text
    [folded] = [
        node
        for node in page.root.all("details")
        if any(part.get("name") == "organization_name" for part in node.all("input"))
    ]
    assert "open" in folded.attributes
    agent.press("Create Organization", **MIA, organization_name="Acme Windows")
    agent.press("Create Client")
    assert Person.objects.get().memberships.get().organization.name == "Acme Windows"


def test_x10_the_three_numbers_limit_each_its_own_kind_and_no_other(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    Plan.objects.update(full_licences=1, read_only_licences=0, person_limit=3)
    role = Role.objects.get(kind="agent", name="Team member")
    for number in range(3):
        typed = {"name": f"P {number}", "email": f"p{number}@acme.test"}
        made = program.post("people", **typed, organization_id=str(acme.pk))
        assert made.status_code == 201
    agent.open("/team/invite/")
    with nothing_changes():
        page = agent.press("Send invitation", email="tom@northstar.test", roles=[str(role.pk)])
        answer = program.post("people", **MIA, organization_id=str(acme.pk))
    assert "1 of 1 licences of this kind are in use." in page.text
    assert problem_of(answer)[:2] == (409, "person_limit")
    Plan.objects.update(full_licences=None, person_limit=None)
    agent.open("/team/invite/")
    page = agent.press("Send invitation", email="tom@northstar.test", roles=[str(role.pk)])
    assert (page.status, page.errors) == (200, {})
    assert program.post("people", **MIA, organization_id=str(acme.pk)).status_code == 201
    assert User.objects.filter(email="tom@northstar.test").count() == 1


def test_s2_36_s2_40_managers_are_assigned_by_the_api_and_shown_on_the_page(
    agent: Visitor, program: Program, owner: Any, acme: Organization
) -> None:
    hana = make_agent("hana@northstar.test", name="Hana Manager", roles=["Manager"])
    path = f"organizations/{acme.pk}"
    both = [str(hana.pk), str(owner.pk)]
    body = program.patch(path, version=1, account_managers=both).json()
    names = [(row["name"], row["is_first"]) for row in body["account_managers"]]
    assert names == [("Hana Manager", True), ("Olga Owner", False)]
    shown = agent.open(f"/organizations/{acme.pk}/").properties["Account managers"]
    assert shown.startswith("Hana Manager, Olga Owner")
    none = program.patch(path, version=body["version"], account_managers=[]).json()
    assert none["account_managers"] == []
