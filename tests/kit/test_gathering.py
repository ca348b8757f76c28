"""Rows of other tables in the statement that reads the record."""

import pytest
from django.db.models import F, OuterRef

from portico.clients.models import Membership, MembershipRole, Organization
from portico.kit.gathering import Gathered, gathered
from portico.kit.tenancy.scope import WorkspaceScope, open_scope
from portico.workspaces.context import scope_of
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_workspace


def people_of(organization: Organization) -> list[dict[str, object]]:
    held = MembershipRole.objects.filter(membership_id=OuterRef("pk"))
    rows = Gathered(
        Membership.objects.filter(organization_id=OuterRef("pk")),
        name=F("person__name"),
        is_primary=F("is_primary"),
        roles=Gathered(held, name=F("role__name")),
    )
    found = Organization.objects.annotate(people=rows).get(pk=organization.pk)
    people = [
        {
            "name": row["name"],
            "is_primary": bool(row["is_primary"]),
            "roles": sorted(role["name"] for role in gathered(row["roles"])),
        }
        for row in gathered(found.people)
    ]
    return sorted(people, key=lambda row: str(row["name"]))


def test_rows_come_with_their_record_and_rows_inside_of_rows(scope: WorkspaceScope) -> None:
    acme = make_organization("Acme")
    make_person("lena@acme.test", name="Lena", organization=acme, roles=["Guest", "Client"])
    make_person("tom@acme.test", name="Tom", organization=acme)
    assert people_of(acme) == [
        {"name": "Lena", "is_primary": True, "roles": ["Client", "Guest"]},
        {"name": "Tom", "is_primary": True, "roles": []},
    ]


def test_a_record_without_rows_has_an_empty_list(scope: WorkspaceScope) -> None:
    assert people_of(make_organization("Acme")) == []


@pytest.mark.django_db
def test_rows_of_another_workspace_are_not_gathered() -> None:
    here, there = make_workspace("Here"), make_workspace("There", hostname="there.test")
    with open_scope(scope_of(here)):
        acme = make_organization("Acme")
        make_person("lena@acme.test", name="Lena", organization=acme)
    with open_scope(scope_of(there)):
        other = make_organization("Acme")
        rows = Gathered(Membership.objects.all(), name=F("person__name"))
        assert gathered(Organization.objects.annotate(people=rows).get(pk=other.pk).people) == []
