"""Memberships: several for a person, one of them primary; moving; undo."""

from typing import Any
from uuid import UUID

import pytest

from portico.clients.actions.memberships import (
    add_membership,
    move_person,
    remove_membership,
    update_membership,
)
from portico.clients.actions.organizations import delete_organization
from portico.clients.actions.primaries import settle_primaries
from portico.clients.models import Membership, Organization, Person
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.kit.errors import Denied, NotThere, Refused, Stale
from portico.kit.ids import new_id
from portico.workspaces.models import Role, Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of


@pytest.fixture
def acting(owner: Any) -> Any:
    """A fresh actor of the owner for each act."""
    return lambda: actor_of(owner)


@pytest.fixture
def birch(scope: Any) -> Organization:
    """Another organization."""
    return make_organization("Birch Roofs")


def role_id(name: str) -> UUID:
    key: UUID = Role.objects.values_list("pk", flat=True).get(kind="client", name=name)
    return key


def standing(person: Any) -> list[tuple[str, bool, list[str]]]:
    """Where somebody belongs: the organization, whether it is primary, the roles."""
    rows = Membership.objects.filter(person_id=person.pk).order_by("pk")
    return [
        (
            row.organization.name if row.organization else "",
            row.is_primary,
            sorted(given.role.name for given in row.role_assignments.all()),
        )
        for row in rows
    ]


def of(person: Any, organization: Organization | None) -> UUID:
    rows = Membership.objects.filter(person_id=person.pk, organization=organization)
    key: UUID = rows.values_list("pk", flat=True).get()
    return key


def counts(*organizations: Organization) -> list[int]:
    found = Organization.objects.in_bulk([row.pk for row in organizations])
    return [found[row.pk].people_count for row in organizations]


def told() -> list[tuple[str, UUID | None, dict[str, Any]]]:
    rows = Event.objects.filter(kind__regex=r"^(membership|person\.moved)").order_by("id")
    return list(rows.values_list("kind", "organization_id", "changes"))


def test_a_person_belongs_to_several_organizations_and_one_is_primary(
    acting: Any, acme: Organization, birch: Organization, guest: Person
) -> None:
    added = add_membership(acting(), guest.pk, birch.pk, role_ids=[role_id("Client")])
    assert standing(guest) == [
        ("Acme Windows", True, ["Guest"]),
        ("Birch Roofs", False, ["Client"]),
    ]
    assert counts(acme, birch) == [1, 1]
    update_membership(acting(), added.pk, is_primary=True)
    assert [row[1] for row in standing(guest)] == [False, True]
    assert told() == [
        (
            "membership.created",
            birch.pk,
            {"organization": [None, "Birch Roofs"], "roles": [[], ["Client"]]},
        ),
        (
            "membership.updated",
            birch.pk,
            {"primary_organization": ["Acme Windows", "Birch Roofs"]},
        ),
    ]


def test_edge_case_60_when_the_primary_one_ends_the_oldest_other_becomes_primary(
    acting: Any, acme: Organization, birch: Organization, guest: Person
) -> None:
    third = make_organization("Cedar Doors")
    add_membership(acting(), guest.pk, birch.pk)
    add_membership(acting(), guest.pk, third.pk)
    remove_membership(acting(), of(guest, acme))
    assert [row[:2] for row in standing(guest)] == [("Birch Roofs", True), ("Cedar Doors", False)]
    assert counts(acme, birch, third) == [0, 1, 1]


def test_edge_case_60_a_deleted_organization_leaves_nobody_without_a_primary_one(
    acting: Any, acme: Organization, birch: Organization, guest: Person
) -> None:
    add_membership(acting(), guest.pk, birch.pk)
    delete_organization(acting(), acme.pk, confirmation="DELETE")
    assert standing(guest) == [("Birch Roofs", True, [])]


def test_edge_case_60_a_primary_one_is_only_replaced_by_another(
    acting: Any, acme: Organization, guest: Person
) -> None:
    with pytest.raises(Refused) as caught:
        update_membership(acting(), of(guest, acme), is_primary=False)
    assert caught.value.code == "primary_needed"
    Membership.objects.update(is_primary=False)
    settle_primaries([guest.pk])
    assert standing(guest) == [("Acme Windows", True, ["Guest"])]


def test_the_last_membership_stays_where_the_workspace_requires_one(
    acting: Any, acme: Organization, guest: Person
) -> None:
    with pytest.raises(Refused) as caught:
        remove_membership(acting(), of(guest, acme))
    assert (caught.value.code, caught.value.detail) == (
        "last_membership",
        "A client belongs to at least one organization: move or archive them instead.",
    )
    assert standing(guest) == [("Acme Windows", True, ["Guest"])]


def test_where_none_is_required_the_last_one_may_end(
    workspace: Workspace, acting: Any, acme: Organization, guest: Person, scope: Any
) -> None:
    scope.settings["organization_required"] = False
    remove_membership(acting(), of(guest, acme))
    assert (standing(guest), counts(acme)) == ([], [0])
    add_membership(acting(), guest.pk, acme.pk)
    assert standing(guest) == [("Acme Windows", True, [])]


