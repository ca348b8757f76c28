"""Settings, words, plan and help, statement by statement (acceptance.md)."""

from typing import Any

import pytest

from portico.clients.models import Organization, Person
from portico.history.actions.undo import undo_act
from portico.history.models import Act, Event
from portico.kit.actors import Actor
from portico.workspaces.actions.plans import set_plan
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Role, Workspace
from portico.workspaces.presets import effective_settings
from portico.workspaces.reports import LABELS
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.stories.records import nothing_changes
from tests.stories.visitor import Program, Visitor

PRESETS = list(Preset.values)


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


def choose_words(agent: Visitor, preset: str) -> None:
    """Press a card and save it."""
    agent.open("/settings/words/")
    agent.press("Save words", preset=preset)
    assert Workspace.objects.get().preset == preset


def settings_now() -> dict[str, Any]:
    """The settings that count."""
    workspace = Workspace.objects.get()
    return dict(effective_settings(workspace.preset, workspace.settings))


# --- Help (S1.32, S2.77) ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/organizations/", "/people/", "/team/", "/settings/"])
def test_s1_32_every_page_has_a_help_entry(agent: Visitor, path: str) -> None:
    agent.open(path)
    agent.follow("Help")
    assert agent.sees.path == "/help/"
    assert "Documentation" in agent.sees.text


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("help@northstar.test", "mailto:help@northstar.test"),
        ("https://northstar.test/help", "https://northstar.test/help"),
        ("Ring 1234 before noon", None),
    ],
)
def test_s1_32_the_support_contact_is_a_mail_a_page_or_a_sentence(
    agent: Visitor, guest: Person, typed: str, address: str | None
) -> None:
    agent.open("/settings/")
    agent.press("Save settings", support_text=typed)
    person = Visitor(guest)
    for page in (agent.open("/help/"), person.open("/portal/")):
        assert typed in page.text
        assert (page.link(typed) if address else None) == address


def test_s2_77_the_support_contact_may_be_a_colleague_and_stands_behind_closed_doors(
    agent: Visitor, owner: Agent, guest: Person
) -> None:
    agent.open("/settings/")
    agent.press("Save settings", support_contact=str(owner.pk))
    assert "owner@northstar.test" in agent.open("/help/").text
    assert owner.name in Visitor(guest).open("/portal/").text
    Person.objects.filter(pk=guest.pk).update(is_disabled=True)
    refused = Visitor()
    refused.open("/accounts/login/")
    refused.press("Sign in", login=guest.email, password="correct horse battery staple")
    assert owner.name in refused.sees.text


# --- Permissions and plan (S2.76, S2.77) -----------------------------------------------------


def test_s2_76_the_refusal_names_the_permission_and_whom_to_ask(
    viewer: Agent, owner: Agent
) -> None:
    page = Visitor(viewer).open("/settings/")
    assert page.status == 403
    assert "“manage_workspace”" in page.text
    assert owner.name in page.text


def test_s2_77_ones_own_permissions_stand_in_ones_account(viewer: Agent) -> None:
    text = Visitor(viewer).open("/account/").text
    assert "What you may do" in text
    assert "view_clients" in text
    assert "manage_workspace" not in text


def test_s2_77_every_agent_sees_plan_and_use(viewer: Agent, owner_actor: Actor, acme: Any) -> None:
    set_plan(Actor.system(owner_actor.workspace_id), {"person_limit": 10, "full_licences": 5})
    make_person("one@acme.test", organization=acme)
    make_person("old@acme.test", organization=acme, archived_at="2026-01-01T00:00:00Z")
    text = Visitor(viewer).open("/settings/plan/").text
    assert "1 of 10 used" in text
    assert "2 of 5 used" in text
    assert "do not count" in text


# --- The limit (S2.4, X10) -------------------------------------------------------------------


def fill(acme: Organization, count: int) -> None:
    for number in range(count):
        make_person(f"p{number}@acme.test", organization=acme)


