"""S3: clients of a support desk, statement by statement (acceptance.md)."""

from collections.abc import Callable

import pytest
from django.urls import get_resolver

from portico.accounts.models import User
from portico.accounts.reports import password_reset_link
from portico.clients.models import Organization, Person
from portico.invitations.links import link_of
from portico.invitations.models import Invitation
from portico.kit.policies import Audience, policy_of
from portico.workspaces.choices import Preset
from portico.workspaces.models import Role
from tests.factories.clients import make_person
from tests.factories.workspaces import PASSWORD, make_agent
from tests.smtp import SmtpServer
from tests.stories.mailing import letters, link_in
from tests.stories.records import nothing_changes, told
from tests.stories.visitor import Program, Visitor, problem_of

CHOSEN = "a long walk along the Elbe"
IN_USE = (422, "email_in_use", [("/email", "email_in_use")])


@pytest.fixture
def preset() -> str:
    """An organization reads Company, a person Client."""
    return Preset.SUPPORT_DESK


@pytest.fixture
def lena(acme: Organization) -> Person:
    """A consumer with a password and a role."""
    return make_person(organization=acme, roles=["Client"])


def sign_in_by_page(email: str, password: str) -> Visitor:
    visitor = Visitor()
    visitor.open("/accounts/login/")
    visitor.press("Sign in", login=email, password=password)
    return visitor


def agent_paths() -> list[str]:
    """Every page for agents whose address needs no id."""
    found = []
    for part in get_resolver().url_patterns:
        for entry in getattr(part, "url_patterns", ()):
            path, policy = f"/{part.pattern}{entry.pattern}", policy_of(entry.callback)
            if policy is None or policy.audience is not Audience.AGENT:
                continue
            if "GET" in policy.methods and "<" not in path:
                found.append(path)
    return found


def test_s3_01_a_client_user_reaches_the_portal_and_no_staff_page_by_menu_or_address(
    lena: Person, acme: Organization
) -> None:
    visitor = sign_in_by_page(lena.email, PASSWORD)
    assert visitor.sees.path == "/portal/"
    assert visitor.sees.navigation("Main") == ["Home", "Locations", "Account"]
    for entry in visitor.sees.navigation("Main"):
        assert visitor.follow(entry).status == 200
    assert visitor.open("/").path == "/portal/"
    paths = agent_paths()
    assert {"/organizations/", "/people/", "/people/new/", "/imports/new/"} <= set(paths)
    records = [f"/organizations/{acme.pk}/", f"/people/{lena.pk}/", f"/people/{lena.pk}/edit/"]
    assert {path: visitor.open(path).status for path in [*paths, *records]} == dict.fromkeys(
        [*paths, *records], 404
    )


def test_s3_40_the_menu_calls_the_colleagues_agents_and_so_does_their_page(agent: Visitor) -> None:
    assert "Agents" in agent.open("/").navigation("Main")
    assert "Team" not in agent.sees.navigation("Main")
    assert agent.follow("Agents").heading == "Agents"


def test_s3_01_by_the_api_a_client_user_finds_nothing_of_the_staff(
    lena: Person, acme: Organization
) -> None:
    program = Program(lena)
    with nothing_changes():
        answers = [
            *(program.get(path) for path in ("organizations", "people", "agents", "events")),
            program.get(f"people/{lena.pk}"),
            program.get(f"organizations/{acme.pk}"),
            program.post("people", name="Mia", email="mia@acme.test"),
            program.patch(f"people/{lena.pk}", version=1, name="Mia"),
        ]
    assert [problem_of(answer)[:2] for answer in answers] == [(404, "not_found")] * 8
    assert program.get("me").json()["kind"] == "person"


def test_s3_11_clients_and_create_new_lead_to_the_form(agent: Visitor, guest: Person) -> None:
    agent.open("/")
    assert agent.sees.navigation("Main").index("Clients") == 1
    assert agent.follow("Clients").path == "/people/"
    page = agent.follow("Create New")
    form = page.form_of(page.button("Create"))
    assert [name for name in ("name", "email", "position") if name in page.fields(form)] == [
        "name",
        "email",
        "position",
    ]
    page = agent.press("Create", name="Lena Fischer", email="lena@acme.test")
    assert page.heading == "Lena Fischer"
    assert Person.objects.filter(email="lena@acme.test").count() == 1


def test_s3_11_by_the_api_a_client_is_created_without_a_company_too(program: Program) -> None:
    answer = program.post("people", name="Lena Fischer", email="lena@acme.test")
    assert (answer.status_code, answer.json()["organizations"]) == (201, [])


def test_s3_12_a_missing_address_is_refused(agent: Visitor, program: Program) -> None:
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create", name="Lena Fischer")
        answer = program.post("people", name="Lena Fischer")
    assert (page.status, page.errors) == (422, {"email": "Enter an e-mail address."})
    assert problem_of(answer) == (422, "invalid", [("/email", "required")])


@pytest.mark.parametrize("email", ("LENA@acme.test", "Colleague@Northstar.test"))
def test_s3_12_an_address_of_any_user_is_refused_agents_included(
    agent: Visitor, program: Program, lena: Person, email: str
) -> None:
    make_agent("colleague@northstar.test")
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create", name="Another", email=email)
        answer = program.post("people", name="Another", email=email)
    assert (page.status, set(page.errors)) == (422, {"email"})
    assert problem_of(answer) == IN_USE
    assert answer.json()["errors"][0]["message"] == page.errors["email"]


@pytest.mark.parametrize("email", ("lena@acme.test", "LENA@acme.test"))
def test_s3_12_an_agent_cannot_be_created_with_a_clients_address(
    agent: Visitor, lena: Person, email: str
) -> None:
    role = Role.objects.get(kind="agent", name="Team member")
    agent.open("/team/invite/")
    with nothing_changes():
        page = agent.press("Send invitation", email=email, roles=[str(role.pk)])
    assert (page.status, set(page.errors)) == (422, {"email"})


