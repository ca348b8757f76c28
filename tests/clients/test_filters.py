"""What narrows lists: one grammar for page, API, views and "all that match"."""

import datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.clients.models import (
    AccountManager,
    CustomProperty,
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
    Tag,
)
from portico.kit.errors import Refused
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person

TODAY = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def organizations(query: dict[str, str], *, me: UUID | None = None) -> list[str]:
    """The names that a strict reading of these parameters finds."""
    chosen = OrganizationFilter.read_strictly(query, me=me)
    return sorted(chosen.of(Organization.objects.all()).values_list("name", flat=True))


def people(query: dict[str, str]) -> list[str]:
    """The addresses that a strict reading of these parameters finds."""
    chosen = PersonFilter.read_strictly(query)
    return sorted(chosen.of(Person.objects.all()).values_list("email", flat=True))


@pytest.fixture
def firms(scope: Any) -> None:
    make_organization(
        "Acme Windows",
        website="https://acme.test",
        address_country="DE",
        people_count=3,
        membership_end_date=datetime.date(2026, 12, 1),
        property_values={"sector": "Glass", "since": "2019-05-01", "seats": "12", "vip": True},
    )
    make_organization(
        "Birch & Sons",
        people_count=10,
        is_active=False,
        membership_end_date=datetime.date(2026, 11, 1),
        property_values={"sector": "Wood", "since": "2022-01-31", "seats": "120", "vip": False},
    )
    make_organization(
        "Čapek",
        reference="C-7",
        property_values={
            "regions": ["North", "Süd"],
            "trades": ["Heating", "Electric, low voltage"],
        },
    )
    for key, kind, choices in (
        ("sector", PropertyKind.TEXT, []),
        ("since", PropertyKind.DATE, []),
        ("seats", PropertyKind.NUMBER, []),
        ("vip", PropertyKind.YES_NO, []),
        ("regions", PropertyKind.CHOICES, ["North", "Süd"]),
        ("trades", PropertyKind.CHOICES, ["Heating", "Cooling", "Electric, low voltage"]),
    ):
        CustomProperty.objects.create(
            subject=PropertySubject.ORGANIZATION, key=key, label=key, kind=kind, choices=choices
        )


@pytest.mark.parametrize(
    ("parameter", "value", "found"),
    (
        ("name.has", "sons", ["Birch & Sons"]),
        ("name", "ACME WINDOWS", ["Acme Windows"]),
        ("name.not", "acme windows", ["Birch & Sons", "Čapek"]),
        ("website.empty", "yes", ["Birch & Sons", "Čapek"]),
        ("website.empty", "no", ["Acme Windows"]),
        ("address_country", "DE", ["Acme Windows"]),
        ("is_active", "no", ["Birch & Sons"]),
        ("people_count.gte", "3", ["Acme Windows", "Birch & Sons"]),
        ("people_count.lt", "3", ["Čapek"]),
        ("people_count", "10", ["Birch & Sons"]),
        ("membership_end_date.lt", "today", ["Birch & Sons"]),
        ("membership_end_date.lte", "+30d", ["Acme Windows", "Birch & Sons"]),
        ("membership_end_date.gt", "-1m", ["Acme Windows", "Birch & Sons"]),
        ("membership_end_date", "2026-12-01", ["Acme Windows"]),
        ("membership_end_date.empty", "yes", ["Čapek"]),
        ("reference.has", "c-", ["Čapek"]),
        ("property.sector.has", "OO", ["Birch & Sons"]),
        ("property.sector", "glass", ["Acme Windows"]),
        ("property.sector.empty", "yes", ["Čapek"]),
        ("property.since.lt", "2020-01-01", ["Acme Windows"]),
        ("property.since.gte", "2020-01-01", ["Birch & Sons"]),
        ("property.seats.gt", "13", ["Birch & Sons"]),
        ("property.seats", "12", ["Acme Windows"]),
        ("property.vip", "yes", ["Acme Windows"]),
        ("property.vip", "no", ["Birch & Sons"]),
        ("property.regions", "North,Süd", ["Čapek"]),
        ("property.regions.any", "Süd", ["Čapek"]),
        ("property.regions.any", "East", []),
        ("property.trades", "Electric, low voltage", ["Čapek"]),
        ("property.trades", "Heating,Electric, low voltage", ["Čapek"]),
        ("property.trades.any", "Cooling,Electric, low voltage", ["Čapek"]),
    ),
)
@time_machine.travel(TODAY, tick=False)
def test_s2_44_every_field_and_property_narrows_the_list(
    firms: None, parameter: str, value: str, found: list[str]
) -> None:
    assert organizations({parameter: value}) == found


def test_s2_47_and_s2_48_tags_are_combined_and_any_of_several_is_possible(firms: None) -> None:
    eu, key = Tag.objects.create(name="EU"), Tag.objects.create(name="key account")
    acme, birch = Organization.objects.order_by("name")[:2]
    for row, tag in ((acme, eu), (acme, key), (birch, eu)):
        OrganizationTag.objects.create(organization=row, tag=tag)
    assert organizations({"tag": "eu"}) == ["Acme Windows", "Birch & Sons"]
    assert organizations({"tag": "EU,key account"}) == ["Acme Windows"]
    assert organizations({"tag.any": "key account,eu"}) == ["Acme Windows", "Birch & Sons"]
    assert organizations({"tag.not": "key account"}) == ["Birch & Sons", "Čapek"]
    assert organizations({"tag.empty": "yes"}) == ["Čapek"]
    assert organizations({"tag": "nowhere"}) == []


