import datetime
import re
import statistics
import time
from typing import Any

import pytest
import time_machine
from allauth.core.exceptions import ImmediateHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portico.accounts.adapters import AccountAdapter
from portico.accounts.models import Session, User
from portico.clients.models import Organization
from portico.history.models import Event
from portico.kit.policies import Audience, policy_of
from portico.workspaces.models import Workspace
from tests.accounts.conftest import LOGIN, is_signed_in, post_login, words_of
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import PASSWORD, make_agent

WRONG = "The e-mail address or the password is not right."


def test_an_agent_comes_home_and_a_person_comes_to_the_portal(owner: Any, guest: Any) -> None:
    assert post_login(owner.email).headers["Location"] == "/"
    assert post_login(guest.email).headers["Location"] == "/portal/"


def test_the_address_is_found_in_any_case_and_form(owner: Any) -> None:
    assert post_login("  OWNER@Northstar.TEST ").status_code == 302
    assert post_login("ｏwner@northstar.test").status_code == 302


@pytest.mark.parametrize("password", ["", " ", "\0", "None", "null"])
def test_who_never_chose_a_password_signs_in_with_none(password: str, acme: Any) -> None:
    make_person("new@acme.test", organization=acme, has_joined=False)
    assert post_login("new@acme.test", password).status_code == 200
    browser = Client()
    assert browser.post(LOGIN, {"login": "new@acme.test"}).status_code == 200


def test_unknown_addresses_and_wrong_passwords_get_the_same_answer(owner: Any, acme: Any) -> None:
    make_person("new@acme.test", organization=acme, has_joined=False)
    make_agent("off@northstar.test", is_disabled=True)
    pages = []
    for address in ("nobody@northstar.test", owner.email, "new@acme.test", "off@northstar.test"):
        answer = post_login(address, "wrong")
        assert (answer.status_code, WRONG in words_of(answer)) == (200, True)
        pages.append(_without_secrets(words_of(answer), address))
    assert len(set(pages)) == 1


def _without_secrets(text: str, address: str) -> str:
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", text)
    return text.replace(address, "")


def test_unknown_addresses_cost_as_much_work_as_known_ones(owner: Any, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    owner.set_password(PASSWORD)
    owner.save()
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
    times: dict[str, list[float]] = {owner.email: [], "nobody@northstar.test": []}
    for _round in range(5):
        for address, taken in times.items():
            began = time.process_time()
            post_login(address, "wrong")
            taken.append(time.process_time() - began)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("fields", [{"is_disabled": True}, {"archived_at": "2026-01-02T00:00Z"}])
def test_who_is_switched_off_reads_why_after_the_right_password_only(
    fields: dict[str, Any], scope: Any
) -> None:
    make_agent("off@northstar.test", **fields)
    wrong = post_login("off@northstar.test", "wrong")
    assert "switched off" not in words_of(wrong)
    right = post_login("off@northstar.test")
    assert right.status_code == 403
    assert "Your access to Northstar is switched off." in words_of(right)
    assert Session.objects.count() == 0


def test_edge_case_36_a_merged_person_reads_which_address_lets_them_in(scope: Any) -> None:
    kept = make_person("kept@merged.test")
    make_person("gone@merged.test", archived_at="2026-01-02T00:00Z", merged_into=kept)
    answer = post_login("gone@merged.test")
    assert answer.status_code == 403
    text = "Your accounts at Northstar were made one. Sign in with the address of the other one."
    assert text in words_of(answer)
    assert "kept@merged.test" not in words_of(answer)


def test_a_refusal_names_the_account_manager_to_ask(scope: Any, owner: Any) -> None:
    make_agent("off@northstar.test", is_disabled=True, account_manager=owner)
    text = words_of(post_login("off@northstar.test"))
    assert "Ask Olga Owner," in text
    assert "mailto:owner@northstar.test" in text


def test_a_refusal_names_the_support_contact_when_there_is_no_manager(owner: Any) -> None:
    Workspace.objects.update(support_contact=owner)
    make_agent("off@northstar.test", is_disabled=True)
    assert "Ask Olga Owner," in words_of(post_login("off@northstar.test"))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"archived_at": "2026-01-02T00:00Z"}, "The portal of Shut is closed."),
        ({"is_active": False}, "The portal of Shut is switched off."),
    ],
)
def test_people_of_a_closed_organization_read_why(
    fields: dict[str, Any], reason: str, scope: Any
) -> None:
    make_person("shut@shut.test", organization=make_organization("Shut", **fields))
    answer = post_login("shut@shut.test")
    assert (answer.status_code, reason in words_of(answer)) == (403, True)


