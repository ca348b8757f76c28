"""The seam: one table of users, two workspaces, the same address in both."""

from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import get_resolver

from portico.accounts.adapters import AccountAdapter
from portico.accounts.links import CHOICE, RESET
from portico.accounts.models import Session, User
from portico.accounts.reports import password_reset_link
from portico.kit.tenancy.unscoped import unscoped
from tests.accounts.conftest import LOGIN, STRONG, ZENITH, is_signed_in, path_of, post_login
from tests.conftest import sign_in
from tests.factories.workspaces import PASSWORD


def test_the_password_of_one_workspace_opens_that_one_only(twin: Any, zenith_twin: Any) -> None:
    assert post_login("twin@both.test", PASSWORD).status_code == 302
    assert post_login("twin@both.test", STRONG, host=ZENITH).status_code == 302
    assert post_login("twin@both.test", PASSWORD, host=ZENITH).status_code == 200
    assert post_login("twin@both.test", STRONG).status_code == 200


def test_a_cookie_of_one_workspace_is_anonymous_in_the_other_and_stays_alive(
    twin: Any, zenith_twin: Any
) -> None:
    browser = sign_in(twin)
    assert is_signed_in(browser)
    key = browser.cookies["portico_session"].value
    stranger = Client()
    stranger.cookies["portico_session"] = key
    answer = stranger.get("/account/", headers={"host": ZENITH})
    assert answer.headers["Location"] == "/accounts/login/?next=/account/"
    stranger.cookies["portico_session"] = key
    signed_in = stranger.post(
        LOGIN, {"login": "twin@both.test", "password": STRONG}, headers={"host": ZENITH}
    )
    assert signed_in.status_code == 302
    assert stranger.cookies["portico_session"].value != key
    assert is_signed_in(stranger, host=ZENITH)
    assert is_signed_in(browser)


@pytest.mark.parametrize("link", [RESET, CHOICE], ids=["reset", "choice"])
def test_a_link_of_one_workspace_is_dead_in_the_other(
    link: Any, twin: Any, zenith_twin: Any
) -> None:
    path = path_of(link.address(twin))
    assert Client().get(path).status_code == 302
    assert Client().get(path, headers={"host": ZENITH}).status_code == 410
    browser = sign_in(twin)
    assert browser.get(path_of(link.address(User.objects.get(pk=twin.pk)))).status_code == 302
    form = browser.get(
        "/accounts/password/reset/key/" if link is RESET else "/accounts/choose/",
        headers={"host": ZENITH},
    )
    assert form.status_code == 410


def test_a_token_of_one_twin_is_no_token_of_the_other(
    twin: Any, zenith_twin: Any, in_zenith: Any
) -> None:
    token = RESET.token(twin)
    with in_zenith():
        assert not RESET.fits(zenith_twin, token)
        path = f"/accounts/password/reset/key/{zenith_twin.pk}/{token}/"
    assert Client().get(path, headers={"host": ZENITH}).status_code == 410


def test_links_lead_to_the_own_host_of_the_workspace_whatever_the_request_says(
    twin: Any, zenith_twin: Any, in_zenith: Any
) -> None:
    assert password_reset_link(twin).startswith("http://127.0.0.1:8000/")
    with in_zenith():
        assert password_reset_link(zenith_twin).startswith("http://zenith.test:8000/")


def test_five_failures_lock_the_address_here_from_anywhere_and_not_there(
    twin: Any, zenith_twin: Any
) -> None:
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        answer = browser.post(LOGIN, {"login": "twin@both.test", "password": "wrong"})
        assert answer.status_code == 200
    other_office = Client(REMOTE_ADDR="198.51.100.7")
    answer = other_office.post(LOGIN, {"login": "twin@both.test", "password": PASSWORD})
    assert answer.status_code == 429
    assert post_login("twin@both.test", STRONG, host=ZENITH).status_code == 302


def test_another_spelling_of_the_host_or_the_address_is_no_fresh_count(twin: Any) -> None:
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        browser.post(LOGIN, {"login": "twin@both.test", "password": "wrong"})
    browser = Client(REMOTE_ADDR="198.51.100.7")
    answer = browser.post(
        LOGIN,
        {"login": " TWIN@both.TEST ", "password": PASSWORD},
        headers={"host": "TESTSERVER:81"},
    )
    assert answer.status_code == 429


def test_ending_ones_sessions_ends_none_of_the_other_workspace(twin: Any, zenith_twin: Any) -> None:
    here, elsewhere = sign_in(twin), sign_in(twin)
    there = Client(headers={"host": ZENITH})
    there.post(LOGIN, {"login": "twin@both.test", "password": STRONG})
    here.post("/account/sessions/end/")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(there, host=ZENITH)


def test_a_next_address_on_the_other_workspaces_host_is_ignored(
    twin: Any, zenith_twin: Any
) -> None:
    answer = post_login("twin@both.test", next=f"http://{ZENITH}/account/")
    assert answer.headers["Location"] == "/"


def test_allauths_table_of_addresses_stays_empty(twin: Any) -> None:
    browser = sign_in(twin)
    browser.post("/accounts/password/reset/", {"email": "twin@both.test"})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": STRONG})
    twin.refresh_from_db()
    path = path_of(password_reset_link(twin))
    fresh = Client()
    fresh.post(fresh.get(path).headers["Location"], {"password1": "nine calm herons dance"})
    assert is_signed_in(fresh)
    assert EmailAddress.objects.count() == 0


def test_only_the_views_that_are_listed_are_mounted() -> None:
    mounted = {name for name in get_resolver().reverse_dict if str(name).startswith("account_")}
    assert mounted == {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_change_password",
    }


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/login/code/"])
def test_nobody_signs_up_or_signs_in_by_code(path: str, scope: Any) -> None:
    assert Client().get(path).status_code == 404


def test_the_one_private_method_of_allauth_that_is_overridden_exists() -> None:
    name = "_get_login_attempts_cache_key"
    assert name in vars(DefaultAccountAdapter)
    assert name in vars(AccountAdapter)


def test_sweeping_removes_expired_sessions_of_all_workspaces(twin: Any, zenith_twin: Any) -> None:
    sign_in(twin)
    Client(headers={"host": ZENITH}).post(LOGIN, {"login": "twin@both.test", "password": STRONG})
    assert unscoped(Session).count() == 2
    unscoped(Session).update(expire_date="2020-01-01T00:00:00Z")
    Session.get_session_store_class().clear_expired()
    assert unscoped(Session).count() == 0