def test_s3_16_all_created_clients_are_listed_and_the_name_opens_the_profile(
    agent: Visitor, program: Program
) -> None:
    for name in ("Ole", "Mia", "Noa"):
        make_person(f"{name.lower()}@acme.test", name=name)
    agent.open("/")
    page = agent.follow("Clients")
    assert [row["Name"] for row in page.rows] == ["Mia", "Noa", "Ole"]
    page = agent.follow("mia@acme.test")
    assert (page.heading, page.path) == ("Mia", f"/people/{Person.objects.get(name='Mia').pk}/")
    assert [row["name"] for row in program.get("people").json()["items"]] == ["Mia", "Noa", "Ole"]


def test_s3_16_pressing_the_name_itself_opens_the_profile(agent: Visitor, lena: Person) -> None:
    agent.open("/people/")
    assert agent.follow("Lena Fischer").path == f"/people/{lena.pk}/"


def test_s3_17_the_address_is_the_main_identifier_and_is_found_by_search(
    agent: Visitor, program: Program
) -> None:
    make_person("mia@birch.test", name="Mia Berg")
    make_person("ole@cedar.test", name="Ole Berg")
    page = agent.open("/people/")
    assert page.row_names == ["mia@birch.test", "ole@cedar.test"]
    for typed in ("birch", "MIA@BIRCH.TEST", "mia@b"):
        page = agent.open(f"/people/?q={typed}")
        assert page.row_names == ["mia@birch.test"]
        found = program.get("people", q=typed).json()["items"]
        assert [row["email"] for row in found] == ["mia@birch.test"]


@pytest.mark.parametrize("way", ("page", "api"))
def test_s3_25_disabled_sign_in_session_key_and_link_are_refused_and_enabled_work_again(
    agent: Visitor, program: Program, lena: Person, way: str
) -> None:
    live, token = Visitor(lena), Program(lena)
    assert (live.open("/portal/").status, token.get("me").status_code) == (200, 200)
    reset = link_path(password_reset_link(lena))
    if way == "page":
        agent.open(f"/people/{lena.pk}/")
        agent.follow("Disable Account")
        agent.press("Disable Account")
    else:
        assert program.post(f"people/{lena.pk}/disable").json()["is_disabled"] is True
    assert live.open("/portal/").path.startswith("/accounts/login/")
    assert problem_of(token.get("me"))[:2] == (401, "unauthorized")
    assert sign_in_by_page(lena.email, PASSWORD).sees.heading == "You can't sign in"
    page = Visitor().open(reset)
    assert page.offers("Continue") is False
    if way == "page":
        agent.open(f"/people/{lena.pk}/")
        agent.press("Enable sign-in")
    else:
        assert program.post(f"people/{lena.pk}/enable").json()["is_disabled"] is False
    again = sign_in_by_page(lena.email, PASSWORD)
    assert (again.sees.path, token.get("me").status_code) == ("/portal/", 200)
    assert token.get("me").json()["permissions"] == [
        "submit_requests",
        "view_invoices",
        "view_locations",
    ]
    kinds = ("person.disabled", "person.enabled")
    assert told(*kinds) == [(kind, "Lena Fischer", way) for kind in kinds]


def link_path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_s3_25_the_link_of_an_invitation_waits_until_the_account_is_enabled(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    mia = make_person("mia@acme.test", name="Mia", organization=acme, has_joined=False)
    program.post("invitations", person_id=str(mia.pk), organization_id=str(acme.pk))
    path = link_path(link_of(Invitation.objects.get()))
    program.post(f"people/{mia.pk}/disable")
    page = Visitor().open(path)
    assert (page.status, page.heading) == (410, "This invitation can't be accepted now")
    program.post(f"people/{mia.pk}/enable")
    visitor = Visitor()
    visitor.open(path)
    assert visitor.press("Continue", password=CHOSEN).path == "/portal/"


@pytest.mark.parametrize("kind", ("agent", "person"))
def test_s3_46_forgot_password_mails_a_link_that_sets_a_new_one(
    lena: Person, owner: User, kind: str, smtp_server: SmtpServer, work: Callable[[], int]
) -> None:
    user = owner if kind == "agent" else lena
    visitor = Visitor()
    visitor.open("/accounts/login/")
    visitor.follow("Forgot your password?")
    visitor.press("Send me a link", email=user.email)
    assert work() == 1
    assert [recipients for recipients, _subject in letters(smtp_server)] == [[user.email]]
    visitor.open(link_in(smtp_server.accepted[0]))
    visitor.press("Continue", password1=CHOSEN)
    assert sign_in_by_page(user.email, PASSWORD).sees.path == "/accounts/login/"
    home = "/" if kind == "agent" else "/portal/"
    assert sign_in_by_page(user.email, CHOSEN).sees.path == home


def test_s3_46_changing_ones_password_needs_the_current_one(lena: Person) -> None:
    visitor = Visitor(lena)
    visitor.open("/account/")
    visitor.follow("Change password")
    with nothing_changes():
        for wrong in ("", "not the current one"):
            page = visitor.press("Change password", oldpassword=wrong, password1=CHOSEN)
            assert set(page.errors) == {"oldpassword"}
    visitor.press("Change password", oldpassword=PASSWORD, password1=CHOSEN)
    assert sign_in_by_page(lena.email, CHOSEN).sees.path == "/portal/"
    assert sign_in_by_page(lena.email, PASSWORD).sees.path == "/accounts/login/"
    lena.refresh_from_db()
    assert lena.check_password(CHOSEN)