def test_s2_4_the_refusal_names_limit_and_use_and_one_before_it_succeeds(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization
) -> None:
    set_plan(Actor.system(owner_actor.workspace_id), {"person_limit": 3})
    fill(acme, 2)
    fields = {"name": "Lena", "organization_id": str(acme.pk)}
    assert program.post("people", **fields, email="lena@acme.test").status_code == 201
    with nothing_changes():
        answer = program.post("people", **fields, email="mia@acme.test")
    assert (answer.status_code, answer.json()["code"]) == (409, "person_limit")
    assert "3 of 3" in answer.json()["detail"]
    Person.objects.filter(email="lena@acme.test").update(archived_at="2026-01-01T00:00:00Z")
    assert program.post("people", **fields, email="mia@acme.test").status_code == 201


@pytest.mark.parametrize("used", [9, 10])
def test_s2_4_from_ninety_percent_on_who_creates_is_told(
    agent: Visitor, viewer: Agent, owner_actor: Actor, acme: Organization, used: int
) -> None:
    set_plan(Actor.system(owner_actor.workspace_id), {"person_limit": 10})
    fill(acme, used)
    hint = f"{used} of 10 clients used. Archived ones do not count."
    assert hint in agent.open("/people/").text
    assert hint in agent.open("/people/new/").text
    assert hint not in Visitor(viewer).open("/people/").text


def test_s2_4_below_ninety_percent_nobody_is_told(
    agent: Visitor, owner_actor: Actor, acme: Organization
) -> None:
    set_plan(Actor.system(owner_actor.workspace_id), {"person_limit": 10})
    fill(acme, 8)
    assert "Archived ones do not count" not in agent.open("/people/").text


def test_x10_three_numbers_each_unlimited_by_default(agent: Visitor, acme: Organization) -> None:
    fill(acme, 3)
    assert agent.open("/settings/plan/").text.count("no limit") == 3
    assert "used. Archived" not in agent.open("/people/").text


# --- Words (S2.1, X1) ------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_x1_the_preview_shows_the_words_that_the_pages_then_have(
    agent: Visitor, preset: str
) -> None:
    page = agent.open(f"/settings/words/?preset={preset}")
    shown = page.text
    menus = [node for node in page.root.all("ul") if node.label == "Menu"]
    choose_words(agent, preset)
    menu = [entry.text for entry in menus[0].all("li")]
    assert [entry for entry in agent.open("/").navigation("Main") if entry in shown] == menu
    for path in ("/organizations/", "/people/new/"):
        heading = agent.open(path).heading
        assert heading in shown
    assert agent.open("/organizations/").navigation("Main")[1] in shown


def test_x1_looking_at_other_words_changes_nothing(agent: Visitor) -> None:
    with nothing_changes():
        text = agent.open("/settings/words/?preset=partner").text
    assert "Client accounts" in text
    assert "Role given at first sign-in" in text


def test_x1_the_card_asks_for_its_preview_alone(agent: Visitor) -> None:
    answer = agent.browser.get(
        "/settings/words/", {"preset": "partner"}, headers={"HX-Request": "true"}
    )
    block = answer.content.decode()
    assert "Client accounts" in block
    assert "<html" not in block


def test_x1_own_values_stay_when_the_words_change(agent: Visitor) -> None:
    agent.open("/settings/rules/")
    agent.press("Save settings", email_required="no")
    assert "stays: it is your own value" in agent.open("/settings/words/?preset=partner").text
    choose_words(agent, "partner")
    assert settings_now()["email_required"] is False
    assert settings_now()["membership_end"] == "required"


