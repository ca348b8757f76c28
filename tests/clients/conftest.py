"""Records that lists are walked over."""

import datetime
from typing import Any

import pytest

from portico.clients.models import Person
from tests.factories.clients import make_organization, make_person

STAMP = "2026-01-01T00:00:00Z"


@pytest.fixture
def six_people(acme: Any) -> list[Any]:
    rows = [
        make_person(f"p{number}@acme.test", name=f"Person {number}", organization=acme)
        for number in range(6)
    ]
    Person.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(last_active_at=STAMP)
    for row in rows[::2]:
        make_person(f"old-{row.email}", name=f"Old {row.name}", archived_at=STAMP)
    return rows


@pytest.fixture
def five_organizations(scope: Any) -> list[Any]:
    for number in range(3):
        make_organization(f"Old {number}", archived_at=STAMP)
    return [
        make_organization(f"Organization {number}", membership_end_date=end)
        for number, end in enumerate(["2030-01-01", "2030-01-02", "2030-01-03", None, None])
    ]


@pytest.fixture
def today() -> datetime.date:
    return datetime.date(2026, 1, 1)
