import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from portico.accounts.actions.profiles import choose_theme, update_profile
from portico.accounts.forms import moment_choices
from portico.accounts.models import User
from portico.accounts.reports import device_name
from portico.history.models import Event
from portico.kit.errors import Refused, Stale
from tests.accounts.conftest import is_signed_in, words_of
from tests.conftest import sign_in
from tests.factories.workspaces import make_agent

ACCOUNT = "/account/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def save(browser: Client, user: Any, block: str, **fields: Any) -> Any:
    version = User.objects.get(pk=user.pk).version
    return browser.post(ACCOUNT, {"block": block, "version": version, **fields})


def test_agents_see_it_in_their_shell_and_people_in_the_portals(owner: Any, guest: Any) -> None:
    agents, peoples = words_of(sign_in(owner).get(ACCOUNT)), words_of(sign_in(guest).get(ACCOUNT))
    assert 'class="p-body p-agent"' in agents
    assert 'class="p-body p-portal"' in peoples
    assert ('name="density"' in agents, 'name="density"' in peoples) == (True, False)
    assert ('name="has_shortcuts"' in agents, 'name="has_shortcuts"' in peoples) == (True, False)


def test_it_costs_a_fixed_number_of_queries(
    owner: Any, guest: Any, django_assert_num_queries: Any
) -> None:
    # workspace; session with its user and an agent's rights; a person's rights; own sessions; an
    # agent's roles
    for user, count in ((owner, 4), (guest, 4)):
        browser = sign_in(user)
        sign_in(user)
        with django_assert_num_queries(count):
            assert browser.get(ACCOUNT).status_code == 200


def test_name_and_phone_are_saved_with_their_event(guest: Any) -> None:
    browser = sign_in(guest)
    answer = save(browser, guest, "profile", name=" Gina Gast ", phone="+49 30 123456")
    assert answer.headers["Location"] == "/account/?saved=profile#profile"
    assert "Saved." in words_of(browser.get("/account/?saved=profile"))
    user = User.objects.get(pk=guest.pk)
    assert (user.name, user.phone, user.phone_e164) == ("Gina Gast", "+49 30 123456", "+4930123456")
    event = Event.objects.get(kind="person.updated")
    assert event.changes == {"name": ["Gina Guest", "Gina Gast"], "phone": ["", "+49 30 123456"]}
    assert (event.actor_id, event.subject_id, user.version) == (guest.pk, guest.pk, 2)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 201, "a\0b", "a\x07b"])
def test_a_name_that_is_none_is_refused_at_its_field(name: str, owner: Any) -> None:
    answer = save(sign_in(owner), owner, "profile", name=name, phone="12")
    assert answer.status_code == 422
    text = words_of(answer)
    assert 'id="id_name-error"' in text
    assert 'name="phone" value="12"' in text
    assert User.objects.get(pk=owner.pk).name == "Olga Owner"


def test_a_new_user_writes_dates_with_the_month_first_and_twelve_hours(viewer: Any) -> None:
    assert (viewer.date_order, viewer.date_separator, viewer.clock) == ("mdy", "/", "12")


def test_the_twelve_formats_are_shown_by_this_moment() -> None:
    moment = datetime.datetime(2026, 12, 31, 0, 5, tzinfo=datetime.UTC)
    assert [label for _value, label in moment_choices(moment, "UTC")] == [
        "12/31/2026 12:05 AM",
        "12/31/2026 00:05",
        "12.31.2026 12:05 AM",
        "12.31.2026 00:05",
        "31/12/2026 12:05 AM",
        "31/12/2026 00:05",
        "31.12.2026 12:05 AM",
        "31.12.2026 00:05",
        "2026/12/31 12:05 AM",
        "2026/12/31 00:05",
        "2026.12.31 12:05 AM",
        "2026.12.31 00:05",
    ]


def test_a_chosen_format_and_zone_are_used_from_then_on(owner: Any) -> None:
    browser = sign_in(owner)
    answer = save(browser, owner, "formats", moment="dmy|.|24", time_zone="Asia/Kolkata")
    assert answer.status_code == 302
    user = User.objects.get(pk=owner.pk)
    assert (user.date_order, user.date_separator, user.clock) == ("dmy", ".", "24")
    sign_in(owner)
    with time_machine.travel("2026-11-22T12:05:00Z"):
        browser = sign_in(owner)
        sign_in(owner)
        assert "Last seen 22.11.2026 17:35" in words_of(browser.get(ACCOUNT))


@pytest.mark.parametrize(
    "fields",
    [
        {"moment": "dmy|-|24", "time_zone": ""},
        {"moment": "dmy", "time_zone": ""},
        {"moment": "dmy|.|24", "time_zone": "Moon/Crater"},
        {"moment": "dmy|.|24", "time_zone": "../../etc/passwd"},
    ],
)
def test_formats_out_of_the_list_are_refused(fields: dict[str, str], owner: Any) -> None:
    assert save(sign_in(owner), owner, "formats", **fields).status_code == 422
    assert User.objects.get(pk=owner.pk).version == 1


def test_display_is_saved(owner: Any) -> None:
    browser = sign_in(owner)
    answer = save(browser, owner, "display", theme="dark", density="compact")
    assert answer.status_code == 302
    user = User.objects.get(pk=owner.pk)
    assert (user.theme, user.density, user.has_shortcuts) == ("dark", "compact", False)
    page = words_of(browser.get(ACCOUNT))
    assert 'data-bs-theme="dark"' in page
    assert 'data-shortcuts="off"' in page


