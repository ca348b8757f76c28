"""Services and subscriptions: created, changed, ended, taken back."""

import datetime
from typing import Any

import pytest
import time_machine

from portico.catalog.actions.services import create_service, update_service
from portico.catalog.actions.subscriptions import (
    end_subscription,
    subscribe_organization,
    update_subscription,
)
from portico.catalog.models import Service, Subscription
from portico.clients.models import Organization
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused, Stale
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization
from tests.factories.workspaces import actor_of, make_agent

DAY = datetime.timedelta(days=1)


def code_of(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.code


def kinds() -> list[str]:
    rows = Event.objects.filter(subject_type__in=["service", "subscription"])
    return list(rows.order_by("id").values_list("kind", flat=True))


def days_of(row: Subscription) -> tuple[datetime.date, datetime.date | None]:
    row.refresh_from_db()
    return row.since, row.until


def test_a_service_needs_a_name_of_its_own(owner_actor: Actor) -> None:
    create_service(owner_actor, {"name": "Web design"})
    with pytest.raises(Refused) as caught:
        create_service(owner_actor, {"name": " web  DESIGN "})
    assert code_of(caught) == "service_in_use"
    with pytest.raises(Refused) as caught:
        create_service(owner_actor, {"name": " ", "is_active": "yes", "price": 3})
    assert [row.field for row in caught.value.errors] == ["name", "is_active", "price"]
    assert (Service.objects.count(), kinds()) == (1, ["service.created"])


def test_a_service_is_changed_at_its_version_and_leaves_what_it_was(owner_actor: Actor) -> None:
    service = make_service()
    saved = update_service(owner_actor, service.pk, {"is_active": False}, version=1)
    assert (saved.is_active, saved.version) == (False, 2)
    assert Event.objects.get(kind="service.updated").changes == {"is_active": [True, False]}
    with pytest.raises(Stale):
        update_service(owner_actor, service.pk, {"name": "Other"}, version=1)
    assert update_service(owner_actor, service.pk, {"is_active": False}).version == 2


def test_services_need_their_permission_and_subscriptions_another(acme: Organization) -> None:
    service = make_service()
    seller = actor_of(make_agent("s@northstar.test", permissions=["manage_services"]))
    keeper = actor_of(
        make_agent("k@northstar.test", permissions=["manage_client_organizations", "view_clients"])
    )
    with pytest.raises(Denied):
        create_service(keeper, {"name": "Other"})
    with pytest.raises(Denied):
        subscribe_organization(seller, acme.pk, service.pk)
    create_service(seller, {"name": "Other"})
    row = subscribe_organization(keeper, acme.pk, service.pk)
    with pytest.raises(Denied):
        end_subscription(seller, row.pk)


@time_machine.travel(datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC), tick=False)
def test_a_subscription_begins_today_in_the_zone_of_the_workspace(
    owner: Agent, acme: Organization, workspace: Any
) -> None:
    workspace.time_zone = "Europe/Berlin"
    with open_scope(scope_of(workspace)):
        row = subscribe_organization(actor_of(owner), acme.pk, make_service().pk)
    assert row.since == datetime.date(2026, 11, 23)


def test_one_subscription_at_a_time_to_one_service(owner_actor: Actor, acme: Organization) -> None:
    service = make_service()
    first = subscribe_organization(owner_actor, acme.pk, service.pk)
    for since in (None, first.since + DAY, first.since - DAY):
        with pytest.raises(Refused) as caught:
            subscribe_organization(owner_actor, acme.pk, service.pk, since=since)
        assert code_of(caught) == "already_subscribed"
    before = first.since - 10 * DAY
    earlier = subscribe_organization(
        owner_actor, acme.pk, service.pk, since=before, until=before + DAY
    )
    with pytest.raises(Refused) as caught:
        update_subscription(owner_actor, earlier.pk, {"until": None})
    assert code_of(caught) == "already_subscribed"


