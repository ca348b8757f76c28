"""Changed columns of many rows are written as they are, inside the workspace."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portico.clients.models import Organization
from portico.kit.tenancy.scope import open_scope
from portico.kit.writing import write_columns
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def test_columns_of_every_kind_are_written_and_no_others() -> None:
    rows = [make_organization(f"Old {number}") for number in range(3)]
    for number, row in enumerate(rows):
        row.name = f"It's {number}%s"
        row.property_values = {"size": [str(number)]}
        row.membership_end_date = datetime.date(2030, 1, 1 + number) if number else None
        row.website = "https://unsaved.test"
    with CaptureQueriesContext(connection) as captured:
        write_columns(rows, ["name", "property_values", "membership_end_date"])
    assert len(captured) == 1
    told = Organization.objects.order_by("name").values_list(
        "name", "property_values", "membership_end_date", "website"
    )
    assert list(told) == [
        ("It's 0%s", {"size": ["0"]}, None, ""),
        ("It's 1%s", {"size": ["1"]}, datetime.date(2030, 1, 2), ""),
        ("It's 2%s", {"size": ["2"]}, datetime.date(2030, 1, 3), ""),
    ]
    assert Organization.objects.filter(property_values__size=["1"]).count() == 1


def test_nothing_to_write_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        write_columns([], ["name"])
    assert len(captured) == 0


def test_rows_of_another_workspace_stay_as_they_are(
    acme: Organization, other_workspace: Workspace
) -> None:
    acme.name = "Taken"
    with open_scope(scope_of(other_workspace)):
        write_columns([acme], ["name"])
    acme.refresh_from_db()
    assert acme.name == "Acme Windows"


def test_what_is_in_use_is_refused_by_the_database(acme: Organization) -> None:
    birch = make_organization("Birch", reference="B-1")
    acme.reference = birch.reference
    with pytest.raises(IntegrityError), transaction.atomic():
        write_columns([acme], ["reference"])
