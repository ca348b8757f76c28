"""Importing people: what becomes of each row."""

from typing import Any

import pytest

from portico.clients.models import Membership, Organization, Person
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.operations.actions import undo_operation
from portico.workspaces.models import Plan, Workspace
from tests.factories.clients import make_organization, make_person
from tests.transfers.imports import (
    bring_in,
    checked,
    counts_of,
    failures_of,
    prepared,
    reasons_of,
    work_off,
)

HEAD = "name,email,position,organization\n"


def test_edge_case_44_rows_become_people_of_their_organizations(owner_actor: Actor) -> None:
    file = HEAD + "Ann,ann@a.test,Boss,Alpha\nBob,bob@a.test,,ALPHA \nCid,cid@b.test,,Beta\n"
    operation = bring_in(owner_actor, "people", file)

    assert counts_of(operation) == {
        "rows": 3,
        "created": 3,
        "organizations_created": 2,
        "people_created": 3,
    }
    places = Membership.objects.order_by("person__name")
    assert list(places.values_list("person__name", "organization__name", "is_primary")) == [
        ("Ann", "Alpha", True),
        ("Bob", "Alpha", True),
        ("Cid", "Beta", True),
    ]
    counts = Organization.objects.order_by("name").values_list("name", "people_count")
    assert list(counts) == [("Alpha", 2), ("Beta", 1)]


def test_every_record_has_an_event_that_says_it_came_by_import(owner_actor: Actor) -> None:
    operation = bring_in(owner_actor, "people", HEAD + "Ann,ann@a.test,,Alpha\n")

    events = Event.objects.filter(request_id=operation.request_id, kind__endswith="created")
    assert sorted(events.values_list("kind", "subject_name", "way", "actor_name")) == [
        ("organization.created", "Alpha", "import", "Olga Owner"),
        ("person.created", "Ann", "import", "Olga Owner"),
    ]
    alpha = Organization.objects.get()
    assert set(events.values_list("organization_id", flat=True)) == {alpha.pk}


@pytest.mark.usefixtures("acme")
def test_edge_case_43_the_first_of_equal_addresses_wins_whatever_their_case(
    owner_actor: Actor,
) -> None:
    """Edge case 43: the same address twice in one file, differing only by case."""
    file = HEAD + "Ann,ann@a.test,,Acme Windows\nAnna,ANN@A.TEST,,Acme Windows\n"
    operation = bring_in(owner_actor, "people", file)

    assert counts_of(operation)["duplicates"] == 1
    assert reasons_of(operation) == {2: "Row 1 of this file is the same."}
    assert Person.objects.get().name == "Ann"


def test_edge_case_43_addresses_of_the_workspace_are_left_alone_and_named(
    owner_actor: Actor, acme: Organization
) -> None:
    """Edge case 43: equal to a person, an archived person, an agent."""
    make_person("lena@a.test", organization=acme)
    gone = make_person("gone@a.test", name="Gone", organization=acme)
    Person.objects.filter(pk=gone.pk).update(archived_at=gone.created_at)
    rows = ("lena@a.test", "gone@a.test", "owner@northstar.test")
    file = HEAD + "".join(f"N,{email},,Acme Windows\n" for email in rows)
    operation = bring_in(owner_actor, "people", file)

    assert counts_of(operation) == {"rows": 3, "duplicates": 3}
    assert reasons_of(operation) == {
        1: "It belongs to Lena Fischer, who is there already.",
        2: "It belongs to Gone, an archived client.",
        3: "This address belongs to a team member. One address cannot be both.",
    }


def test_edge_case_45_updating_changes_filled_cells_only(
    owner_actor: Actor, acme: Organization
) -> None:
    """Edge case 45: an empty cell does not clear the field."""
    person = make_person("lena@a.test", organization=acme, position="Owner", phone="123")
    other = make_person("same@a.test", name="Same", organization=acme)
    file = "name,email,position,phone\n,LENA@a.test,Chief,\nSame,same@a.test,,\n"
    operation = bring_in(owner_actor, "people", file, existing="update")

    assert counts_of(operation) == {"rows": 2, "updated": 1, "unchanged": 1}
    person.refresh_from_db()
    assert (person.name, person.position, person.phone, person.version) == (
        "Lena Fischer",
        "Chief",
        "123",
        2,
    )
    assert person.email == "lena@a.test"
    event = Event.objects.get(subject_id=person.pk, kind="person.updated")
    assert event.changes == {"position": ["Owner", "Chief"]}
    assert event.organization_id == acme.pk
    other.refresh_from_db()
    assert other.version == 1


