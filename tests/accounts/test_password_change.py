from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.test import Client

from portico.accounts.actions.passwords import change_password, set_first_password
from portico.accounts.links import RESET
from portico.accounts.models import Session, User
from portico.accounts.passwords import checked_hash
from portico.history.models import Event
from portico.kit.errors import Refused
from tests.accounts.conftest import STRONG, is_signed_in, post_login, words_of
from tests.conftest import sign_in
from tests.factories.clients import make_person
from tests.factories.workspaces import PASSWORD, actor_of, make_agent

CHANGE = "/accounts/password/change/"


def test_the_new_password_works_and_the_other_sessions_end(owner: Any) -> None:
    browser, elsewhere, third = sign_in(owner), sign_in(owner), sign_in(owner)
    before = browser.cookies["portico_session"].value
    answer = browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": STRONG})
    assert answer.headers["Location"] == "/account/?saved=password"
    assert is_signed_in(browser)
    assert browser.cookies["portico_session"].value != before
    assert [is_signed_in(elsewhere), is_signed_in(third)] == [False, False]
    assert Session.objects.count() == 1
    assert post_login(owner.email, STRONG).status_code == 302
    assert post_login(owner.email, PASSWORD).status_code == 200


def test_sessions_of_others_go_on(owner: Any, viewer: Any) -> None:
    other, browser = sign_in(viewer), sign_in(owner)
    browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": STRONG})
    assert is_signed_in(other)


def test_without_the_present_password_nothing_changes(owner: Any) -> None:
    browser = sign_in(owner)
    answer = browser.post(CHANGE, {"oldpassword": "wrong", "password1": STRONG})
    assert answer.status_code == 422
    assert "This is not your present password." in words_of(answer)
    assert STRONG not in words_of(answer)
    assert check_password(PASSWORD, User.objects.get(pk=owner.pk).password)
    assert Event.objects.filter(kind="password.changed").count() == 0


def test_a_weak_one_is_refused_at_its_field(owner: Any) -> None:
    answer = sign_in(owner).post(CHANGE, {"oldpassword": PASSWORD, "password1": "password1234"})
    assert answer.status_code == 422
    assert 'id="id_password1-error"' in words_of(answer)


def test_the_event_says_who_and_not_what(owner: Any) -> None:
    sign_in(owner).post(CHANGE, {"oldpassword": PASSWORD, "password1": STRONG})
    event = Event.objects.get(kind="password.changed")
    assert (event.actor_id, event.subject_type, event.changes) == (owner.pk, "agent", {})


def test_a_change_kills_open_reset_links(owner: Any) -> None:
    token = RESET.token(owner)
    change_password(actor_of(owner), current=PASSWORD, new=STRONG)
    assert not RESET.fits(User.objects.get(pk=owner.pk), token)


def test_guessing_the_present_one_is_slowed_down(owner: Any) -> None:
    browser = sign_in(owner)
    answers = [
        browser.post(CHANGE, {"oldpassword": "wrong", "password1": STRONG}).status_code
        for _attempt in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_people_and_agents_with_a_read_only_licence_change_theirs(guest: Any) -> None:
    reader = make_agent("reader@northstar.test", licence="read_only")
    for user in (guest, reader):
        answer = sign_in(user).post(CHANGE, {"oldpassword": PASSWORD, "password1": STRONG})
        assert answer.status_code == 302


def test_the_form_is_for_who_is_signed_in(scope: Any) -> None:
    answer = Client().get(CHANGE)
    assert answer.headers["Location"] == f"/accounts/login/?next={CHANGE}"


def test_a_change_between_the_check_and_the_lock_wins(owner: Any, monkeypatch: Any) -> None:
    other = make_password("nine calm herons dance")

    def hash_slowly(password: str, user: Any) -> str:
        User.objects.filter(pk=owner.pk).update(password=other)
        return checked_hash(password, user)

    monkeypatch.setattr("portico.accounts.actions.passwords.checked_hash", hash_slowly)
    with pytest.raises(Refused) as refused:
        change_password(actor_of(owner), current=PASSWORD, new=STRONG)
    assert refused.value.code == "wrong_password"
    assert User.objects.get(pk=owner.pk).password == other


def test_a_first_password_is_stored_with_its_event(acme: Any) -> None:
    person = make_person("new@acme.test", organization=acme, has_joined=False)
    encoded = checked_hash(STRONG, person)
    with transaction.atomic():
        set_first_password(person, encoded)
    assert post_login("new@acme.test", STRONG).status_code == 302
    event = Event.objects.get(kind="password.changed")
    assert (event.actor_id, event.subject_type) == (person.pk, "person")