def test_people_whose_membership_ended_sign_in_and_see_no_page_but_the_closed_one(
    scope: Any,
) -> None:
    ended = make_organization("Ended", membership_end_date=datetime.date(2020, 1, 1))
    make_person("late@ended.test", organization=ended)
    browser = Client()
    answer = browser.post(LOGIN, {"login": "late@ended.test", "password": PASSWORD})
    assert answer.headers["Location"] == "/portal/"
    assert browser.get("/account/").headers["Location"] == reverse("portal.closed")
    assert browser.post("/accounts/logout/").headers["Location"] == LOGIN


def test_five_failures_lock_the_address_and_the_page_says_until_when(owner: Any) -> None:
    with time_machine.travel("2026-11-22T14:27:10Z") as now:
        for _attempt in range(5):
            assert post_login(owner.email, "wrong").status_code == 200
        answer = post_login(owner.email)
        assert answer.status_code == 429
        text = words_of(answer)
        assert "Too many attempts. Try again at 2:33 PM, or choose a new password." in text
        assert "/accounts/password/reset/" in text
        now.shift(datetime.timedelta(minutes=5, seconds=50))
        assert post_login(owner.email).status_code == 302


def test_a_new_value_of_forwarded_for_is_no_fresh_count(owner: Any) -> None:
    for number in range(12):
        Client(headers={"x-forwarded-for": f"203.0.113.{number}"}).post(
            LOGIN, {"login": f"nobody{number}@northstar.test", "password": "wrong"}
        )
    assert post_login(owner.email).status_code == 429


def test_an_own_sign_in_in_between_does_not_forget_failures_on_another_address(
    owner: Any, viewer: Any
) -> None:
    for _attempt in range(4):
        post_login(owner.email, "wrong")
        assert post_login(viewer.email).status_code == 302
    post_login(owner.email, "wrong")
    assert post_login(owner.email).status_code == 429


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "javascript:alert(1)",
        "account/",
        "/no-such-page/",
        "/accounts/logout/",
        "/portal/",
    ],
)
def test_next_leads_to_pages_of_ones_own_only(elsewhere: str, owner: Any) -> None:
    assert post_login(owner.email, next=elsewhere).headers["Location"] == "/"


def test_next_leads_back_to_the_page_that_was_wanted(owner: Any) -> None:
    browser = Client()
    wanted = browser.get("/account/?x=1").headers["Location"]
    assert wanted == "/accounts/login/?next=/account/%3Fx%3D1"
    page = words_of(browser.get(wanted))
    assert '<input type="hidden" name="next" value="/account/?x=1">' in page
    assert post_login(owner.email, next="/account/?x=1").headers["Location"] == "/account/?x=1"


def test_who_is_signed_in_is_sent_on_from_the_sign_in_page(owner: Any, guest: Any) -> None:
    assert sign_in(owner).get(LOGIN).headers["Location"] == "/"
    assert sign_in(guest).get(LOGIN).headers["Location"] == "/portal/"
    assert sign_in(owner).get(LOGIN + "?next=/account/").headers["Location"] == "/account/"


def test_opening_the_sign_in_page_asks_for_the_workspace_and_writes_nothing(
    scope: Any, django_assert_num_queries: Any
) -> None:
    browser = Client()
    browser.get(LOGIN)
    with django_assert_num_queries(1):
        answer = browser.get(LOGIN)
    assert answer.status_code == 200
    assert "portico_session" not in browser.cookies
    assert Session.objects.count() == 0
    assert "no-store" in answer.headers["Cache-Control"]