def test_updating_finds_people_by_reference_first(owner_actor: Actor, acme: Organization) -> None:
    person = make_person("old@a.test", organization=acme, reference="7")
    file = "reference,name,email\n7,Lena Fischer,new@a.test\n8,Other,old@a.test\n"
    operation = bring_in(owner_actor, "people", file, existing="update")

    person.refresh_from_db()
    assert person.email == "new@a.test"
    assert counts_of(operation) == {"rows": 2, "updated": 1, "duplicates": 1}


def test_edge_case_43_an_address_of_somebody_else_refuses_the_row(
    owner_actor: Actor, acme: Organization
) -> None:
    make_person("lena@a.test", organization=acme, reference="7")
    make_person("paul@a.test", name="Paul", organization=acme)
    file = "reference,name,email\n7,Lena,paul@a.test\n"
    operation = bring_in(owner_actor, "people", file, existing="update")

    assert reasons_of(operation) == {1: "It belongs to Paul, who is there already."}


def test_edge_case_44_unknown_organizations_may_be_refused(owner_actor: Actor) -> None:
    """Edge case 44: an unknown name is created or refused, as chosen once."""
    file = HEAD + "Ann,ann@a.test,,Alpha\n"
    operation = bring_in(owner_actor, "people", file, unknown_organizations="refuse")

    assert counts_of(operation) == {"rows": 1, "refused": 1}
    assert reasons_of(operation) == {1: "There is no organization “Alpha”."}


def test_an_unclear_or_archived_organization_refuses_the_row(owner_actor: Actor) -> None:
    make_organization("Twin")
    make_organization("TWIN")
    shut = make_organization("Shut")
    Organization.objects.filter(pk=shut.pk).update(archived_at=shut.created_at)
    file = HEAD + "Ann,ann@a.test,,Twin\nBob,bob@a.test,,Shut\nCid,cid@a.test,,\n"
    operation = bring_in(owner_actor, "people", file)

    assert reasons_of(operation) == {
        1: "There are several organizations “Twin”.",
        2: "The organization “Shut” is archived or inactive.",
        3: "The organization is missing.",
    }


def test_edge_case_49_the_plans_limit_refuses_the_rows_beyond_it(owner_actor: Actor) -> None:
    """Edge case 49: rows before the limit go in, those after name limit and use."""
    Plan.objects.update(person_limit=2)
    file = HEAD + "".join(f"N{n},n{n}@a.test,,Alpha{n}\n" for n in range(4))
    operation = bring_in(owner_actor, "people", file)

    assert counts_of(operation) == {
        "rows": 4,
        "created": 2,
        "refused": 2,
        "organizations_created": 2,
        "people_created": 2,
    }
    assert reasons_of(operation)[3].startswith("You have 2 of 2 ")
    assert Organization.objects.count() == 2


def test_edge_case_46_all_or_nothing_refuses_everything_for_one_wrong_row(
    owner_actor: Actor,
) -> None:
    """Edge case 46: all or the valid rows is the user's choice."""
    file = HEAD + "Ann,ann@a.test,,Alpha\nBad,bad,,Alpha\n"
    operation = bring_in(owner_actor, "people", file, all_or_nothing=True)

    assert counts_of(operation) == {"rows": 2, "refused": 2}
    assert Person.objects.count() == Organization.objects.count() == 0
    lines = failures_of(operation).splitlines()
    assert [line.split(",")[0] for line in lines] == ["name", "Ann", "Bad"]


def test_all_or_nothing_takes_everything_when_all_is_well(owner_actor: Actor) -> None:
    rows = "".join(f"N{n},n{n}@a.test,,Alpha\n" for n in range(1201))
    operation = bring_in(owner_actor, "people", HEAD + rows, all_or_nothing=True)

    assert counts_of(operation)["created"] == 1201
    assert Organization.objects.get().people_count == 1201


def test_an_organization_for_all_rows_is_created_once(owner_actor: Actor) -> None:
    rows = "".join(f"N{n},n{n}@a.test\n" for n in range(1100))
    operation = bring_in(owner_actor, "people", "name,email\n" + rows, organization="Alpha")

    assert counts_of(operation)["organizations_created"] == 1
    assert Organization.objects.get().people_count == 1100


