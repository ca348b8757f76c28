"""The decision about who may ask for what: every combination of its facts."""

import datetime
import itertools
from typing import Any

import pytest

from portico.catalog.choices import ALLOWING, Reason
from portico.catalog.models import Service, Subscription
from portico.catalog.reports import (
    Decision,
    askers_of,
    may_request,
    services_of_organization,
    standing_of,
)
from portico.clients.models import Organization
from portico.clients.reports import Standing
from portico.kit.ids import new_id
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.timedelta(days=1)
YESTERDAY, TOMORROW = TODAY - DAY, TODAY + DAY
LAST_YEAR = datetime.date(2025, 11, 22)

PLACES = ("none", "open", "archived", "inactive", "ended", "archived and ended")
PERIODS: dict[str, list[tuple[datetime.date, datetime.date | None]]] = {
    "never": [],
    "on": [(LAST_YEAR, None)],
    "begins today": [(TODAY, None)],
    "ends today": [(LAST_YEAR, TODAY)],
    "one day, today": [(TODAY, TODAY)],
    "begins tomorrow": [(TOMORROW, None)],
    "ended yesterday": [(LAST_YEAR, YESTERDAY)],
    "ended before it began": [(TODAY, YESTERDAY)],
    "taken back before it began": [(TOMORROW, YESTERDAY)],
    "ended, then on again": [(LAST_YEAR, YESTERDAY), (TODAY, None)],
    "ended, on again tomorrow": [(LAST_YEAR, YESTERDAY), (TOMORROW, None)],
}
BY_PERIOD = {
    "never": Reason.NOT_SUBSCRIBED,
    "on": Reason.SUBSCRIBED,
    "begins today": Reason.SUBSCRIBED,
    "ends today": Reason.SUBSCRIBED,
    "one day, today": Reason.SUBSCRIBED,
    "begins tomorrow": Reason.NOT_BEGUN,
    "ended yesterday": Reason.OVER,
    "ended before it began": Reason.OVER,
    "taken back before it began": Reason.OVER,
    "ended, then on again": Reason.SUBSCRIBED,
    "ended, on again tomorrow": Reason.NOT_BEGUN,
}
CLOSED = {
    "archived": Reason.ORGANIZATION_ARCHIVED,
    "inactive": Reason.ORGANIZATION_INACTIVE,
    "ended": Reason.MEMBERSHIP_ENDED,
    "archived and ended": Reason.ORGANIZATION_ARCHIVED,
}
FLAGS = list(itertools.product((True, False), repeat=3))
COMBINATIONS = list(itertools.product(PLACES, PERIODS, FLAGS))


def expected(place: str, period: str, *, active: bool, everyone: bool, submits: bool) -> Reason:
    """The table as it reads: the first line that fits decides."""
    lines = (
        (not active, Reason.SERVICE_INACTIVE),
        (place in CLOSED, CLOSED.get(place)),
        (not submits, Reason.NO_PERMISSION),
        (everyone, Reason.FOR_EVERYONE),
        (place == "none", Reason.NO_ORGANIZATION),
        (True, BY_PERIOD[period]),
    )
    return next(reason for fits, reason in lines if fits and reason)


def standing(place: str) -> Standing | None:
    if place == "none":
        return None
    return Standing(
        organization_id=new_id(),
        organization_name="Acme",
        is_primary=True,
        is_archived="archived" in place,
        is_active=place != "inactive",
        ended_on=YESTERDAY if "ended" in place else None,
        permissions=frozenset(),
    )


@pytest.mark.parametrize(("place", "period", "flags"), COMBINATIONS)
def test_every_combination_of_facts_has_its_one_answer(
    place: str, period: str, flags: tuple[bool, bool, bool]
) -> None:
    active, everyone, submits = flags
    rows = [Subscription(since=since, until=until) for since, until in PERIODS[period]]
    decision = may_request(
        standing(place),
        Service(name="Web design", is_active=active, for_everyone=everyone),
        today=TODAY,
        subscriptions=rows,
        may_submit=submits,
    )
    reason = expected(place, period, active=active, everyone=everyone, submits=submits)
    assert decision.reason == reason
    assert decision.is_allowed is (reason in ALLOWING)


def test_the_whole_table_is_walked() -> None:
    assert len(COMBINATIONS) == 6 * 11 * 2 * 2 * 2


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_for_both_sides(reason: Reason, scope: Any) -> None:
    decision = Decision(reason=reason, day=TODAY)
    for sentence in (decision.sentence, decision.own_sentence):
        assert (sentence[-1], "%(" in sentence) == (".", False)


def test_a_decision_names_the_day_it_hangs_on() -> None:
    service = Service(name="Web design", is_active=True)
    rows = [Subscription(since=TOMORROW, until=None)]
    decision = may_request(standing("open"), service, today=TODAY, subscriptions=rows)
    assert (decision.reason, decision.day) == (Reason.NOT_BEGUN, TOMORROW)
    rows = [Subscription(since=LAST_YEAR, until=YESTERDAY)]
    decision = may_request(standing("open"), service, today=TODAY, subscriptions=rows)
    assert (decision.reason, decision.day) == (Reason.OVER, YESTERDAY)


def test_an_organization_stands_as_its_fields_say(scope: Any) -> None:
    ended = make_organization("Ended", membership_end_date=YESTERDAY, is_active=False)
    found = standing_of(ended, TODAY)
    assert (found.is_archived, found.is_active, found.ended_on) == (False, False, YESTERDAY)
    open_one = make_organization("Open", membership_end_date=TODAY)
    assert standing_of(open_one, TODAY).is_open is True


def test_an_organization_is_shown_active_services_and_those_it_still_has(
    acme: Organization,
) -> None:
    make_service("Web design")
    gone = make_service("Fax", is_active=False)
    make_subscription(acme, make_service("Telex", is_active=False))
    offers = services_of_organization(acme)
    assert [row.service.name for row in offers] == ["Telex", "Web design"]
    assert gone.name not in [row.service.name for row in offers]


def test_only_people_who_sign_in_and_may_send_requests_are_counted(acme: Organization) -> None:
    make_person("a@acme.test", organization=acme, roles=["Client"])
    make_person("b@acme.test", organization=acme, roles=["Client", "Admin"])
    make_person("c@acme.test", organization=acme, roles=["Viewer"])
    make_person("d@acme.test", organization=acme)
    make_person("e@acme.test", organization=acme, roles=["Client"], is_disabled=True)
    make_person("f@acme.test", organization=acme, roles=["Guest"], archived_at="2026-01-01T00:00Z")
    make_person("g@birch.test", organization=make_organization("Birch"), roles=["Client"])
    assert askers_of(acme) == 2