def test_x1_switching_changes_no_path_no_field_and_no_permission(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    make_person("lena@acme.test", organization=acme)

    def contract() -> Any:
        people, organizations = program.get("people").json(), program.get("organizations").json()
        paths = sorted(agent.browser.get("/api/v1/openapi.json").json()["paths"])
        roles = sorted(Role.objects.values_list("kind", "name", "permissions"), key=str)
        return paths, people, organizations, roles, program.get("me").json()

    before = contract()
    for preset in PRESETS[::-1]:
        choose_words(agent, preset)
        assert contract() == before


@pytest.mark.parametrize("preset", PRESETS)
def test_data_of_a_preset_is_the_same_after_the_other_three(
    agent: Visitor, program: Program, preset: str
) -> None:
    ends = {"required": "2030-01-31", "optional": "2030-01-31", "hidden": None}
    acme = make_organization("Acme", membership_end_date=ends[settings_now()["membership_end"]])
    make_person("lena@acme.test", organization=acme)
    if not settings_now()["organization_required"]:
        make_person("solo@example.test", organization=None)
    if not settings_now()["email_required"]:
        make_person("", name="No Address", organization=acme)
    before = program.get("people").json(), program.get("organizations").json()
    for other in [name for name in PRESETS if name != preset]:
        choose_words(agent, other)
    choose_words(agent, preset)
    assert (program.get("people").json(), program.get("organizations").json()) == before
    assert Workspace.objects.get().settings == {}


# --- Every setting (domain.md) ---------------------------------------------------------------

OTHER_VALUES = {
    "organization_required": ("no", False),
    "email_required": ("no", False),
    "membership_end": ("required", "required"),
    "default_client_role": ("Guest", "Guest"),
    "role_in_invitation": ("no", False),
    "initial_password": ("yes", True),
    "modules": (["jobs", "groups"], ["jobs", "groups"]),
    "invitation_days": ("30", 30),
}
GIVE_BACK = "Use the preset's value of"


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_s2_1_each_setting_of_the_words_can_be_chosen_and_given_back(
    agent: Visitor, name: str
) -> None:
    typed, stored = OTHER_VALUES[name]
    default = settings_now()[name]
    agent.open("/settings/rules/")
    agent.press("Save settings", **{name: typed})
    workspace = Workspace.objects.get()
    assert workspace.settings == {name: stored}
    event = Event.objects.get(kind="workspace.updated")
    assert list(event.changes) == [name]
    assert agent.open("/settings/rules/").text.count("Own value") == 1
    agent.press(f"{GIVE_BACK} “{LABELS[name]()}”")
    assert Workspace.objects.get().settings == {}
    assert settings_now()[name] == default


def test_a_changed_setting_is_undone_and_a_newer_change_of_it_stays(
    agent: Visitor, owner_actor: Actor
) -> None:
    agent.open("/settings/rules/")
    agent.press("Save settings", email_required="no")
    undo_act(owner_actor, Act.objects.get().pk)
    assert Workspace.objects.get().settings == {}
    assert Event.objects.filter(kind="workspace.updated").count() == 2


@pytest.mark.parametrize("typed", ["7", "0", "-1", "65", "twelve", ""])
def test_a_password_minimum_below_eight_is_refused(agent: Visitor, typed: str) -> None:
    with nothing_changes():
        agent.open("/settings/sign-in/")
        agent.press("Save settings", password_minimum=typed)
    assert agent.sees.status == 422


def test_x3_turning_organization_required_on_lists_who_has_none_and_breaks_nobody(
    agent: Visitor, program: Program
) -> None:
    choose_words(agent, "support_desk")
    solo = make_person("solo@example.test", name="Sol Solo", organization=None)
    agent.open("/settings/rules/")
    agent.press("Save settings", organization_required="yes")
    assert "1 client has no company; nothing changes for them." in agent.sees.text
    agent.follow("Show them")
    assert "Sol Solo" in agent.sees.text
    assert sign_in(solo).get("/portal/").status_code == 200
    answer = program.get(f"people/{solo.pk}").json()
    assert (
        program.patch(f"people/{solo.pk}", version=answer["version"], phone="1").status_code == 200
    )
