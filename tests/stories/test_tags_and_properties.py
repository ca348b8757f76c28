"""S2: tags, custom properties and account managers, statement by statement (acceptance.md)."""

from typing import Any

import pytest

from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.actions.people import update_person
from portico.clients.actions.properties import create_property
from portico.clients.models import AccountManager, CustomProperty, Organization, Person, Tag
from portico.clients.reports import effective_manager, tag_names
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization
from tests.factories.workspaces import make_agent
from tests.stories.visitor import Program, Visitor, problem_of

EDIT = "/organizations/{}/edit/"


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


@pytest.fixture
def hana(scope: Any) -> Agent:
    """An agent who looks after clients."""
    return make_agent("hana@northstar.test", name="Hana Manager", roles=["Manager"])


def managers(organization: Organization) -> list[str]:
    rows = AccountManager.objects.filter(organization=organization).order_by("-is_first", "id")
    return list(rows.values_list("agent__name", flat=True))


def tags(record: Organization | Person) -> list[str]:
    record.refresh_from_db()
    return tag_names(record)


def listed(page: Any) -> list[str]:
    return [item["name"] for item in page.json()["items"]]


def test_s2_34_s2_35_s2_36_the_full_form_of_an_organization(
    agent: Visitor, owner_actor: Actor, hana: Agent
) -> None:
    create_property(
        owner_actor, "organization", {"label": "Size", "kind": "choice", "choices": "S\nL"}
    )
    agent.open("/organizations/new/")
    page = agent.press(
        "Create Organization",
        name="Birch",
        address_city="Prague",
        tags="Retainer, Web",
        account_managers=[str(hana.pk)],
        **{"property.size": "L"},
    )
    assert (page.status, page.toasts) == (200, ["Birch created."])
    birch = Organization.objects.get(name="Birch")
    assert (birch.address_city, birch.property_values) == ("Prague", {"size": "L"})
    assert (tags(birch), managers(birch)) == (["Retainer", "Web"], ["Hana Manager"])


def test_s2_34_s2_35_s2_36_all_of_it_is_optional(agent: Visitor, owner_actor: Actor) -> None:
    create_property(owner_actor, "organization", {"label": "Size"})
    agent.open("/organizations/new/")
    assert agent.press("Create Organization", name="Birch").status == 200
    birch = Organization.objects.get(name="Birch")
    assert (birch.address_city, birch.property_values, tags(birch), managers(birch)) == (
        *("", {}, []),
        [],
    )


def test_s2_35_s2_36_by_the_api(program: Program, owner_actor: Actor, hana: Agent) -> None:
    create_property(owner_actor, "organization", {"label": "Staff", "kind": "number"})
    made = program.post(
        "organizations",
        name="Birch",
        tags=["Retainer"],
        account_managers=[str(hana.pk)],
        properties={"staff": 12},
    )
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["tags"], body["properties"]) == (["Retainer"], {"staff": "12"})
    assert body["account_managers"] == [
        {"id": str(hana.pk), "name": "Hana Manager", "email": hana.email, "is_first": True}
    ]
    path = f"organizations/{body['id']}"
    changed = program.patch(path, version=1, properties={"staff": None}, tags=[])
    assert (changed.json()["tags"], changed.json()["properties"]) == ([], {"staff": None})
    assert changed.json()["account_managers"] == body["account_managers"]
    refused = program.patch(path, version=2, properties={"staff": "many"})
    assert problem_of(refused) == (422, "invalid", [("/properties/staff", "invalid_number")])


def test_s2_40_several_team_members_are_assigned(
    agent: Visitor, acme: Organization, hana: Agent, owner: Agent
) -> None:
    agent.open(EDIT.format(acme.pk))
    agent.press("Save changes", account_managers=[str(owner.pk), str(hana.pk)])
    assert managers(acme) == [owner.name, "Hana Manager"]


def test_s2_42_the_organizations_of_a_team_member_can_be_listed(
    program: Program, owner_actor: Actor, hana: Agent
) -> None:
    for name, keys in (("Birch", [hana.pk]), ("Cedar", [])):
        create_organization(owner_actor, {"name": name, "account_managers": keys})
    assert listed(program.get("organizations", manager=str(hana.pk))) == ["Birch"]


def test_s2_43_s2_67_an_organization_without_a_working_manager_is_flagged_and_found(
    agent: Visitor, program: Program, owner_actor: Actor, hana: Agent
) -> None:
    birch = create_organization(owner_actor, {"name": "Birch", "account_managers": [hana.pk]})
    text = "No account manager."
    assert text not in agent.open(f"/organizations/{birch.pk}/").text
    assert listed(program.get("organizations", manager="none")) == []
    Agent.objects.filter(pk=hana.pk).update(is_disabled=True)
    assert text in agent.open(f"/organizations/{birch.pk}/").text
    assert listed(program.get("organizations", manager="none")) == ["Birch"]


