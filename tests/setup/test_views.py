"""First run: one form makes workspace and owner, once."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portico.accounts.models import User
from portico.clients.models import Organization, Person
from portico.history.models import Event
from portico.kit.tenancy.scope import open_scope
from portico.operations.models import Operation
from portico.setup.links import first_run_link
from portico.workspaces.actions.workspaces import create_workspace
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization

PASSWORD = "correct horse battery staple"
FORM = {
    "workspace": "Northstar Studio",
    "name": "Hana Novak",
    "email": "hana@northstar.example",
    "password": PASSWORD,
    "preset": "partner",
}


def first_run_path() -> str:
    return "/" + first_run_link().split("/", 3)[3]


def visitor() -> Client:
    return Client(headers={"host": "testserver"})


@pytest.fixture
def path(db: Any) -> str:
    return first_run_path()


def test_every_other_page_says_how_to_get_the_link(path: str) -> None:
    for address in ("/", "/organizations/", "/accounts/login/", "/portal/", "/api/v1/me"):
        answer = visitor().get(address)
        assert answer.status_code == 404
        assert "portico init" in answer.content.decode()


def test_a_wrong_token_is_not_found(path: str) -> None:
    assert visitor().get("/setup/0123/").status_code == 404
    assert visitor().post("/setup/ü/", FORM).status_code == 404
    assert not Workspace.objects.exists()


def test_opening_the_link_writes_nothing(path: str) -> None:
    statements: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        answer = visitor().get(path)
    assert answer.status_code == 200
    assert [sql for sql in statements if not sql.startswith(("SELECT", "PRAGMA"))] == []


def test_the_cards_show_each_preset_s_own_words(path: str) -> None:
    page = visitor().get(path).content.decode()
    for words in ("Client accounts", "Contacts", "Companies", "Organizations"):
        assert words in page


def test_the_form_makes_workspace_and_owner_and_signs_in(path: str) -> None:
    browser = visitor()
    answer = browser.post(path, FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.slug) == ("Northstar Studio", "northstar-studio")
    assert (workspace.preset, workspace.hostname) == ("partner", "")
    with open_scope(scope_of(workspace)):
        owner = User.objects.get()
        assert owner.check_password(PASSWORD)
        assert workspace.support_contact_id == owner.pk
        assert Organization.objects.count() == 0
    assert browser.get("/").status_code == 200


def test_the_link_is_dead_as_soon_as_there_is_a_workspace(path: str) -> None:
    visitor().post(path, FORM)
    assert first_run_link() == ""
    assert visitor().get(path).status_code == 404


def test_example_data_comes_with_the_workspace_when_ticked(path: str) -> None:
    visitor().post(path, {**FORM, "example_data": "1"})
    with open_scope(scope_of(Workspace.objects.get())):
        assert (Organization.objects.count(), Person.objects.count()) == (12, 29)
        assert Operation.objects.get().kind == "example_data"
        addresses = User.objects.people().values_list("email", flat=True)
        assert all(address.endswith(".example") for address in addresses)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    (
        ("workspace", " ", "Enter a name."),
        ("workspace", "x" * 10_000, "200"),
        ("name", "\x07bell", "characters"),
        ("email", "nobody", "name@example.com"),
        ("password", "short", "At least 12 characters"),
        ("password", "northstarstudio", "easily guessed"),
        ("preset", "bakery", "bakery"),
    ),
)
def test_wrong_input_is_said_at_its_field_and_what_was_typed_is_kept(
    path: str, field: str, value: str, words: str
) -> None:
    answer = visitor().post(path, {**FORM, "example_data": "1", field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'id="id_{field}-error"' in page
    assert PASSWORD not in page
    assert not Workspace.objects.exists()
    kept = {key: text for key, text in FORM.items() if key not in {field, "password", "preset"}}
    for text in kept.values():
        assert f'value="{text}"' in page


def test_of_two_that_set_up_at_once_the_second_is_told(path: str) -> None:
    visitor().post(path, {**FORM, "form_token": "first"})
    answer = visitor().post(path, {**FORM, "workspace": "Zenith", "form_token": "second"})
    assert answer.status_code == 409
    assert "Northstar Studio" in answer.content.decode()
    assert Workspace.objects.get().name == "Northstar Studio"


def test_a_double_click_signs_in_by_its_second_press_too(path: str) -> None:
    visitor().post(path, {**FORM, "form_token": "same"})
    second = visitor()
    answer = second.post(path, {**FORM, "form_token": "same"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert second.get("/").status_code == 200
    assert Workspace.objects.count() == 1


def test_a_press_that_lost_the_race_inside_the_action_is_told_as_well(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other workspace appears after this request has looked and before it writes."""
    from portico.setup.actions import set_up_workspace

    def late(*args: Any, **kwargs: Any) -> Any:
        create_workspace(name="Faster")
        return set_up_workspace(*args, **kwargs)

    monkeypatch.setattr("portico.setup.views.set_up_workspace", late)
    answer = visitor().post(path, FORM)
    assert answer.status_code == 409
    assert "Faster" in answer.content.decode()
    assert Workspace.objects.count() == 1


def test_a_cookie_of_a_workspace_that_is_gone_does_no_harm(path: str) -> None:
    browser = visitor()
    browser.cookies["portico_session"] = "left-over"
    assert browser.get(path).status_code == 200
    assert browser.post(path, FORM).status_code == 302


def test_removing_example_data_asks_first_and_then_lists_what_stays(path: str) -> None:
    browser = visitor()
    browser.post(path, {**FORM, "example_data": "1"})
    with open_scope(scope_of(Workspace.objects.get())):
        own = make_organization("Own one")
    assert browser.get("/example-data/remove/").status_code == 200
    assert browser.post("/example-data/remove/").status_code == 302
    with open_scope(scope_of(Workspace.objects.get())):
        assert list(Organization.objects.all()) == [own]
        assert Person.objects.count() == 0
        assert Event.objects.filter(kind="creation.undone").count() == 1
    assert browser.get("/example-data/remove/").status_code == 404


def test_example_data_can_be_added_later_and_only_once(owner: Any) -> None:
    browser = sign_in(owner)
    assert browser.post("/example-data/add/").status_code == 302
    assert browser.post("/example-data/add/").status_code == 422
    assert Organization.objects.count() == 12


def test_a_viewer_can_neither_add_nor_remove_example_data(viewer: Any) -> None:
    browser = sign_in(viewer)
    assert browser.post("/example-data/add/").status_code == 403
    assert browser.get("/example-data/remove/").status_code == 403


@pytest.mark.parametrize(
    ("said", "kept"), (("Europe/Prague", "Europe/Prague"), ("Mars/Olympus", "UTC"), ("", "UTC"))
)
def test_the_workspace_starts_in_the_browsers_time_zone(path: str, said: str, kept: str) -> None:
    visitor().post(path, {**FORM, "time_zone": said})
    assert Workspace.objects.get().time_zone == kept
