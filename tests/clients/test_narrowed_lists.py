"""Narrowed lists, looked up or walked: the same rows in the same order, and as many as counted."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portico.clients.filters import OrganizationFilter, PersonFilter, lists, narrowed, narrowed_list
from portico.clients.models import (
    AccountManager,
    MembershipRole,
    OrganizationTag,
    Person,
    PersonTag,
    Tag,
)
from portico.clients.views import lists as list_views
from portico.invitations.models import Invitation
from portico.kit.pagination import keyset_page
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Role
from tests.clients.actions.test_merging import merge
from tests.clients.paging import in_order, pages_of
from tests.conftest import sign_in
from tests.factories.catalog import make_service, make_subscription
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent

ARCHIVED = "2026-02-01T00:00:00Z"
FILTERS: dict[Any, list[dict[str, str]]] = {
    OrganizationFilter: [
        {"tag": "Common"},
        {"tag": "Common,Second"},
        {"tag": "Nobody's"},
        {"tag.any": "Common,Second"},
        {"tag.not": "Common"},
        {"tag.empty": "yes"},
        {"tag.empty": "no"},
        {"manager": "{first}"},
        {"manager": "{idle}"},
        {"manager": "{first},{second}"},
        {"manager": "{first},{idle}"},
        {"manager.any": "{first},{second}"},
        {"manager.any": "{first},{idle}"},
        {"manager.not": "{first}"},
        {"manager": "none"},
        {"manager": "none,{first}"},
        {"manager.not": "none,{first}"},
        {"manager.empty": "yes"},
        {"manager.empty": "no"},
        {"manager": "{first}", "tag": "Common"},
        {"tag": "Common", "status": "inactive"},
        {"name.has": "1"},
        {"service": "{service}"},
        {"service": "{service},{over}"},
        {"service.any": "{service},{over}"},
        {"service.not": "{service}"},
        {"service.empty": "yes"},
        {"service.empty": "no"},
    ],
    PersonFilter: [
        {"tag": "Common"},
        {"tag.not": "Common"},
        {"manager": "{first}"},
        {"manager": "{second}"},
        {"manager": "none"},
        {"manager": "{first},none"},
        {"manager.not": "{first}"},
        {"manager.not": "{first},none"},
        {"manager.empty": "yes"},
        {"manager.empty": "no"},
        {"organization": "{organization}"},
        {"organization": "none"},
        {"organization.not": "{organization}"},
        {"organization.empty": "yes"},
        {"organization.empty": "no"},
        {"invitation": "pending"},
        {"invitation": "expired"},
        {"invitation": "none"},
        {"invitation": "pending", "tag": "Common"},
        {"tag": "Common", "status": "disabled"},
        {"name.has": "2"},
        {"role": "{member}"},
        {"role": "{member},{lead}"},
        {"role.any": "{member},{lead}"},
        {"role.not": "{member}"},
        {"role.empty": "yes"},
        {"role.empty": "no"},
    ],
}
CASES = [(grammar, parameters) for grammar, each in FILTERS.items() for parameters in each]


@pytest.fixture
def ids(scope: Any) -> dict[str, str]:
    """Twelve of each; every other one tagged, every third looked after, some archived."""
    agents = [make_agent(f"agent{number}@acme.test") for number in range(3)]
    Agent.objects.filter(pk=agents[2].pk).update(is_disabled=True)
    common, second = (Tag.objects.create(name=name) for name in ("Common", "Second"))
    made = []
    roles = list(Role.objects.filter(kind="client").order_by("name")[:2])
    services = [make_service("Painting"), make_service("Over")]
    for number in range(12):
        organization = make_organization(
            f"Organization {number * 7 % 12}",
            archived_at=ARCHIVED if number % 5 == 4 else None,
            is_active=number % 4 != 2,
            last_activity_at=f"2026-01-0{number % 3 + 1}T00:00:00Z" if number % 2 else None,
        )
        made.append(organization)
        for place, agent in enumerate(agents):
            if number % 4 and number % (place + 2) == 0:
                others = AccountManager.objects.filter(organization=organization)
                AccountManager.objects.create(
                    organization=organization, agent=agent, is_first=not others.exists()
                )
        for tag, step in ((common, 2), (second, 3)):
            if number % step == 0:
                OrganizationTag.objects.create(organization=organization, tag=tag)
        if number % 3 == 1:
            make_subscription(organization, services[0])
            make_subscription(organization, services[1], until=datetime.date(2026, 1, 31))
        people_of(organization, number=number, tag=common, agent=agents[0], roles=roles)
    return {
        "member": str(roles[0].pk),
        "lead": str(roles[1].pk),
        "service": str(services[0].pk),
        "over": str(services[1].pk),
        "first": str(agents[0].pk),
        "second": str(agents[1].pk),
        "idle": str(agents[2].pk),
        "organization": str(made[0].pk),
    }


def people_of(organization: Any, *, number: int, tag: Any, agent: Any, roles: list[Any]) -> None:
    for place in range(2):
        person = make_person(
            f"p{number}.{place}@acme.test",
            name=f"Person {number * 5 % 7}",
            organization=organization if number % 6 else None,
            archived_at=ARCHIVED if number % 5 == 3 else None,
            is_disabled=number % 4 == 0,
            account_manager=agent if number % 3 == place else None,
            last_active_at=f"2026-01-0{number % 3 + 1}T00:00:00Z" if number % 2 else None,
        )
        if number % 2 == place:
            PersonTag.objects.create(person=person, tag=tag)
        for role in roles[: number % 3]:
            MembershipRole.objects.create(membership=person.memberships.get(), role=role)
        hours = {0: 24, 1: -24}.get(number % 3)
        if hours is not None:
            for kept in (organization, None):
                invited(person, organization=kept, hours=hours)


def invited(person: Any, *, organization: Any, hours: int) -> None:
    Invitation.objects.create(
        user=person,
        organization=organization,
        address=person.email,
        expires_at=timezone.now() + datetime.timedelta(hours=hours),
    )


def expected(chosen: Any) -> list[Any]:
    """Each record asked for itself."""
    return [
        row
        for row in chosen.model.objects.unmerged()
        if chosen.of(chosen.model.objects.filter(pk=row.pk)).exists()
    ]


@pytest.mark.parametrize(("grammar", "parameters"), CASES, ids=str)
def test_few_and_many_are_the_same_rows_in_the_same_order_and_as_many_as_counted(
    ids: dict[str, str], grammar: Any, parameters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = actor_of(make_agent("reader@acme.test"))
    values = {name: value.format_map(ids) for name, value in parameters.items()}
    for state in ("active", "archived", "all"):
        chosen = grammar.read_strictly({**values, "state": state})
        rows = expected(chosen)
        for limit in (1, len(rows), len(rows) + 1, 1000):
            assert chosen.count_up_to(limit, chosen.visible_to(actor)) == min(limit, len(rows))
            assert chosen.counted(limit, chosen.visible_to(actor))[0] == min(limit, len(rows))
        for few in {0, max(0, len(rows) - 1), len(rows)}:
            monkeypatch.setattr(lists, "FEW", few)
            monkeypatch.setattr(narrowed, "FEW", few)
            for sort in ("-name", [*grammar.orders][-1]):
                in_turn = grammar.read_strictly({**values, "state": state, "sort": sort})
                keys = in_order(rows, in_turn.order)
                assert pages_of(in_turn, actor) == (keys, keys), (state, few, sort)
                kept = narrowed_list(actor, in_turn)
                if kept is None:
                    continue
                for count in range(len(rows), len(rows) + 3):
                    assert kept.count(count, anew=True) == min(count, len(rows))
                shown = pages_of(in_turn, actor, rows=kept.pages(len(rows)))
                assert shown == (keys, keys), (state, few, sort, "kept")


def test_the_sql_of_one_thing_that_narrows_is_kept_and_of_nothing_else(
    ids: dict[str, str], owner_actor: Any, guest: Any
) -> None:
    def kept(grammar: Any, actor: Any = owner_actor, **values: str) -> bool:
        return narrowed_list(actor, grammar.read_strictly(values)) is not None

    assert kept(OrganizationFilter, tag="Common")
    assert kept(OrganizationFilter, status="inactive")
    assert kept(PersonFilter, manager=ids["first"], status="disabled")
    assert not kept(OrganizationFilter)
    assert not kept(OrganizationFilter, tag="Common", manager=ids["first"])
    assert not kept(OrganizationFilter, q="organization")
    assert not kept(OrganizationFilter, reference="7")
    assert not kept(PersonFilter, actor_of(guest), tag="Common")


def test_a_kept_question_is_put_together_once_and_asked_each_time(
    ids: dict[str, str], owner_actor: Any, django_assert_num_queries: Any
) -> None:
    def opened() -> tuple[int, list[Any]]:
        chosen = OrganizationFilter.read_strictly({"tag": "Common"})
        kept = narrowed_list(owner_actor, chosen)
        assert kept is not None
        asked.append(kept.question)
        count = kept.count(100)
        return count, [row.name for row in keyset_page(kept.pages(count), chosen.order).items]

    asked: list[Any] = []
    before = opened()
    Tag.objects.filter(name="Common").update(name="Usual", name_key="usual")
    Tag.objects.filter(name="Second").update(name="Common", name_key="common")
    with django_assert_num_queries(3):
        after = opened()
    Tag.objects.filter(name="Common").update(name="Second", name_key="second")
    Tag.objects.filter(name="Usual").update(name="Common", name_key="common")
    assert opened() == before != after
    assert asked[0] is asked[2] is not asked[1]


def test_a_kept_question_is_not_that_of_another_workspace(
    ids: dict[str, str], owner_actor: Any, other_workspace: Any
) -> None:
    chosen = OrganizationFilter.read_strictly({"status": "inactive"})
    kept = narrowed_list(owner_actor, chosen)
    with open_scope(scope_of(other_workspace)):
        other = narrowed_list(owner_actor, chosen)
        assert other is not None
        assert (other.count(100), other.question is kept.question) == (0, False)  # type: ignore[union-attr]


def test_invitations_end_while_their_question_is_kept(ids: dict[str, str], owner: Any) -> None:
    def opened(standing: str) -> int:
        chosen = PersonFilter.read_strictly({"invitation": standing, "state": "all"})
        kept = narrowed_list(actor_of(owner), chosen)
        assert kept is not None
        return kept.count(1000)

    waiting, ended = opened("pending"), opened("expired")
    assert waiting > 0
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        assert (opened("pending"), opened("expired")) == (0, waiting + ended)


def test_a_count_that_was_believed_is_found_out_where_the_end_comes_in_sight(
    ids: dict[str, str], owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tag is taken off all but one: "5+" would stand there for a minute."""

    def shown() -> str:
        html = browser.get("/people/?tag=Common").content.decode()
        return str(re.findall(r'p-result-count" role="status">([^<]*)<', html)[0])

    monkeypatch.setattr(list_views, "NARROWED_COUNTED_TO", 5)
    monkeypatch.setattr("portico.kit.pagination.DEFAULT_LIMIT", 5)
    browser = sign_in(owner)
    assert shown() == "5+ clients"
    tagged = PersonTag.objects.filter(person__archived_at=None).values_list("pk", flat=True)
    PersonTag.objects.exclude(pk=tagged[0]).delete()
    assert shown() == "1 client"


def test_who_was_merged_away_is_in_no_list(ids: dict[str, str], owner: Any) -> None:
    survivor, merged = Person.objects.active().filter(tag_assignments__tag__name="Common")[:2]
    merge(owner, survivor, merged)
    for state in ("active", "archived", "all"):
        chosen = PersonFilter.read_strictly({"tag": "Common", "state": state})
        rows = chosen.ready_for_page(chosen.visible_to(actor_of(owner)))
        assert merged.pk not in [row.pk for row in keyset_page(rows, chosen.order).items]