def test_signing_in_changes_the_session_key_and_kills_the_old_one(owner: Any) -> None:
    browser = sign_in(owner)
    first = browser.cookies["portico_session"].value
    browser.post("/accounts/logout/")
    browser.cookies["portico_session"] = first
    browser.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    second = browser.cookies["portico_session"].value
    assert second != first
    assert list(Session.objects.values_list("session_key", flat=True)) == [second]


def test_signing_out_deletes_the_row_and_empties_the_browser(owner: Any) -> None:
    browser = sign_in(owner)
    assert Session.objects.count() == 1
    answer = browser.post("/accounts/logout/")
    assert answer.headers["Location"] == LOGIN
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert Session.objects.count() == 0
    assert not is_signed_in(browser)


def test_a_link_signs_nobody_out(owner: Any) -> None:
    browser = sign_in(owner)
    assert browser.get("/accounts/logout/").status_code == 405
    assert is_signed_in(browser)


def test_forms_without_their_secret_are_refused(owner: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert answer.status_code == 403


def test_signing_in_stamps_the_user_without_being_a_change_of_theirs(owner: Any) -> None:
    changed = User.objects.get(pk=owner.pk).updated_at
    sign_in(owner)
    user = User.objects.get(pk=owner.pk)
    assert user.updated_at == changed
    assert user.last_login == user.last_active_at
    assert timezone.now() - user.last_login < datetime.timedelta(minutes=1)


def test_the_password_once_more_leads_back_and_a_wrong_one_counts(owner: Any) -> None:
    browser = sign_in(owner)
    address = "/accounts/reauthenticate/"
    assert "owner@northstar.test" in words_of(browser.get(address))
    wrong = browser.post(address, {"password": "wrong", "next": "/account/"})
    assert (wrong.status_code, "This is not your password." in words_of(wrong)) == (200, True)
    right = browser.post(address, {"password": PASSWORD, "next": "/account/"})
    assert right.headers["Location"] == "/account/"
    for _attempt in range(4):
        browser.post(address, {"password": "wrong"})
    assert post_login(owner.email).status_code == 429


def test_too_many_sign_ins_from_one_place_are_told_to_wait(owner: Any) -> None:
    answers = {post_login(owner.email, "", host="testserver").status_code for _ in range(31)}
    assert answers == {200, 429}
    assert "Wait a minute" in words_of(post_login(owner.email))


def test_signing_in_sends_and_records_nothing(owner: Any, mailoutbox: Any) -> None:
    before = Event.objects.count()
    sign_in(owner)
    assert (len(mailoutbox), Event.objects.count() - before) == (0, 0)


def test_every_page_of_accounts_says_for_whom_it_is() -> None:
    from portico.accounts.urls import urlpatterns

    audiences = {pattern.name: policy_of(pattern.callback) for pattern in urlpatterns}
    assert all(policy is not None for policy in audiences.values())
    public = {name for name, policy in audiences.items() if policy.audience is Audience.PUBLIC}  # type: ignore[union-attr]
    assert public == {
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "accounts.reset_password",
        "accounts.choice_link",
        "accounts.choose_password",
    }


def test_closing_an_organization_acts_at_the_next_request(guest: Any, acme: Any) -> None:
    browser = sign_in(guest)
    Organization.objects.filter(pk=acme.pk).update(is_active=False)
    assert not is_signed_in(browser)
    Organization.objects.filter(pk=acme.pk).update(is_active=True)


def test_who_is_disabled_between_password_and_second_factor_is_not_signed_in(viewer: Any) -> None:
    request = RequestFactory().post(LOGIN)
    request.session = Session.get_session_store_class()()
    User.objects.filter(pk=viewer.pk).update(is_disabled=True)
    with pytest.raises(ImmediateHttpResponse) as stopped:
        AccountAdapter(request).login(request, User.objects.get(pk=viewer.pk))
    assert stopped.value.response.status_code == 403
    assert User.objects.get(pk=viewer.pk).last_login is None
