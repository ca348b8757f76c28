"""Lists are sorted by every column that they can show: by page, by API, and in saved views."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from portico.clients.choices import PropertySubject
from portico.clients.filters import (
    ListFilter,
    OrganizationFilter,
    PersonFilter,
    whole_list,
)
from portico.clients.models import AccountManager, CustomProperty, Organization, Person
from portico.clients.views.columns import offered_columns
from portico.insight.actions import ViewDraft, create_view
from portico.insight.choices import ViewSubject
from portico.invitations.actions.inviting import invite_person
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.pagination import keyset_page
from portico.kit.tenancy.scope import WorkspaceScope
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent
from tests.pages import row_names, text_of

KINDS = {"staff": "number", "since": "date", "trade": "text", "vip": "yes_no"}
LISTS: dict[str, tuple[type[ListFilter], Any, PropertySubject]] = {
    "organizations": (OrganizationFilter, Organization, PropertySubject.ORGANIZATION),
    "people": (PersonFilter, Person, PropertySubject.PERSON),
}


@pytest.fixture
def defined(scope: WorkspaceScope) -> None:
    """One property of each way of comparing, for both kinds of records."""
    for subject in (PropertySubject.ORGANIZATION, PropertySubject.PERSON):
        for key, kind in KINDS.items():
            CustomProperty.objects.create(subject=subject, key=key, label=key, kind=kind)


def by_page(browser: Client, address: str) -> list[str]:
    return row_names(browser.get(address))


def by_api(owner: Agent, kind: str, sort: str) -> list[str]:
    answer = api_client(owner).get(f"/api/v1/{kind}?sort={sort}")
    assert answer.status_code == 200, answer.json()
    return [row["name"] for row in answer.json()["items"]]


@pytest.mark.parametrize("kind", LISTS)
def test_every_column_but_edit_is_sorted_by_a_press_on_its_head(
    owner_browser: Client, defined: None, kind: str
) -> None:
    make_person("lena@acme.test", name="Lena", organization=make_organization("Acme"))
    offered = [name for name in offered_columns(LISTS[kind][2]) if name != "edit"]
    for start in range(0, len(offered), 10):
        columns = offered[start : start + 10]
        page = text_of(owner_browser.get(f"/{kind}/?columns={','.join(['name', *columns])}"))
        heads = page[page.index("<thead") : page.index("</thead>")]
        sorts = {found.removeprefix("-") for found in re.findall(r"[?&]sort=([\w.-]+)", heads)}
        assert sorts == {"name", *columns}
        for name in columns:
            answer = owner_browser.get(f"/{kind}/?columns=name,{name}&sort=-{name}")
            assert 'aria-sort="descending"' in text_of(answer), name


@pytest.fixture
def organizations(defined: None) -> None:
    """Three that differ in everything, and an empty one."""
    today = datetime.datetime.now(datetime.UTC).date()
    ana, zoe = (make_agent(f"{name}@northstar.test", name=name) for name in ("Ana", "Zoe"))
    rows = [
        ("Acme", "b", "Zürich", False, None, zoe, 9.5, "2027-01-01"),
        ("Birch", "C", "aachen", True, -5, ana, 10, "2026-01-01"),
        ("Cedar", "a", "Bonn", True, 5, None, 2, "2028-01-01"),
    ]
    for name, reference, city, is_active, ends_in, agent, staff, since in rows:
        organization = make_organization(
            name,
            reference=reference,
            address_city=city,
            is_active=is_active,
            membership_end_date=ends_in and today + datetime.timedelta(days=ends_in),
            property_values={"staff": staff, "since": since},
        )
        if agent is not None:
            AccountManager.objects.create(organization=organization, agent=agent, is_first=True)
    make_organization("Dune")


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("reference", "Cedar Acme Birch Dune"),
        ("-reference", "Birch Acme Cedar Dune"),
        ("address_city", "Birch Cedar Acme Dune"),
        ("active", "Acme Birch Cedar Dune"),
        ("-active", "Dune Cedar Birch Acme"),
        ("status", "Acme Birch Cedar Dune"),
        ("-status", "Cedar Birch Acme Dune"),
        ("managers", "Birch Acme Cedar Dune"),
        ("-managers", "Acme Birch Dune Cedar"),
        ("property.staff", "Cedar Acme Birch Dune"),
        ("-property.staff", "Birch Acme Cedar Dune"),
        ("property.since", "Birch Acme Cedar Dune"),
        ("updated_at", "Acme Birch Cedar Dune"),
        ("-updated_at", "Dune Cedar Birch Acme"),
    ],
)
def test_organizations_stand_in_the_order_asked_for_with_the_empty_ones_last(
    owner: Agent, owner_browser: Client, organizations: None, sort: str, names: str
) -> None:
    assert by_page(owner_browser, f"/organizations/?sort={sort}") == names.split()
    assert by_api(owner, "organizations", sort) == names.split()


@pytest.fixture
def people(organizations: None) -> None:
    """Three that differ in everything, and an empty one."""
    acme, birch = (Organization.objects.get(name=name) for name in ("Acme", "Birch"))
    ana = Agent.objects.get(name="Ana")
    make_person("a@a.test", name="Ann", organization=birch, position="dev", is_disabled=True)
    make_person("b@a.test", name="Ben", organization=acme, position="Chef", phone="+1")
    make_person("c@a.test", name="Cem", account_manager=ana, property_values={"vip": True})
    make_person("d@a.test", name="Dee", property_values={"vip": False})


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("organization", "Ben Ann Cem Dee"),
        ("-organization", "Ann Ben Dee Cem"),
        ("position", "Ben Ann Cem Dee"),
        ("phone", "Ben Ann Cem Dee"),
        ("status", "Ann Ben Cem Dee"),
        ("managers", "Ann Cem Ben Dee"),
        ("property.vip", "Dee Cem Ann Ben"),
        ("-property.vip", "Cem Dee Ben Ann"),
    ],
)
def test_people_stand_in_the_order_asked_for_with_the_empty_ones_last(
    owner: Agent, owner_browser: Client, people: None, sort: str, names: str
) -> None:
    assert by_page(owner_browser, f"/people/?sort={sort}") == names.split()
    assert by_api(owner, "people", sort) == names.split()


@pytest.mark.parametrize("narrowed", [{}, {"q": "a"}, {"created_at.gte": "2020-01-01"}])
@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        *(("organizations", name) for name in ("status", "active", "managers", "property.staff")),
        *(("people", name) for name in ("organization", "status", "roles", "property.vip")),
    ],
)
def test_pages_neither_repeat_nor_lose_a_row_forwards_and_back(
    owner_actor: Actor, people: None, kind: str, sort: str, narrowed: dict[str, str]
) -> None:
    grammar, model, _subject = LISTS[kind]
    for direction in ("", "-"):
        chosen = grammar.read_strictly({**narrowed, "sort": direction + sort})
        kept: Any = whole_list(owner_actor, chosen)
        rows = kept or chosen.ready_for_page(chosen.visible_to(owner_actor))
        whole = [row.pk for row in keyset_page(rows, chosen.order).items]
        assert sorted(whole) == sorted(chosen.of(model.objects.all()).values_list("pk", flat=True))
        found, cursor = [], None
        while True:
            page = keyset_page(rows, chosen.order, cursor=cursor, limit=1)
            found.append(page.items[0].pk)
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
        back = [page.items[0].pk]
        while page.previous_cursor is not None:
            page = keyset_page(rows, chosen.order, cursor=page.previous_cursor, limit=1)
            back.append(page.items[0].pk)
        assert found == whole
        assert back[::-1] == whole


def test_a_whole_list_tells_the_same_count_however_it_is_sorted(
    owner_browser: Client, organizations: None
) -> None:
    for sort in ("name", "reference", "-managers"):
        page = text_of(owner_browser.get(f"/organizations/?sort={sort}"))
        assert "4 of 4 shown" in page


def test_a_saved_view_keeps_such_a_sort(
    owner_actor: Actor, owner_browser: Client, organizations: None
) -> None:
    draft = ViewDraft(name="By staff", parameters={"sort": "-property.staff"})
    view = create_view(owner_actor, ViewSubject.ORGANIZATIONS, draft=draft)
    names = by_page(owner_browser, f"/organizations/?view={view.pk}")
    assert names == ["Birch", "Acme", "Cedar", "Dune"]


@pytest.mark.parametrize("sort", ["colour", "property.nothing", "-property.", "edit"])
def test_a_sort_that_means_nothing_is_refused_by_the_api_and_left_out_by_the_page(
    owner: Agent, owner_browser: Client, organizations: None, sort: str
) -> None:
    answer = api_client(owner).get(f"/api/v1/organizations?sort={sort}")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_value")
    with pytest.raises(Refused):
        OrganizationFilter.read_strictly({"sort": sort})
    assert by_page(owner_browser, f"/organizations/?sort={sort}")[0] == "Acme"


def test_an_archived_property_sorts_nothing_any_more(
    owner_browser: Client, organizations: None
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    CustomProperty.objects.filter(key="staff").update(archived_at=now)
    names = by_page(owner_browser, "/organizations/?sort=-property.staff")
    assert names == ["Acme", "Birch", "Cedar", "Dune"]


def test_people_by_status_begin_with_the_disabled_and_those_who_have_not_joined(
    owner_actor: Actor, owner_browser: Client, people: None
) -> None:
    cedar = Organization.objects.get(name="Cedar")
    eve = make_person("e@a.test", name="Eve", organization=cedar, has_joined=False)
    invite_person(owner_actor, eve.pk, organization_id=cedar.pk)
    assert by_page(owner_browser, "/people/?sort=status") == ["Ann", "Eve", "Ben", "Cem", "Dee"]