def test_s2_64_and_s2_67_organizations_by_account_manager_and_those_without(
    firms: None, owner: Agent, viewer: Agent
) -> None:
    acme, birch = Organization.objects.order_by("name")[:2]
    AccountManager.objects.create(organization=acme, agent=owner, is_first=True)
    AccountManager.objects.create(organization=birch, agent=viewer, is_first=True)
    assert organizations({"manager": str(owner.pk)}) == ["Acme Windows"]
    assert organizations({"manager": "me"}, me=viewer.pk) == ["Birch & Sons"]
    assert organizations({"manager": "none"}) == ["Čapek"]
    Agent.objects.filter(pk=viewer.pk).update(is_disabled=True)
    assert organizations({"manager": "none"}) == ["Birch & Sons", "Čapek"]
    assert organizations({"manager.any": f"{owner.pk},none"}) == [
        "Acme Windows",
        "Birch & Sons",
        "Čapek",
    ]


@time_machine.travel(TODAY, tick=False)
def test_s2_62_and_s2_68_people_by_organization_tag_and_when_they_were_active(
    acme: Organization,
) -> None:
    now = timezone.now()
    lena = make_person("lena@acme.test", organization=acme, last_active_at=now)
    old = now - datetime.timedelta(days=91)
    make_person("maria@acme.test", organization=acme, last_active_at=old)
    make_person("tomas@birch.test", position="Head of Sales")
    PersonTag.objects.create(person=lena, tag=Tag.objects.create(name="board"))
    assert people({"organization": str(acme.pk)}) == ["lena@acme.test", "maria@acme.test"]
    assert people({"organization": "none"}) == ["tomas@birch.test"]
    assert people({"tag": "Board"}) == ["lena@acme.test"]
    assert people({"last_active_at.lt": "-90d"}) == ["maria@acme.test"]
    assert people({"last_active_at.empty": "yes"}) == ["tomas@birch.test"]
    assert people({"last_active_at": "today"}) == ["lena@acme.test"]
    assert people({"position.has": "sales"}) == ["tomas@birch.test"]


def test_x11_people_by_the_account_manager_that_counts(
    acme: Organization, owner: Agent, viewer: Agent
) -> None:
    AccountManager.objects.create(organization=acme, agent=owner, is_first=True)
    make_person("lena@acme.test", organization=acme)
    make_person("maria@acme.test", organization=acme, account_manager=viewer)
    make_person("tomas@birch.test")
    assert people({"manager": str(owner.pk)}) == ["lena@acme.test"]
    assert people({"manager": str(viewer.pk)}) == ["maria@acme.test"]
    assert people({"manager": "none"}) == ["tomas@birch.test"]


@pytest.mark.parametrize(
    ("query", "code"),
    (
        ({"colour": "red"}, "unknown_parameter"),
        ({"name.lt": "b"}, "unknown_parameter"),
        ({"property.nowhere": "x"}, "unknown_parameter"),
        ({"people_count.gte": "many"}, "unknown_value"),
        ({"people_count.gte": "NaN"}, "unknown_value"),
        ({"membership_end_date.lt": "soon"}, "unknown_value"),
        ({"membership_end_date.lt": "+9999y"}, "unknown_value"),
        ({"is_active": "perhaps"}, "unknown_value"),
        ({"manager": "somebody"}, "unknown_value"),
        ({"name": "x" * 501}, "unknown_value"),
        ({"name": "a\x00b"}, "unknown_value"),
        ({"status": "gone"}, "unknown_value"),
        ({"sort": "colour"}, "unknown_value"),
    ),
)
def test_what_means_nothing_is_refused_at_the_api_and_left_out_by_the_page(
    firms: None, query: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        OrganizationFilter.read_strictly(query)
    assert (refused.value.code, refused.value.status) == (code, 400)
    assert OrganizationFilter.read(query) == OrganizationFilter()


def test_edge_case_53_a_page_link_is_bound_to_the_conditions(firms: None) -> None:
    one = OrganizationFilter.read({"tag": "eu"})
    other = OrganizationFilter.read({"tag": "us"})
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == OrganizationFilter.read({"tag": "eu", "cursor": "x"}).fingerprint


@pytest.mark.parametrize(
    "query",
    [
        {"people_count": "1e999999"},
        {"people_count.gte": "-1e40"},
        {"property.seats.lt": "1" + "0" * 400},
        {"created_at": "9999-12-31"},
        {"created_at.gte": "0001-01-01"},
        {"last_activity_at.lte": "-9999y"},
    ],
)
def test_numbers_and_days_beyond_all_measure_are_refused_before_anything_is_asked(
    firms: None, query: dict[str, str], django_assert_num_queries: Any
) -> None:
    allowed = 1 if next(iter(query)).startswith("property.") else 0
    with django_assert_num_queries(allowed), pytest.raises(Refused) as refused:
        OrganizationFilter.read_strictly(query)
    assert refused.value.code == "unknown_value"


def test_the_largest_number_that_a_property_takes_can_be_asked_for(firms: None) -> None:
    large = "9" * 30
    rows = Organization.objects.filter(name="Acme Windows")
    rows.update(property_values={"seats": large})
    assert organizations({"property.seats.gte": large}) == ["Acme Windows"]
    assert organizations({"property.seats.lt": "0." + "0" * 27 + "1"}) == []


def test_people_with_and_without_an_organization(scope: Any) -> None:
    make_person("in@acme.test", organization=make_organization())
    make_person("out@acme.test", name="Otto")
    assert people({"organization.empty": "yes"}) == ["out@acme.test"]
    assert people({"organization.empty": "no"}) == ["in@acme.test"]
    assert people({"organization": "none"}) == ["out@acme.test"]
    assert people({"organization.not": "none"}) == ["in@acme.test"]
