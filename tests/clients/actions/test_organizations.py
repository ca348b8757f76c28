"""Create, change, archive and delete organizations."""

import pytest

from portico.clients.actions.organizations import (
    archive_organizations,
    create_organization,
    delete_organization,
    unarchive_organizations,
    update_organization,
)
from portico.clients.actions.people import create_person
from portico.clients.models import Membership, Organization, Person
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import NeedsConfirmation, Refused, Stale
from tests.factories.clients import make_organization, make_person


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))[1:]


def test_a_name_alone_makes_an_organization(owner_actor: Actor) -> None:
    organization = create_organization(owner_actor, {"name": "  Birch & Sons "})
    assert (organization.name, organization.version, organization.is_active) == (
        "Birch & Sons",
        1,
        True,
    )
    assert kinds() == ["organization.created"]


@pytest.mark.parametrize(
    ("name", "code"),
    (("", "blank"), ("   ", "blank"), ("A", "too_short"), ("x" * 9_999, "too_long")),
)
def test_a_name_of_the_wrong_length_is_refused_and_nothing_is_created(
    owner_actor: Actor, name: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        create_organization(owner_actor, {"name": name})
    assert [(e.field, e.code) for e in refused.value.errors] == [("name", code)]
    assert Organization.objects.count() == 0
    assert kinds() == []


def test_an_equal_name_needs_a_confirmation(owner_actor: Actor, acme: Organization) -> None:
    with pytest.raises(NeedsConfirmation) as asked:
        create_organization(owner_actor, {"name": "ACME  windows"})
    assert [e.code for e in asked.value.errors] == ["equal_name"]
    create_organization(owner_actor, {"name": "ACME  windows"}, confirm=["equal_name"])
    assert Organization.objects.count() == 2


def test_a_change_raises_the_version_and_leaves_old_and_new(
    owner_actor: Actor, acme: Organization
) -> None:
    update_organization(owner_actor, acme.pk, {"name": "Acme Doors", "website": ""}, version=1)
    acme.refresh_from_db()
    assert (acme.name, acme.name_key, acme.version) == ("Acme Doors", "acme doors", 2)
    event = Event.objects.latest("id")
    assert (event.kind, event.changes) == (
        "organization.updated",
        {"name": ["Acme Windows", "Acme Doors"]},
    )


def test_saving_without_a_change_leaves_no_trace(owner_actor: Actor, acme: Organization) -> None:
    update_organization(owner_actor, acme.pk, {"name": "Acme Windows"}, version=1)
    acme.refresh_from_db()
    assert (acme.version, kinds()) == (1, [])


def test_a_stale_save_changes_nothing(owner_actor: Actor, acme: Organization) -> None:
    update_organization(owner_actor, acme.pk, {"name": "Acme Doors"}, version=1)
    with pytest.raises(Stale):
        update_organization(owner_actor, acme.pk, {"name": "Acme Roofs"}, version=1)
    acme.refresh_from_db()
    assert acme.name == "Acme Doors"


def test_archiving_takes_along_who_belongs_to_nothing_else(
    owner_actor: Actor, acme: Organization
) -> None:
    other = make_organization("Birch")
    alone = make_person("alone@acme.test", organization=acme)
    both = make_person("both@acme.test", organization=acme)
    Membership.objects.create(person=both, organization=other)
    archived = archive_organizations(owner_actor, Organization.objects.filter(pk=acme.pk))
    assert archived == [acme]
    assert set(Person.objects.archived()) == {alone}
    assert Organization.objects.get(pk=acme.pk).people_count == 1


def test_unarchiving_brings_back_exactly_those_archived_with_it(
    owner_actor: Actor, acme: Organization
) -> None:
    make_person("stays@acme.test", organization=acme, archived_at="2026-01-01T00:00:00Z")
    make_person("returns@acme.test", organization=acme)
    before = Organization.objects.values().get(pk=acme.pk)
    archive_organizations(owner_actor, Organization.objects.filter(pk=acme.pk))
    unarchive_organizations(owner_actor, Organization.objects.filter(pk=acme.pk))
    after = Organization.objects.values().get(pk=acme.pk)
    moved = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in moved} == {
        k: v for k, v in before.items() if k not in moved
    }
    assert [person.email for person in Person.objects.active()] == ["returns@acme.test"]


def test_deleting_needs_the_exact_word(owner_actor: Actor, acme: Organization) -> None:
    for word in ("", "delete", "DELET"):
        with pytest.raises(Refused) as refused:
            delete_organization(owner_actor, acme.pk, confirmation=word)
        assert refused.value.code == "confirmation_needed"
    assert Organization.objects.count() == 1


def test_deleting_archives_its_people_and_keeps_the_history(
    owner_actor: Actor, acme: Organization
) -> None:
    create_person(owner_actor, {"name": "Lena", "email": "l@acme.test"}, organization_id=acme.pk)
    delete_organization(owner_actor, acme.pk, confirmation="DELETE")
    assert Organization.objects.count() == 0
    assert [person.archived_at is not None for person in Person.objects.all()] == [True]
    assert kinds() == ["person.created", "person.archived", "organization.deleted"]


def test_whom_a_deletion_leaves_with_nothing_belongs_to_the_workspace_itself(
    owner_actor: Actor, acme: Organization
) -> None:
    birch = make_organization("Birch")
    lena = make_person("lena@acme.test", organization=acme)
    both = make_person("both@acme.test", organization=acme)
    Membership.objects.create(person=both, organization=birch)
    delete_organization(owner_actor, acme.pk, confirmation="DELETE")
    places = Membership.objects.values_list("person_id", "organization_id", "is_primary")
    assert sorted(places, key=str) == sorted(
        [(lena.pk, None, True), (both.pk, birch.pk, True)], key=str
    )