def test_an_unknown_organization_for_all_rows_is_refused_at_once(owner_actor: Actor) -> None:
    operation = prepared(
        owner_actor,
        "people",
        "name,email\nAnn,a@a.test\n",
        organization="Alpha",
        unknown_organizations="refuse",
    )

    with pytest.raises(Refused) as caught:
        checked(owner_actor, operation)
    assert caught.value.field == "organization"


def test_edge_case_48_an_address_taken_between_check_and_run_is_a_clean_outcome(
    owner_actor: Actor, acme: Organization
) -> None:
    """Edge case 48: someone creates the same address between preview and commit."""
    from tests.transfers.imports import imported

    file = HEAD + "Ann,ann@a.test,,Acme Windows\nBob,bob@a.test,,Acme Windows\n"
    operation = checked(owner_actor, prepared(owner_actor, "people", file))
    make_person("bob@a.test", name="Bob", organization=acme)
    operation = imported(owner_actor, operation)

    assert counts_of(operation) == {
        "rows": 2,
        "created": 1,
        "duplicates": 1,
        "people_created": 1,
    }


def test_edge_case_50_an_import_sends_no_invitation(owner_actor: Actor) -> None:
    """Edge case 50: an import never invites anybody by itself."""
    from portico.invitations.models import Invitation
    from portico.notifications.models import OutgoingMail

    bring_in(owner_actor, "people", HEAD + "Ann,ann@a.test,,Alpha\n")

    assert (Invitation.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_an_import_is_undone_but_for_what_somebody_worked_with(owner_actor: Actor) -> None:
    file = HEAD + "Ann,ann@a.test,,Alpha\nBob,bob@a.test,,Beta\n"
    operation = bring_in(owner_actor, "people", file)
    from portico.clients.actions.people import update_person

    update_person(owner_actor, Person.objects.get(name="Bob").pk, {"position": "Chief"})
    undo_operation(owner_actor, operation.pk)
    work_off()
    operation.refresh_from_db()

    assert operation.state == "undone"
    assert list(Person.objects.values_list("name", flat=True)) == ["Bob"]
    assert list(Organization.objects.values_list("name", flat=True)) == ["Beta"]


def test_the_rights_to_do_the_same_by_hand_are_needed(scope: Any) -> None:
    from portico.kit.errors import Denied
    from tests.factories.workspaces import actor_of, make_agent

    agent = make_agent("importer@a.test", permissions=["import_clients", "create_clients"])
    operation = prepared(actor_of(agent), "people", HEAD + "Ann,a@a.test,,Alpha\n")
    assert operation.options["asked"]["unknown_organizations"] == "refuse"
    from portico.transfers.actions.imports import change_mapping, check_import

    change_mapping(actor_of(agent), operation.pk, choices={"unknown_organizations": "create"})
    with pytest.raises(Denied) as caught:
        check_import(actor_of(agent), operation.pk)
    assert caught.value.permissions == ("manage_client_organizations",)


def test_messy_people_are_counted_as_the_files_notes_say(
    owner_actor: Actor, shared_data: Any, workspace: Workspace
) -> None:
    operation = bring_in(
        owner_actor, "people", shared_data("splink/fake_1000.csv"), organization="Splink"
    )

    assert counts_of(operation) == {
        "rows": 1000,
        "created": 394,
        "duplicates": 365,
        "refused": 241,
        "organizations_created": 1,
        "people_created": 394,
    }
    lines = failures_of(operation).splitlines()
    assert len(lines) == 1 + 241
    assert lines[0].endswith(",cluster,row,field,reason")


def test_a_corrected_failures_file_can_be_imported_as_it_is(owner_actor: Actor) -> None:
    file = "name,email\nAnn,ann@a.test\nBad,bad\n"
    operation = bring_in(owner_actor, "people", file, organization="Alpha")
    corrected = failures_of(operation).replace(",bad,", ",bad@a.test,")
    again = bring_in(owner_actor, "people", corrected, organization="Alpha")

    assert counts_of(again) == {"rows": 1, "created": 1, "people_created": 1}


def test_a_name_is_cleaned_in_a_row_as_it_is_in_a_form(owner_actor: Actor) -> None:
    rows = "name,email\n\u2068An\u00adna\u2069,a@a.test\nevil\u202eeman,b@b.test\n"
    operation = bring_in(owner_actor, "people", rows, organization="Alpha")
    assert list(Person.objects.values_list("name", flat=True)) == ["Anna"]
    assert reasons_of(operation) == {
        2: "This text contains a character that turns the letters after it round (U+202E). "
        "Type it anew instead of pasting it."
    }
