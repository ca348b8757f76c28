"""Importing organizations with their contacts: what becomes of each row."""

from typing import Any

import pytest

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from tests.factories.clients import make_organization
from tests.factories.workspaces import actor_of, make_workspace
from tests.transfers.imports import bring_in, counts_of, reasons_of


@pytest.fixture
def field_service(db: Any) -> Any:
    """The owner of a workspace in which people need no address."""
    workspace = make_workspace("Southstar", preset="field_service", hostname="south.test")
    with open_scope(scope_of(workspace)):
        from portico.workspaces.models import Agent

        yield actor_of(Agent.objects.get())


def test_northwind_gives_91_organizations_with_91_contacts(
    field_service: Actor, shared_data: Any
) -> None:
    content = shared_data("northwind/customers.csv")
    operation = bring_in(field_service, "organizations", content)

    assert counts_of(operation) == {
        "rows": 91,
        "created": 91,
        "organizations_created": 91,
        "people_created": 91,
    }
    alfki = Organization.objects.get(reference="ALFKI")
    contact = Person.objects.of_organization(alfki.pk).get()
    assert (alfki.name, alfki.address_country, alfki.people_count) == (
        "Alfreds Futterkiste",
        "DE",
        1,
    )
    assert (contact.name, contact.position) == ("Maria Anders", "Sales Representative")


def test_the_same_file_again_creates_and_changes_nothing(
    field_service: Actor, shared_data: Any
) -> None:
    content = shared_data("northwind/customers.csv")
    bring_in(field_service, "organizations", content)

    assert counts_of(bring_in(field_service, "organizations", content)) == {
        "rows": 91,
        "duplicates": 91,
    }
    again = bring_in(field_service, "organizations", content, existing="update")
    assert counts_of(again) == {"rows": 91, "unchanged": 91}
    assert (Organization.objects.count(), Person.objects.count()) == (91, 91)


@pytest.mark.parametrize(
    ("reference", "created", "duplicates"), (("Symbol", 503, 0), ("CIK", 500, 3))
)
def test_the_rows_of_the_500_are_all_accounted_for(
    owner_actor: Actor, shared_data: Any, reference: str, created: int, duplicates: int
) -> None:
    operation = bring_in(
        owner_actor,
        "organizations",
        shared_data("companies/sp500_constituents.csv"),
        mapping={"Security": "name", reference: "reference"},
    )

    assert operation.counts["rows"] == 503
    assert (operation.counts["created"], operation.counts["duplicates"]) == (created, duplicates)
    assert Organization.objects.count() == created


def test_equal_names_stay_apart_where_references_are_mapped(owner_actor: Actor) -> None:
    operation = bring_in(owner_actor, "organizations", "reference,name\n1,Alpha\n2,Alpha\n")

    assert counts_of(operation)["created"] == 2
    assert operation.options["notices"]["equal_name"]["n"] == 1


def test_equal_names_are_one_organization_without_references(owner_actor: Actor) -> None:
    """Edge case 44: names are compared by NFKC, case and single spaces."""
    operation = bring_in(owner_actor, "organizations", "name\nAlpha  Beta\nＡLPHA beta\n")

    assert counts_of(operation) == {
        "rows": 2,
        "created": 1,
        "duplicates": 1,
        "organizations_created": 1,
    }


def test_updating_changes_filled_fields(owner_actor: Actor) -> None:
    organization = make_organization("Alpha", website="https://a.test/", address_city="Rome")
    file = "name,website,city\nALPHA,,Paris\n"
    operation = bring_in(owner_actor, "organizations", file, existing="update")

    organization.refresh_from_db()
    assert counts_of(operation) == {"rows": 1, "updated": 1}
    assert (organization.website, organization.address_city) == ("https://a.test/", "Paris")
    assert organization.name == "ALPHA"


def test_a_contact_needs_an_address_where_people_do(owner_actor: Actor) -> None:
    file = "name,contact.name\nAlpha,Ann\n"
    operation = bring_in(owner_actor, "organizations", file)

    assert reasons_of(operation) == {1: "The e-mail address is missing."}
    assert Organization.objects.count() == 0


def test_a_contact_whose_address_is_there_makes_the_row_a_duplicate(owner_actor: Actor) -> None:
    file = "name,contact.name,contact.email\nAlpha,Ann,a@a.test\nBeta,Bob,a@a.test\n"
    operation = bring_in(owner_actor, "organizations", file)

    assert counts_of(operation) == {
        "rows": 2,
        "created": 1,
        "duplicates": 1,
        "organizations_created": 1,
        "people_created": 1,
    }


def test_a_workspace_that_demands_an_end_date_refuses_rows_without(db: Any) -> None:
    workspace = make_workspace("Partnerstar", preset="partner", hostname="partner.test")
    with open_scope(scope_of(workspace)):
        from portico.workspaces.models import Agent

        actor = actor_of(Agent.objects.get())
        file = "name,membership_end_date\nAlpha,2030-01-31\nBeta,\n"
        operation = bring_in(actor, "organizations", file)

        assert counts_of(operation) == {
            "rows": 2,
            "created": 1,
            "refused": 1,
            "organizations_created": 1,
        }