def test_s2_44_a_defined_field_appears_in_form_page_filter_and_api(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    page = agent.open("/settings/properties/new/organization/")
    typed = page.fields(page.form_of(page.button("Save property")))
    page = agent.send(page.path, {**typed, "label": "Staff", "kind": "number"})
    assert page.toasts == ["Staff created."]
    agent.open(EDIT.format(acme.pk))
    agent.press("Save changes", **{"property.staff": "12"})
    assert "12" in agent.open(f"/organizations/{acme.pk}/").text
    make_organization("Birch")
    assert listed(program.get("organizations", **{"property.staff": "12"})) == ["Acme Windows"]
    body = program.get(f"organizations/{acme.pk}").json()
    assert body["properties"] == {"staff": "12"}
    assert [item["key"] for item in program.get("properties").json()["items"]] == ["staff"]


def test_s2_45_wrong_values_are_refused_and_removed_fields_keep_theirs(
    agent: Visitor, owner_actor: Actor, acme: Organization
) -> None:
    field = create_property(owner_actor, "organization", {"label": "Staff", "kind": "number"})
    agent.open(EDIT.format(acme.pk))
    page = agent.press("Save changes", **{"property.staff": "many"})
    assert (page.status, page.errors) == (422, {"property.staff": "Enter a number, such as 12.5."})
    update_organization(owner_actor, acme.pk, {"property.staff": "12"})
    agent.open(f"/settings/properties/{field.pk}/archive/")
    assert "1 record has a value of it." in agent.sees.text
    agent.press("Archive property")
    assert CustomProperty.objects.get().archived_at is not None
    agent.open(EDIT.format(acme.pk))
    agent.press("Save changes", name="Acme Doors")
    acme.refresh_from_db()
    assert (acme.name, acme.property_values) == ("Acme Doors", {"staff": "12"})


def test_s2_46_tags_are_added_and_removed(agent: Visitor, acme: Organization) -> None:
    agent.open(EDIT.format(acme.pk))
    agent.press("Save changes", tags="Shop, Small")
    assert tags(acme) == ["Shop", "Small"]
    assert "Shop" in agent.open(f"/organizations/{acme.pk}/").text
    agent.open(EDIT.format(acme.pk))
    agent.press("Save changes", tags="Small")
    assert tags(acme) == ["Small"]


def test_s2_47_s2_48_lists_are_narrowed_by_tags_that_combine(
    program: Program, owner_actor: Actor
) -> None:
    for name, typed in (("Both", "Shop, Small"), ("Big", "Shop, Large"), ("None", "")):
        create_organization(owner_actor, {"name": name, "tags": typed})
    assert listed(program.get("organizations", tag="shop")) == ["Big", "Both"]
    assert listed(program.get("organizations", tag="Shop,Small")) == ["Both"]
    assert listed(program.get("organizations", q="larg")) == ["Big"]


def test_s2_69_tags_are_suggested_renamed_and_merged_in_one_place(
    agent: Visitor, owner_actor: Actor
) -> None:
    one = create_organization(owner_actor, {"name": "One", "tags": "Retainr"})
    two = create_organization(owner_actor, {"name": "Two", "tags": "Retainer"})
    proposed = agent.browser.get("/tags/choices/", {"q": "RETAIN"}).json()
    assert [row["value"] for row in proposed] == ["Retainer", "Retainr"]
    wrong, right = Tag.objects.get(name="Retainr"), Tag.objects.get(name="Retainer")
    agent.open(f"/settings/tags/{wrong.pk}/merge/")
    page = agent.press("Merge tags", target=str(right.pk))
    assert page.toasts[0].startswith("Retainr is now Retainer.")
    assert (tags(one), tags(two)) == (["Retainer"], ["Retainer"])
    agent.open(f"/settings/tags/{right.pk}/")
    agent.press("Save tag", name="Monthly", colour="teal")
    assert (tags(one), tags(two)) == (["Monthly"], ["Monthly"])
    assert agent.sees.path == "/settings/tags/"
    agent.open(f"/settings/tags/{right.pk}/delete/")
    assert "2 records carry this tag and lose it." in agent.sees.text
    agent.press("Delete tag")
    assert (tags(one), Tag.objects.count()) == ([], 0)


def test_s2_21_the_account_manager_of_a_person_is_changed_on_their_form(
    agent: Visitor, program: Program, guest: Person, hana: Agent
) -> None:
    agent.open(f"/people/{guest.pk}/edit/")
    agent.press("Save changes", account_manager=str(hana.pk), tags="Key contact")
    guest.refresh_from_db()
    assert (guest.account_manager_id, tags(guest)) == (hana.pk, ["Key contact"])
    answer = program.patch(f"people/{guest.pk}", version=guest.version, account_manager=None)
    assert (answer.json()["account_manager"], answer.json()["effective_manager"]) == (None, None)


def test_x11_a_person_has_the_organizations_manager_or_their_own(
    agent: Visitor, owner_actor: Actor, acme: Organization, guest: Person, hana: Agent
) -> None:
    tom = make_agent("tom@northstar.test", name="Tom Own")
    update_organization(owner_actor, acme.pk, {"account_managers": [hana.pk]})
    inherited = effective_manager(guest)
    assert inherited is not None
    assert (inherited.name, inherited.source) == ("Hana Manager", "organization")
    assert "Hana Manager" in agent.open(f"/people/{guest.pk}/").text
    update_person(owner_actor, guest.pk, {"account_manager": tom.pk})
    assert "Tom Own" in agent.open(f"/people/{guest.pk}/").text