def test_who_belonged_to_the_workspace_directly_belongs_to_the_organization_instead(
    acting: Any, birch: Organization
) -> None:
    loner = make_person("solo@x.test", name="Solo", roles=["Client"])
    add_membership(acting(), loner.pk, birch.pk)
    assert standing(loner) == [("Birch Roofs", True, ["Client"])]


@pytest.mark.parametrize("state", ["archived", "inactive", "unknown"])
def test_nobody_is_put_into_an_organization_that_is_not_open(
    acting: Any, guest: Person, state: str
) -> None:
    closed = make_organization(
        "Closed",
        is_active=state != "inactive",
        archived_at="2026-01-01T00:00:00Z" if state == "archived" else None,
    )
    key = new_id() if state == "unknown" else closed.pk
    for act in (add_membership, move_person):
        with pytest.raises(Refused) as caught:
            act(acting(), guest.pk, key)
        assert caught.value.code == "organization_not_assignable"


def test_what_cannot_be_is_refused(acting: Any, acme: Organization, guest: Person) -> None:
    with pytest.raises(Refused, match="belongs to this organization already"):
        add_membership(acting(), guest.pk, acme.pk)
    with pytest.raises(Refused, match="one of the roles listed"):
        update_membership(acting(), of(guest, acme), role_ids=[new_id()])
    agent_role = Role.objects.filter(kind="agent").first()
    assert agent_role is not None
    with pytest.raises(Refused, match="one of the roles listed"):
        update_membership(acting(), of(guest, acme), role_ids=[agent_role.pk])
    with pytest.raises(Refused, match="another organization"):
        move_person(acting(), guest.pk, acme.pk)
    with pytest.raises(NotThere):
        remove_membership(acting(), new_id())
    with pytest.raises(Stale):
        update_membership(acting(), of(guest, acme), role_ids=[], version=7)
    assert told() == []


def test_roles_are_set_and_told(acting: Any, acme: Organization, guest: Person) -> None:
    changed = update_membership(
        acting(), of(guest, acme), role_ids=[role_id("Admin"), role_id("Viewer")], version=1
    )
    assert changed.version == 2
    assert standing(guest) == [("Acme Windows", True, ["Admin", "Viewer"])]
    assert told() == [
        ("membership.updated", acme.pk, {"roles": [["Guest"], ["Admin", "Viewer"]]}),
    ]
    update_membership(acting(), of(guest, acme), role_ids=[role_id("Admin"), role_id("Viewer")])
    assert len(told()) == 1


@pytest.mark.parametrize("keep_past", [True, False])
def test_edge_case_59_a_move_keeps_the_answer_about_the_past_and_stands_in_both_histories(
    acting: Any, acme: Organization, birch: Organization, guest: Person, *, keep_past: bool
) -> None:
    move_person(acting(), guest.pk, birch.pk, keep_past=keep_past)
    assert standing(guest) == [("Birch Roofs", True, ["Guest"])]
    assert counts(acme, birch) == [0, 1]
    assert told() == [
        (
            "person.moved",
            birch.pk,
            {"organization": ["Acme Windows", "Birch Roofs"], "past_stays": [None, keep_past]},
        ),
        ("membership.removed", acme.pk, {"organization": ["Acme Windows", None]}),
    ]


def test_moving_to_where_one_belongs_already_keeps_the_roles_there(
    acting: Any, acme: Organization, birch: Organization, guest: Person
) -> None:
    add_membership(acting(), guest.pk, birch.pk, role_ids=[role_id("Viewer")])
    move_person(acting(), guest.pk, birch.pk)
    assert standing(guest) == [("Birch Roofs", True, ["Viewer"])]
    assert counts(acme, birch) == [0, 1]


def test_every_change_of_memberships_is_undone_whole(
    acting: Any, acme: Organization, birch: Organization, guest: Person
) -> None:
    first = standing(guest)
    adding, moving, leaving, giving = acting(), acting(), acting(), acting()
    add_membership(adding, guest.pk, birch.pk)
    second = standing(guest)
    move_person(moving, guest.pk, make_organization("Cedar Doors").pk)
    undo_act(acting(), moving.act_id)
    assert sorted(standing(guest)) == sorted(second)
    remove_membership(leaving, of(guest, acme))
    undo_act(acting(), leaving.act_id)
    assert sorted(standing(guest)) == sorted(second)
    update_membership(giving, of(guest, acme), role_ids=[])
    with pytest.raises(Refused) as caught:
        undo_act(acting(), adding.act_id)
    assert caught.value.code == "changed_since"
    undo_act(acting(), giving.act_id)
    undo_act(acting(), adding.act_id)
    assert standing(guest) == first
    assert counts(acme, birch) == [1, 0]


def test_who_only_looks_changes_no_membership(
    viewer: Any, acme: Organization, birch: Organization, guest: Person
) -> None:
    actor = actor_of(viewer)
    key = of(guest, acme)
    for act in (
        lambda: add_membership(actor, guest.pk, birch.pk),
        lambda: remove_membership(actor, key),
        lambda: update_membership(actor, key, role_ids=[]),
        lambda: move_person(actor, guest.pk, birch.pk),
    ):
        with pytest.raises(Denied):
            act()
    assert standing(guest) == [("Acme Windows", True, ["Guest"])]