def test_what_cannot_be_subscribed_is_refused(owner_actor: Actor, acme: Organization) -> None:
    service = make_service()
    gone = make_organization("Gone", archived_at="2026-01-01T00:00:00Z")
    cases: tuple[tuple[Any, Any, dict[str, Any], str], ...] = (
        (gone.pk, service.pk, {}, "organization_archived"),
        (acme.pk, make_service("Fax", is_active=False).pk, {}, "service_inactive"),
        (
            acme.pk,
            service.pk,
            {"since": datetime.date(2026, 2, 2), "until": datetime.date(2026, 2, 1)},
            "ends_before_begin",
        ),
    )
    for organization_id, service_id, days, code in cases:
        with pytest.raises(Refused) as caught:
            subscribe_organization(owner_actor, organization_id, service_id, **days)
        assert code_of(caught) == code
    with pytest.raises(NotThere):
        subscribe_organization(owner_actor, service.pk, service.pk)
    with pytest.raises(NotThere):
        subscribe_organization(owner_actor, acme.pk, acme.pk)
    assert (Subscription.objects.count(), kinds()) == (0, [])


def test_an_ended_subscription_is_over_at_once_and_stands_in_history(
    owner_actor: Actor, acme: Organization
) -> None:
    service = make_service()
    row = subscribe_organization(owner_actor, acme.pk, service.pk)
    ended = end_subscription(owner_actor, row.pk, version=1)
    assert ended.until == row.since - DAY
    assert end_subscription(owner_actor, row.pk).version == ended.version
    told = Event.objects.filter(organization_id=acme.pk).order_by("id")
    assert [(event.kind, event.subject_name) for event in told] == [
        ("subscription.created", "Web design · Acme Windows"),
        ("subscription.ended", "Web design · Acme Windows"),
    ]
    assert subscribe_organization(owner_actor, acme.pk, service.pk).pk != row.pk


def test_ending_and_beginning_are_taken_back(owner: Agent, acme: Organization) -> None:
    service = make_service()
    row = make_subscription(acme, service)
    ending = actor_of(owner)
    end_subscription(ending, row.pk)
    undo_act(actor_of(owner), ending.act_id)
    assert days_of(row) == (row.since, None)
    end_subscription(actor_of(owner), row.pk)
    beginning = actor_of(owner)
    second = subscribe_organization(beginning, acme.pk, service.pk)
    undo_act(actor_of(owner), beginning.act_id)
    assert days_of(second) == (second.since, second.since - DAY)


def test_an_end_is_not_taken_back_over_a_newer_subscription(
    owner: Agent, acme: Organization
) -> None:
    service = make_service()
    row = make_subscription(acme, service)
    ending = actor_of(owner)
    end_subscription(ending, row.pk)
    subscribe_organization(actor_of(owner), acme.pk, service.pk)
    with pytest.raises(Refused) as caught:
        undo_act(actor_of(owner), ending.act_id)
    assert caught.value.detail == "Acme Windows has Web design already."


def test_a_service_is_taken_back_while_nobody_was_subscribed(
    owner: Agent, acme: Organization
) -> None:
    making, making_more = actor_of(owner), actor_of(owner)
    service = create_service(making, {"name": "Web design"})
    other = create_service(making_more, {"name": "Hosting"})
    subscribe_organization(actor_of(owner), acme.pk, service.pk)
    with pytest.raises(Refused):
        undo_act(actor_of(owner), making.act_id)
    undo_act(actor_of(owner), making_more.act_id)
    assert list(Service.objects.all()) == [service]
    assert Event.objects.get(kind="service.removed").subject_id == other.pk


def test_a_change_of_a_service_is_taken_back(owner: Agent) -> None:
    service = make_service()
    changing = actor_of(owner)
    update_service(changing, service.pk, {"name": "Design", "for_everyone": True})
    undo_act(actor_of(owner), changing.act_id)
    service.refresh_from_db()
    assert (service.name, service.for_everyone) == ("Web design", False)
