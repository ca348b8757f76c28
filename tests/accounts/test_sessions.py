import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portico.accounts.actions.sessions import end_other_sessions
from portico.accounts.models import Session, User
from portico.history.models import Event
from portico.kit.errors import Refused
from portico.workspaces.actions.agents import disable_agents, enable_agents
from portico.workspaces.models import Agent
from tests.accounts.conftest import is_signed_in, words_of
from tests.conftest import sign_in

START = datetime.datetime(2026, 11, 22, 8, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize("change", [{"is_disabled": True}, {"archived_at": START}])
def test_whoever_is_switched_off_is_nobody_at_the_next_request(
    change: dict[str, Any], viewer: Any
) -> None:
    browser = sign_in(viewer)
    User.objects.filter(pk=viewer.pk).update(**change)
    answer = browser.get("/account/")
    assert answer.headers["Location"] == "/accounts/login/?next=/account/"
    assert browser.cookies["portico_session"].value == ""


def test_being_refused_writes_nothing(viewer: Any) -> None:
    browser = sign_in(viewer)
    User.objects.filter(pk=viewer.pk).update(is_disabled=True)
    before = list(Session.objects.values())
    browser.get("/account/")
    assert list(Session.objects.values()) == before


def test_disabling_ends_all_sessions_and_enabling_brings_none_back(
    owner_actor: Any, viewer: Any
) -> None:
    browser = sign_in(viewer)
    key = browser.cookies["portico_session"].value
    disable_agents(owner_actor, Agent.objects.filter(pk=viewer.pk))
    assert Session.objects.filter(user=viewer).count() == 0
    enable_agents(owner_actor, Agent.objects.filter(pk=viewer.pk))
    browser.cookies["portico_session"] = key
    assert not is_signed_in(browser)
    assert is_signed_in(sign_in(viewer))


def test_disabling_and_enabling_leave_one_event_each(owner_actor: Any, viewer: Any) -> None:
    disable_agents(owner_actor, Agent.objects.filter(pk=viewer.pk))
    disable_agents(owner_actor, Agent.objects.filter(pk=viewer.pk))
    enable_agents(owner_actor, Agent.objects.filter(pk=viewer.pk))
    user = User.objects.get(pk=viewer.pk)
    events = Event.objects.about(viewer).order_by("id")
    assert [(event.kind, event.subject_type) for event in events] == [
        ("agent.disabled", "agent"),
        ("agent.enabled", "agent"),
    ]
    assert (user.is_disabled, user.version) == (False, 3)


def test_nobody_disables_themselves(owner: Any, owner_actor: Any) -> None:
    with pytest.raises(Refused) as refused:
        disable_agents(owner_actor, Agent.objects.filter(pk=owner.pk))
    assert refused.value.code == "own_account"
    assert not User.objects.get(pk=owner.pk).is_disabled


def test_an_agents_session_ends_after_eight_idle_hours(owner: Any) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = sign_in(owner)
        for _time in range(3):
            clock.shift(datetime.timedelta(hours=7, minutes=59))
            assert is_signed_in(browser)
        clock.shift(datetime.timedelta(hours=8, minutes=1))
        assert not is_signed_in(browser)
        assert "Sign in to Northstar" in words_of(browser.get("/accounts/login/"))


def test_an_agents_session_ends_after_seven_days_however_busy(owner: Any) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = sign_in(owner)
        for _time in range(28):
            assert is_signed_in(browser)
            clock.shift(datetime.timedelta(hours=6))
        clock.shift(datetime.timedelta(minutes=1))
        assert not is_signed_in(browser)


def test_a_persons_session_ends_after_fourteen_idle_days(guest: Any) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = sign_in(guest)
        clock.shift(datetime.timedelta(days=13, hours=23))
        assert is_signed_in(browser)
        clock.shift(datetime.timedelta(days=14, minutes=1))
        assert not is_signed_in(browser)


def test_a_persons_session_ends_after_sixty_days_however_busy(guest: Any) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = sign_in(guest)
        for _time in range(6):
            assert is_signed_in(browser)
            clock.shift(datetime.timedelta(days=10))
        clock.shift(datetime.timedelta(minutes=1))
        assert not is_signed_in(browser)


def test_saving_a_session_keeps_when_it_began_and_was_last_seen(owner: Any) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = sign_in(owner)
        clock.shift(datetime.timedelta(hours=1))
        is_signed_in(browser)
        row = Session.objects.get()
        store = Session.get_session_store_class()(row.session_key)
        store["anything"] = 1
        clock.shift(datetime.timedelta(hours=1))
        store.save()
        saved = Session.objects.get()
        assert (saved.created_at, saved.last_seen_at) == (row.created_at, row.last_seen_at)
        assert (saved.created_at, saved.user_id) == (START, owner.pk)


def test_ending_the_others_keeps_the_present_one_and_leaves_an_event(
    owner: Any, owner_actor: Any
) -> None:
    present = sign_in(owner).cookies["portico_session"].value
    sign_in(owner)
    sign_in(owner)
    assert end_other_sessions(owner_actor, present_session=present) == 2
    assert end_other_sessions(owner_actor, present_session=present) == 0
    assert list(Session.objects.values_list("session_key", flat=True)) == [present]
    assert Event.objects.filter(kind="sessions.ended").count() == 1


def test_reading_a_page_does_not_count_as_activity(owner: Any) -> None:
    browser = sign_in(owner)
    active = User.objects.get(pk=owner.pk).last_active_at
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        is_signed_in(browser)
    assert User.objects.get(pk=owner.pk).last_active_at == active
