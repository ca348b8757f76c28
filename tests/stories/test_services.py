"""S2: services and who may ask for them, statement by statement (acceptance.md)."""

from collections.abc import Callable
from typing import Any

import pytest

from portico.catalog.models import Service, Subscription
from portico.clients.models import Membership, Organization, Person
from portico.history.models import Event
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Workspace
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent
from tests.stories.records import nothing_changes, told
from tests.stories.visitor import Program, Visitor, problem_of


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


@pytest.fixture
def client_of(acme: Organization) -> Callable[..., Person]:
    """A person of Acme who may send requests."""

    def made(name: str, organization: Organization = acme) -> Person:
        return make_person(
            f"{name}@client.test", name=name.title(), organization=organization, roles=["Client"]
        )

    return made


def named(answer: Any) -> list[str]:
    return [row["name"] for row in answer.json()["items"]]


def has_tab(visitor: Visitor, organization: Organization) -> bool:
    page = visitor.open(f"/organizations/{organization.pk}/")
    return any(node.get("href").endswith("/services/") for node in page.root.all("a"))


def test_s2_37_a_person_is_offered_what_their_organization_has_and_nothing_else(
    acme: Organization, client_of: Callable[..., Person]
) -> None:
    x, y = make_service("Web design", description="Sites that load"), make_service("Hosting")
    make_subscription(acme, x)
    lena = client_of("lena")
    portal = Visitor(lena).open("/portal/")
    assert ("Web design" in portal.text, "Sites that load" in portal.text) == (True, True)
    assert "Hosting" not in portal.text
    program = Program(lena)
    program.client = api_client(lena)
    assert named(program.get("services")) == ["Web design"]
    assert program.get(f"services/{x.pk}").status_code == 200
    assert problem_of(program.get(f"services/{y.pk}"))[:2] == (404, "not_found")
    assert problem_of(program.get("subscriptions"))[0] == 404


def test_s2_37_a_switch_lets_the_people_of_an_organization_ask(
    agent: Visitor, acme: Organization, client_of: Callable[..., Person]
) -> None:
    make_service("Web design")
    people = [client_of(name) for name in ("ann", "ben", "cleo", "dora")]
    portal = Visitor(people[0])
    assert "No service is offered to your team at the moment." in portal.open("/portal/").text
    page = agent.open(f"/organizations/{acme.pk}/services/")
    assert "Nobody here can ask for it." in page.text
    page = agent.press("Web design")
    assert page.text.count("4 clients can now ask for Web design") == 2
    assert page.button("Web design").get("aria-checked") == "true"
    assert "Web design" in portal.open("/portal/").text
    assert told("subscription.created") == [
        ("subscription.created", "Web design · Acme Windows", "page")
    ]
    history = agent.open(f"/organizations/{acme.pk}/history/")
    assert "began the subscription Web design · Acme Windows" in history.text


def test_s2_38_taken_away_it_is_gone_for_everybody_at_the_next_request(
    agent: Visitor, acme: Organization, client_of: Callable[..., Person]
) -> None:
    make_subscription(acme, make_service("Web design"))
    readers = [Visitor(client_of(name)) for name in ("ann", "ben")]
    assert all("Web design" in reader.open("/portal/").text for reader in readers)
    agent.open(f"/organizations/{acme.pk}/services/")
    page = agent.press("Web design")
    assert page.button("Web design").get("aria-checked") == "false"
    assert not any("Web design" in reader.open("/portal/").text for reader in readers)
    ended = Event.objects.get(kind="subscription.ended")
    agent.send(f"/changes/{ended.act_id}/undo/", {})
    assert all("Web design" in reader.open("/portal/").text for reader in readers)


def test_s2_38_a_deactivated_service_is_gone_everywhere(
    agent: Visitor, acme: Organization, client_of: Callable[..., Person]
) -> None:
    make_subscription(acme, make_service("Web design"))
    reader = Visitor(client_of("ann"))
    agent.open("/services/")
    agent.press("Deactivate")
    assert "Web design" not in reader.open("/portal/").text
    page = agent.open(f"/organizations/{acme.pk}/services/")
    assert "Nobody can ask for it: the service is not active." in page.text


def test_s2_39_changing_one_organization_leaves_the_other_alone(
    agent: Visitor, acme: Organization, client_of: Callable[..., Person]
) -> None:
    birch = make_organization("Birch")
    service = make_service("Web design")
    kept = make_subscription(birch, service)
    make_subscription(acme, service)
    other = Visitor(client_of("ben", birch))
    agent.open(f"/organizations/{acme.pk}/services/")
    agent.press("Web design")
    kept.refresh_from_db()
    assert (kept.until, kept.version) == (None, 1)
    assert "Web design" in other.open("/portal/").text


def test_a_person_of_two_organizations_sees_the_services_of_the_chosen_one(
    acme: Organization, client_of: Callable[..., Person]
) -> None:
    birch = make_organization("Birch")
    make_subscription(acme, make_service("Web design"))
    make_subscription(birch, make_service("Hosting"))
    lena = client_of("lena")
    first = lena.memberships.get()
    second = Membership.objects.create(person=lena, organization=birch)
    role = first.role_assignments.get().role
    second.role_assignments.create(role=role)
    visitor = Visitor(lena)
    assert "Hosting" not in visitor.open("/portal/").text
    visitor.send("/portal/organization/", {"organization": str(birch.pk)})
    assert ("Hosting" in visitor.sees.text, "Web design" in visitor.sees.text) == (True, False)