def test_people_do_not_change_what_they_do_not_see(guest: Any) -> None:
    save(sign_in(guest), guest, "display", theme="dark", density="compact", has_shortcuts="")
    user = User.objects.get(pk=guest.pk)
    assert (user.theme, user.density, user.has_shortcuts) == ("dark", "comfortable", True)


def test_a_read_only_licence_keeps_its_own_account(scope: Any) -> None:
    reader = make_agent("reader@northstar.test", licence="read_only")
    answer = save(sign_in(reader), reader, "profile", name="Rita Reader", phone="")
    assert answer.status_code == 302


def test_a_stale_save_shows_both_values_and_takes_what_only_the_other_changed(owner: Any) -> None:
    browser = sign_in(owner)
    User.objects.filter(pk=owner.pk).update(name="Olga Other", phone="999", version=2)
    fields = {"block": "profile", "version": "1", "initial-name": "Olga Owner", "initial-phone": ""}
    answer = browser.post(ACCOUNT, {**fields, "name": "Olga Typed", "phone": ""})
    assert answer.status_code == 409
    text = words_of(answer)
    assert 'name="name" value="Olga Typed"' in text
    assert "Saved meanwhile: Olga Other" in text
    assert 'name="phone" value="999"' in text
    assert User.objects.get(pk=owner.pk).name == "Olga Other"
    again = save(browser, owner, "profile", name="Olga Typed", phone="999")
    assert again.status_code == 302
    assert User.objects.get(pk=owner.pk).name == "Olga Typed"


def test_the_same_form_pressed_twice_is_saved_once(owner: Any) -> None:
    browser = sign_in(owner)
    fields = {"block": "profile", "version": "1", "name": "Olga Two", "form_token": "t" * 20}
    answers = [browser.post(ACCOUNT, fields).status_code for _press in range(2)]
    assert answers == [302, 302]
    assert User.objects.get(pk=owner.pk).version == 2
    assert Event.objects.filter(kind="agent.updated").count() == 1


def test_fields_that_are_not_ones_own_are_refused(owner_actor: Any) -> None:
    for field, value in (("kind", "person"), ("licence", "full"), ("email", "a@b.test")):
        with pytest.raises(Refused) as refused:
            update_profile(owner_actor, {field: value}, version=None)
        assert [error.code for error in refused.value.errors] == ["unknown_field"]


def test_saving_what_is_there_already_leaves_no_event(owner: Any, owner_actor: Any) -> None:
    user = update_profile(owner_actor, {"name": "Olga Owner"}, version=1)
    assert (user.version, Event.objects.filter(kind="agent.updated").count()) == (1, 0)
    with pytest.raises(Stale):
        update_profile(owner_actor, {"name": "Olga"}, version=7)


def test_the_theme_changes_from_any_page_and_leads_back(owner: Any) -> None:
    browser = sign_in(owner)
    answer = browser.post(
        "/account/theme/", {"theme": "dark"}, headers={"referer": "http://testserver/account/?x=1"}
    )
    assert answer.headers["Location"] == "/account/?x=1"
    elsewhere = browser.post(
        "/account/theme/", {"theme": "light"}, headers={"referer": "https://evil.test/account/"}
    )
    assert elsewhere.headers["Location"] == "/"
    by_htmx = browser.post("/account/theme/", {"theme": "system"}, headers={"hx-request": "true"})
    assert by_htmx.status_code == 204
    user = User.objects.get(pk=owner.pk)
    assert (user.theme, user.version) == ("system", 1)
    changes = [event.changes for event in Event.objects.filter(kind="agent.updated").order_by("id")]
    assert changes == [
        {"theme": ["system", "dark"]},
        {"theme": ["dark", "light"]},
        {"theme": ["light", "system"]},
    ]


def test_a_theme_out_of_the_list_is_refused(owner: Any, owner_actor: Any) -> None:
    assert sign_in(owner).post("/account/theme/", {"theme": "pink"}).status_code == 422
    with pytest.raises(Refused):
        choose_theme(owner_actor, "pink")


def test_own_sessions_are_listed_and_the_others_ended(owner: Any, viewer: Any) -> None:
    sign_in(viewer)
    browser = sign_in(owner)
    assert "Sign out everywhere else" not in words_of(browser.get(ACCOUNT))
    other = Client(headers={"user-agent": FIREFOX})
    other.post(
        "/accounts/login/",
        {"login": owner.email, "password": "correct horse battery staple"},
        REMOTE_ADDR="198.51.100.7",
    )
    page = words_of(browser.get(ACCOUNT))
    assert "Firefox on Windows" in page
    assert "198.51.100.7" in page
    assert "One more place is signed in." in page
    answer = browser.post("/account/sessions/end/")
    assert answer.headers["Location"] == "/account/?saved=sessions#sessions"
    assert (is_signed_in(browser), is_signed_in(other)) == (True, False)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_browsers_are_named_in_words(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_a_text_that_looks_like_markup_stays_text(owner: Any) -> None:
    browser = sign_in(owner)
    save(browser, owner, "profile", name="<b>&amp;", phone="")
    assert "<b>&amp;" not in words_of(browser.get(ACCOUNT))
    assert "&lt;b&gt;&amp;amp;" in words_of(browser.get(ACCOUNT))
