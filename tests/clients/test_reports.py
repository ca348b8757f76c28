"""What a record's page shows besides its own columns."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portico.clients.actions.memberships import add_membership
from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.actions.people import create_person, update_person
from portico.clients.actions.properties import create_property
from portico.clients.reports import (
    belongings_of,
    definitions_of,
    effective_manager,
    lacks_manager,
    managers_of,
    tags_of,
    with_readings,
)
from portico.kit.actors import Actor
from portico.workspaces.models import Role
from tests.factories.workspaces import make_agent

pytestmark = pytest.mark.parametrize("reading", ["before", "after"])


def found(record: Any, *, reading: str) -> Any:
    rows = type(record).objects.filter(pk=record.pk)
    return (with_readings(rows) if reading == "before" else rows).get()


def test_an_organization_is_read_with_managers_tags_and_properties_in_one_statement(
    owner_actor: Actor, django_assert_num_queries: Any, reading: str
) -> None:
    hana, tom = (make_agent(f"{n}@northstar.test", name=n) for n in ("Hana", "Tom"))
    fields = {"label": "Size", "kind": "choice", "choices": ["Small", "Large"]}
    create_property(owner_actor, "organization", fields)
    create_property(owner_actor, "organization", {"label": "Note"})
    create_property(owner_actor, "person", {"label": "Badge"})
    acme = create_organization(
        owner_actor,
        {"name": "Acme", "tags": ["vip", "North"], "account_managers": [tom.pk, hana.pk]},
    )
    assert connection.features.supports_json_field  # asks SQLite once in a process
    with django_assert_num_queries(1 if reading == "before" else 4):
        row = found(acme, reading=reading)
        managers, tags, properties = managers_of(row), tags_of(row), definitions_of(row)
    assert [(one.name, one.is_first, one.is_working) for one in managers] == [
        ("Tom", True, True),
        ("Hana", False, True),
    ]
    assert [name for name, _colour in tags] == ["North", "vip"]
    assert [(one.label, one.kind, one.choices) for one in properties] == [
        ("Size", "choice", ["Small", "Large"]),
        ("Note", "text", []),
    ]


def test_s2_43_an_organization_lacks_a_manager_where_others_have_one(
    owner_actor: Actor, reading: str
) -> None:
    acme = create_organization(owner_actor, {"name": "Acme"})
    other = create_organization(owner_actor, {"name": "Other"})

    def lacks() -> list[bool]:
        return [lacks_manager(found(row, reading=reading)) for row in (acme, other)]

    assert lacks() == [False, False]
    hana = make_agent("hana@northstar.test", name="Hana")
    update_organization(owner_actor, acme.pk, {"account_managers": [hana.pk]})
    assert lacks() == [False, True]
    type(hana).objects.filter(pk=hana.pk).update(archived_at=timezone.now())
    assert lacks() == [True, True]


def test_a_person_is_read_with_organizations_roles_and_the_manager_in_one_statement(
    owner_actor: Actor, django_assert_num_queries: Any, reading: str
) -> None:
    hana, tom = (make_agent(f"{n}@northstar.test", name=n) for n in ("Hana", "Tom"))
    acme = create_organization(owner_actor, {"name": "Acme", "account_managers": [hana.pk]})
    birch = create_organization(owner_actor, {"name": "Birch"})
    lena = create_person(
        owner_actor, {"name": "Lena", "email": "lena@acme.test"}, organization_id=acme.pk
    )
    roles = Role.objects.filter(kind="client", name__in=["Guest", "Client"])
    keys = [role.pk for role in roles]
    added = add_membership(owner_actor, lena.pk, birch.pk, role_ids=keys)
    assert connection.features.supports_json_field  # asks SQLite once in a process
    with django_assert_num_queries(1 if reading == "before" else 4):
        row = found(lena, reading=reading)
        places, manager = belongings_of(row), effective_manager(row)
    assert [(one.organization_name, one.is_primary, one.roles) for one in places] == [
        ("Acme", True, ()),
        ("Birch", False, ("Client", "Guest")),
    ]
    assert (places[1].id, places[1].created_at) == (added.pk, added.created_at)
    assert manager is not None
    assert (manager.name, manager.source, manager.organization_name) == (
        *("Hana", "organization", "Acme"),
    )
    update_person(owner_actor, lena.pk, {"account_manager": tom.pk})
    own = effective_manager(found(lena, reading=reading))
    assert own is not None
    assert (own.name, own.source) == ("Tom", "own")