def test_a_person_without_an_organization_is_offered_what_is_for_everyone(scope: Any) -> None:
    make_service("Web design")
    alone = make_person("alone@nowhere.test", name="Alone")
    program = Program(alone)
    assert named(program.get("services")) == []
    assert "Your role does not let you ask for services." in Visitor(alone).open("/portal/").text


def test_a_service_is_added_changed_and_listed(agent: Visitor) -> None:
    assert "Services" in agent.open("/").navigation("Main")
    agent.open("/services/new/")
    page = agent.press("Add service", name="")
    assert (page.status, set(page.errors)) == (422, {"name"})
    page = agent.press("Add service", name="Web design", is_active="1")
    assert (page.path, page.row_names) == ("/services/", ["Web design"])
    service = Service.objects.get()
    agent.open(f"/services/{service.pk}/edit/")
    page = agent.press("Save changes", name="Design", for_everyone="1")
    service.refresh_from_db()
    assert (service.name, service.for_everyone, service.is_active) == ("Design", True, True)
    agent.open(f"/services/{service.pk}/edit/")
    Service.objects.filter(pk=service.pk).update(description="Theirs", version=9)
    page = agent.press("Save changes", name="Mine")
    assert page.status == 409
    agent.press("Save changes")
    service.refresh_from_db()
    assert (service.name, service.description) == ("Mine", "Theirs")


def test_a_program_manages_services_and_subscriptions(program: Program, acme: Organization) -> None:
    made = program.post("services", name="Web design", description="Sites")
    assert (made.status_code, made["ETag"], made.json()["object"]) == (201, '"1"', "service")
    service = made.json()["id"]
    assert problem_of(program.post("services", name="web DESIGN")) == (
        422,
        "service_in_use",
        [("/name", "service_in_use")],
    )
    changed = program.patch(f"services/{service}", version=1, description="More")
    assert (changed.status_code, changed.json()["description"]) == (200, "More")
    stale = program.patch(f"services/{service}", version=1, name="Other")
    assert problem_of(stale)[:2] == (412, "stale")
    given = {"organization_id": str(acme.pk), "service_id": service}
    begun = program.post("subscriptions", **given, since="2026-01-01")
    assert (begun.status_code, begun.json()["until"]) == (201, None)
    again = program.post("subscriptions", **given)
    assert problem_of(again) == (
        422,
        "already_subscribed",
        [("/service_id", "already_subscribed")],
    )
    key = begun.json()["id"]
    moved = program.patch(f"subscriptions/{key}", version=1, since="2026-02-01")
    assert (moved.json()["since"], moved.json()["version"]) == ("2026-02-01", 2)
    listed = program.get("subscriptions", organization=str(acme.pk), is_open="true").json()
    assert [row["id"] for row in listed["items"]] == [key]
    ended = program.post(f"subscriptions/{key}/end", until="2026-03-01")
    assert (ended.status_code, ended.json()["until"]) == (200, "2026-03-01")
    assert program.get("subscriptions", is_open="true").json()["items"] == []
    other = make_organization("Birch")
    begun = program.post("subscriptions", organization_id=str(other.pk), service_id=service)
    address = f"/api/v1/subscriptions/{begun.json()['id']}/end"
    at_once = program.client.post(address, b"", content_type="application/json")
    assert (at_once.status_code, at_once.json()["until"] is None) == (200, False)
    assert problem_of(program.get("subscriptions", service="x"))[:2] == (400, "unknown_value")
    assert named(program.get("services", sort="-name", is_active="true")) == ["Web design"]


def test_who_may_not_switch_sees_the_tab_without_switches(acme: Organization) -> None:
    service = make_service("Web design")
    looker = make_agent("looker@northstar.test", permissions=["view_clients"])
    visitor = Visitor(looker)
    page = visitor.open(f"/organizations/{acme.pk}/services/")
    assert ("Off" in page.text, "Services" in visitor.sees.navigation("Main")) == (True, False)
    with nothing_changes():
        sent = {"service": str(service.pk), "on": "1"}
        page = visitor.send(f"/organizations/{acme.pk}/services/switch/", sent)
    assert (page.status, Subscription.objects.count()) == (403, 0)


def test_with_the_module_off_there_is_no_menu_entry_tab_page_or_operation(
    workspace: Workspace, agent: Visitor, program: Program, acme: Organization, owner: Agent
) -> None:
    assert has_tab(agent, acme)
    service = make_service("Web design", for_everyone=True)
    lena = make_person("lena@acme.test", organization=acme, roles=["Client"])
    assert "Web design" in Visitor(lena).open("/portal/").text
    Workspace.objects.filter(pk=workspace.pk).update(settings={"modules": ["requests"]})
    assert "Services" not in agent.open("/").navigation("Main")
    assert not has_tab(agent, acme)
    for path in ("/services/", f"/services/{service.pk}/edit/"):
        assert agent.open(path).status == 404
    assert agent.open(f"/organizations/{acme.pk}/services/").status == 404
    for path in ("services", f"services/{service.pk}", "subscriptions"):
        assert problem_of(program.get(path))[:2] == (404, "not_found")
    assert problem_of(program.post("services", name="Other"))[:2] == (404, "not_found")
    assert "Web design" not in Visitor(lena).open("/portal/").text
