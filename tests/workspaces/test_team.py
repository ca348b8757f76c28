"""The Team pages."""

import re
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import AccountManager, Organization
from portico.invitations.models import Invitation
from portico.workspaces.models import Agent, Role
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent


@pytest.fixture
def tom(scope: Any) -> Agent:
    return make_agent("tom@northstar.test", name="Tom Okafor")


def role(name: str) -> str:
    return str(Role.objects.get(kind="agent", name=name).pk)


def test_the_list_shows_name_address_roles_licence_and_what_is_not_normal(
    owner_browser: Client, tom: Agent
) -> None:
    Agent.objects.filter(pk=tom.pk).update(is_disabled=True)
    text = owner_browser.get("/team/").text

    for shown in ("Tom Okafor", "tom@northstar.test", "Team member", "Full", "Disabled"):
        assert shown in text


def test_everybody_in_the_team_sees_it_and_only_managers_change_it(
    viewer: Agent, tom: Agent
) -> None:
    browser = sign_in(viewer)

    assert browser.get("/team/").status_code == 200
    assert "Invite a colleague" not in browser.get("/team/").text
    for path in ("/team/invite/", f"/team/{tom.pk}/"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"/team/{tom.pk}/disable/").status_code == 403


def test_a_colleague_is_invited_from_the_form(owner_browser: Client) -> None:
    answer = owner_browser.post(
        "/team/invite/",
        {"email": "new@northstar.test", "roles": [role("Manager")], "licence": "full"},
    )

    made = Invitation.objects.get()
    assert answer["Location"] == "/team/invitations/?of=agents&done=sent"
    assert (made.address, made.role_count) == ("new@northstar.test", 1)
    assert "Invited" in owner_browser.get("/team/").text


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    owner_browser: Client, tom: Agent
) -> None:
    answer = owner_browser.post(
        "/team/invite/",
        {
            "email": "TOM@northstar.test",
            "name": "Twin",
            "roles": [role("Viewer")],
            "licence": "full",
        },
    )

    assert answer.status_code == 422
    assert "id_email-error" in answer.text
    assert 'value="Twin"' in answer.text
    assert Agent.objects.count() == 2


def test_an_admin_is_not_offered_the_owner_s_role(scope: Any) -> None:
    """R-C12: offered is what one may give."""
    text = sign_in(make_agent(roles=["Admin"])).get("/team/invite/").text

    assert (role("Admin") in text, role("Owner") in text) == (True, False)


def test_the_form_changes_roles_and_licence(owner_browser: Client, tom: Agent) -> None:
    answer = owner_browser.post(
        f"/team/{tom.pk}/",
        {"name": "Tom O.", "role_ids": [role("Viewer")], "licence": "read_only", "version": "1"},
    )

    tom.refresh_from_db()
    assert answer["Location"] == f"/team/{tom.pk}/?done=saved"
    assert (tom.name, tom.licence) == ("Tom O.", "read_only")


def test_a_stale_form_shows_the_present_values(owner_browser: Client, tom: Agent) -> None:
    typed = {"name": "First", "role_ids": [role("Viewer")], "licence": "full", "version": "1"}
    owner_browser.post(f"/team/{tom.pk}/", typed)

    answer = owner_browser.post(f"/team/{tom.pk}/", {**typed, "name": "Second"})

    assert answer.status_code == 409
    assert 'value="First"' in answer.text


def test_disable_enable_archive_and_unarchive_from_the_page(
    owner_browser: Client, tom: Agent
) -> None:
    states = []
    for verb in ("disable", "enable", "archive", "unarchive"):
        assert owner_browser.post(f"/team/{tom.pk}/{verb}/").status_code == 302
        tom.refresh_from_db()
        states.append((tom.is_disabled, tom.archived_at is not None))

    assert states == [(True, False), (False, False), (False, True), (False, False)]


def test_an_unknown_colleague_is_not_found(owner_browser: Client) -> None:
    path = "/team/01990000-0000-7000-8000-000000000000/"

    assert owner_browser.get(path).status_code == 404
    assert owner_browser.post(f"{path}disable/").status_code == 404


def test_s2_42_the_page_of_a_colleague_leads_to_what_they_look_after_and_back(
    owner_browser: Client, tom: Agent, acme: Organization
) -> None:
    birch = make_organization("Birch & Sons")
    AccountManager.objects.create(organization=acme, agent=tom, is_first=True)
    person = make_person("one@acme.test", name="One", organization=acme)
    make_person("two@birch.test", name="Two", organization=birch)
    page = owner_browser.get(f"/team/{tom.pk}/").text

    for of, number, name in (("organizations", "1", acme.name), ("people", "1", person.name)):
        row = re.search(rf'<a class="p-link-row" href="(/{of}/[^"]*)">(.*?)</a>', page)
        assert row is not None
        assert f'<span class="p-link-row-time">{number}</span>' in row[2]
        listed = owner_browser.get(row[1]).text
        assert name in listed
        assert birch.name not in listed
        assert f'href="/team/{tom.pk}/">Tom Okafor</a>' in listed
