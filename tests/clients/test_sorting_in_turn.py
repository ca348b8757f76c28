"""Long lists by what their records hang on: page by page what one sort of all gives."""

import datetime
from typing import Any

import pytest

from portico.clients.filters import (
    OrganizationFilter,
    PersonFilter,
    by_organization,
    by_property,
    whole_list,
)
from portico.clients.models import (
    AccountManager,
    CustomProperty,
    MembershipRole,
    Organization,
    Person,
)
from portico.kit import pagination
from portico.kit.actors import Actor
from portico.kit.pagination import keyset_page
from portico.workspaces.models import Role
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent

LISTS: dict[str, Any] = {
    "organizations": (OrganizationFilter, Organization),
    "people": (PersonFilter, Person),
}
SORTS = [
    ("organizations", "managers"),
    ("people", "managers"),
    ("people", "organization"),
    ("people", "roles"),
    ("people", "property.trade"),
    ("people", "property.vip"),
    ("organizations", "property.trade"),
    ("people", "property.seats"),
    ("people", "property.sectors"),
]
TRADES = [None, "roofs", "Paint", "paint_1", "paint", "x" * 120]
SEATS = ["10", "9", "-2.5", "9", "0.1234567890123456789", "0.1234567890123456788"]
SECTORS = [["Retail"], ["Care", "Retail"], ["Care"], ["Énergie", "Care"]]
PROPERTIES = {"trade": "text", "vip": "yes_no", "seats": "number", "sectors": "choices"}
PAST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def records(scope: Any) -> None:
    """Organizations of two agents and of none; people with up to two roles, some archived."""
    agents = [make_agent(f"{name}@northstar.test", name=name) for name in ("Zoe", "Ana")]
    roles = list(Role.objects.filter(kind="client").order_by("name"))[:3]
    for subject in ("organization", "person"):
        for key, kind in PROPERTIES.items():
            CustomProperty.objects.create(subject=subject, key=key, label=key, kind=kind)
    for number in range(9):
        kept: dict[str, Any] = {"archived_at": PAST} if number % 4 == 3 else {}
        values = {"trade": TRADES[number % len(TRADES)]} if number % 5 else {}
        organization = make_organization(f"O {number}", property_values=values, **kept)
        for place, agent in enumerate(agents[: number % 3][::-1]):
            AccountManager.objects.create(
                organization=organization, agent=agent, is_first=place == 0
            )
        for person in range(number % 4):
            make_member(organization, f"P {person} {number}", roles[:person], kept)
    for number in range(4):
        own: dict[str, Any] = {"account_manager": agents[0]} if number % 2 else {}
        make_person(f"lone{number}@a.test", name=f"L {number}", **own)


def make_member(organization: Any, name: str, roles: list[Any], kept: dict[str, Any]) -> None:
    email = f"{name.replace(' ', '.')}@a.test"
    place = sum(map(ord, name))
    values: dict[str, Any] = {"trade": TRADES[place % len(TRADES)]}
    if place % 7:
        values["seats"] = SEATS[place % 7 - 1]
    if place % 5:
        values["sectors"] = SECTORS[place % 5 - 1]
    if len(roles) != 1:
        values["vip"] = len(roles) > 1
    person = make_person(
        email, name=name, organization=organization, property_values=values, **kept
    )
    membership = person.memberships.get()
    MembershipRole.objects.filter(membership=membership).delete()
    for role in roles:
        MembershipRole.objects.create(membership=membership, role=role)


def names_by_page(rows: Any, order: Any) -> tuple[list[str], list[str]]:
    """The names of all pages of three, forwards, and backwards again from the last one."""
    page = keyset_page(rows, order, limit=3)
    found = [row.name for row in page.items]
    while page.next_cursor is not None:
        page = keyset_page(rows, order, cursor=page.next_cursor, limit=3)
        found += [row.name for row in page.items]
    back = [row.name for row in page.items]
    while page.previous_cursor is not None:
        page = keyset_page(rows, order, cursor=page.previous_cursor, limit=3)
        back = [row.name for row in page.items] + back
    return found, back


@pytest.mark.parametrize(("few", "batch"), [(0, 2), (1000, 4)])
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("state", ["active", "all"])
@pytest.mark.parametrize(("kind", "sort"), SORTS)
def test_records_come_in_turn_as_if_all_were_sorted(
    records: None,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    sort: str,
    state: str,
    direction: str,
    few: int,
    batch: int,
) -> None:
    for module in ("narrowing", "in_turn"):
        owner = "portico.kit" if module == "narrowing" else "portico.clients.filters"
        monkeypatch.setattr(f"{owner}.{module}.FEW", few)
    monkeypatch.setattr(by_organization, "FIRST_BATCH", batch // 2)
    monkeypatch.setattr(by_property, "BATCH", batch)
    filters, model = LISTS[kind]
    chosen = filters.read_strictly({"state": state, "sort": direction + sort})
    rows = chosen.of(model.objects.all())
    at_once = [row.name for row in keyset_page(rows, chosen.order.narrowed, limit=200).items]
    assert len(at_once) == rows.count() > 1
    assert names_by_page(rows, chosen.order) == (at_once, at_once)


@pytest.mark.parametrize(("kind", "sort"), SORTS)
def test_a_short_list_is_sorted_at_once(
    records: None, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch, kind: str, sort: str
) -> None:
    filters, _model = LISTS[kind]
    chosen = filters.read_strictly({"sort": sort})
    kept: Any = whole_list(owner_actor, chosen)
    short = keyset_page(kept, chosen.order, limit=2)
    assert not hasattr(short.items[0], "turn_name")
    monkeypatch.setattr(pagination, "FEW", 1)
    long = keyset_page(kept, chosen.order, limit=2)
    assert hasattr(long.items[0], "turn_name")
    assert [row.pk for row in short.items] == [row.pk for row in long.items]


@pytest.mark.parametrize("few", [1, 1000])
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize(("kind", "sort"), SORTS)
def test_a_list_is_kept_with_the_sql_of_its_turns_or_of_its_one_sort(
    records: None,
    owner_actor: Actor,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    sort: str,
    direction: str,
    few: int,
) -> None:
    filters, model = LISTS[kind]
    chosen = filters.read_strictly({"sort": direction + sort})
    rows = chosen.of(model.objects.all())
    at_once = [row.name for row in keyset_page(rows, chosen.order.narrowed, limit=200).items]
    monkeypatch.setattr(pagination, "FEW", few)
    monkeypatch.setattr(by_property, "BATCH", 4)
    kept: Any = whole_list(owner_actor, chosen)
    assert names_by_page(kept, chosen.order) == (at_once, at_once)
    keyset_page(kept, chosen.order, limit=3)
    built: list[object] = []
    monkeypatch.setattr(pagination, "Prepared", lambda *args, **_kind: built.append(args))
    again = keyset_page(kept, filters.read_strictly({"sort": direction + sort}).order, limit=3)
    assert ([row.name for row in again.items], built) == (at_once[:3], [])
