"""Another address for somebody who signs in: proved first, so that no account can be taken."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portico.accounts.forms import ResetPasswordForm
from portico.accounts.models import Session, User
from portico.accounts.reports import choose_password_link
from portico.clients.actions.changes import change_people
from portico.clients.actions.people import update_person
from portico.history.models import Event
from portico.kit.actors import Actor
from tests.conftest import sign_in
from tests.factories.clients import make_person
from tests.factories.workspaces import PASSWORD, actor_of, make_agent

NEW = "mallory@evil.test"
HOME = "/portal/"
LOGIN = "/accounts/login/"


def by_form(actor: Actor, person: Any, email: str) -> None:
    update_person(actor, person.pk, {"email": email})


def by_import(actor: Actor, person: Any, email: str) -> None:
    change_people(actor, [(person.pk, {"email": email})])


BY_EITHER = pytest.mark.parametrize("change", [by_form, by_import])
Change = Callable[[Actor, Any, str], None]


@pytest.fixture
def editor(scope: Any) -> Actor:
    """An agent who may change people, and nothing else."""
    agent = make_agent("editor@northstar.test", permissions=["view_clients", "edit_clients"])
    return actor_of(agent)


def tells(email: str) -> int:
    """Whether somebody gets in with this address and the password of the cast."""
    return Client().post(LOGIN, {"login": email, "password": PASSWORD}).status_code


@BY_EITHER
def test_a_changed_address_neither_signs_in_nor_resets_before_it_is_confirmed(
    editor: Actor, guest: Any, change: Change
) -> None:
    """R-C28: who edits people can't take an account by giving it their own address."""
    browser = sign_in(guest)
    change(editor, guest, NEW)
    form = ResetPasswordForm({"email": NEW})
    assert (form.is_valid(), form.users) == (True, [])
    assert [tells(NEW), tells("guest@acme.test")] == [200, 200]
    assert Session.objects.filter(user=guest).count() == 0
    assert browser.get(HOME).status_code == 302
    told = Event.objects.get(kind="email.changed")
    assert (told.subject_id, told.actor_id) == (guest.pk, editor.id)
    assert told.changes == {"email": ["guest@acme.test", NEW]}


@BY_EITHER
def test_the_link_to_the_new_address_proves_it_and_works_once(
    editor: Actor, guest: Any, change: Change
) -> None:
    change(editor, guest, "gina@acme.test")
    link = choose_password_link(User.objects.get(pk=guest.pk))
    browser = Client()
    browser.get(browser.get(link).headers["Location"])
    chosen = browser.post("/accounts/choose/", {"password1": "seven lemons on a tram"})
    assert (chosen.status_code, browser.get(HOME).status_code) == (302, 200)
    assert Client().get(link).status_code == 410


@BY_EITHER
def test_the_same_address_in_other_letters_changes_nothing_about_the_sign_in(
    editor: Actor, guest: Any, change: Change
) -> None:
    change(editor, guest, "Guest@ACME.test")
    assert tells("guest@acme.test") == 302
    assert Event.objects.filter(kind="email.changed").count() == 0


@BY_EITHER
def test_who_has_not_joined_has_nothing_to_confirm(
    editor: Actor, acme: Any, change: Change
) -> None:
    person = make_person("new@acme.test", organization=acme, has_joined=False)
    change(editor, person, NEW)
    assert Event.objects.filter(kind="email.changed").count() == 0


def test_changing_something_else_leaves_the_sign_in_alone(editor: Actor, guest: Any) -> None:
    update_person(editor, guest.pk, {"name": "Gina G.", "email": guest.email})
    assert tells(guest.email) == 302
