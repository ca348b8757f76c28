"""Imports that invite whom they create, and only when asked (edge cases 47, 49, 50)."""

import pytest
from django.test import Client

from portico.clients.models import Person
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.models import Plan, Workspace
from tests.transfers.imports import bring_in, checked, counts_of, prepared, reasons_of

pytestmark = pytest.mark.django_db

FILE = "name,email,organization\nAnn,ann@a.test,Alpha\nBob,bob@b.test,Alpha\nBad,bad,Alpha\n"


def test_edge_case_50_nobody_is_invited_unless_that_was_asked(owner_actor: Actor) -> None:
    operation = bring_in(owner_actor, "people", FILE)

    assert operation.counts["invitations"] == Invitation.objects.count() == 0


def test_edge_case_50_the_check_says_how_many_are_sent(
    owner_browser: Client, owner_actor: Actor
) -> None:
    operation = checked(owner_actor, prepared(owner_actor, "people", FILE, invite=True))
    page = owner_browser.get(f"/imports/{operation.pk}/check/").content.decode()

    assert "2 invitations are sent." in page
    assert (Invitation.objects.count(), Person.objects.count()) == (0, 0)


def test_edge_case_50_those_who_are_created_are_invited_into_their_organization(
    owner_actor: Actor,
) -> None:
    operation = bring_in(owner_actor, "people", FILE, invite=True)

    assert operation.counts["invitations"] == 2
    told = Invitation.objects.order_by("address").values_list("address", "organization__name")
    assert list(told) == [("ann@a.test", "Alpha"), ("bob@b.test", "Alpha")]


def test_contacts_of_organizations_are_invited_too(owner_actor: Actor) -> None:
    file = "name,contact.name,contact.email\nAlpha,Ann,ann@a.test\n"
    bring_in(owner_actor, "organizations", file, invite=True)

    assert Invitation.objects.get().organization.name == "Alpha"


def test_edge_case_47_a_row_that_is_in_but_not_invited_says_why(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portico.invitations.limits.PER_WORKSPACE_AND_HOUR", 1)
    operation = bring_in(owner_actor, "people", FILE, invite=True)

    assert (operation.counts["invitations"], operation.counts["partly"]) == (1, 1)
    assert operation.rows.get(number=2).outcome == "partly"
    limit = "At most 1 invitations go out within an hour. Try again an hour later."
    assert reasons_of(operation)[2] == f"Imported, but not invited: {limit}"
    assert Person.objects.count() == 2


def test_edge_case_47_the_result_page_tells_what_was_not_done(
    owner_browser: Client, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portico.invitations.limits.PER_WORKSPACE_AND_HOUR", 1)
    operation = bring_in(owner_actor, "people", FILE, invite=True)

    assert "1 row is in, but not all of it was done" in (
        owner_browser.get(f"/imports/{operation.pk}/").content.decode()
    )
    page = owner_browser.get(f"/operations/{operation.pk}/").content.decode()
    assert "Imported, but not invited" in page


def test_edge_case_49_the_plans_limit_is_told_before_the_run_with_its_row(
    owner_browser: Client, owner_actor: Actor
) -> None:
    Plan.objects.update_or_create(
        workspace=Workspace.objects.get(pk=owner_actor.workspace_id), defaults={"person_limit": 2}
    )
    file = "name,email\n" + "".join(f"P{n},p{n}@a.test\n" for n in range(5))
    operation = checked(owner_actor, prepared(owner_actor, "people", file, organization="Alpha"))

    assert counts_of(operation)["refused"] == 3
    notice = operation.options["notices"]["person_limit"]
    assert (notice["n"], notice["row"]) == (3, 3)
    page = owner_browser.get(f"/imports/{operation.pk}/check/").content.decode()
    assert "3 rows (first row 3): The limit of clients is reached here" in page


def test_edge_case_49_all_or_nothing_lets_none_in_at_the_limit(owner_actor: Actor) -> None:
    Plan.objects.update_or_create(
        workspace=Workspace.objects.get(pk=owner_actor.workspace_id), defaults={"person_limit": 2}
    )
    file = "name,email\n" + "".join(f"P{n},p{n}@a.test\n" for n in range(5))
    bring_in(owner_actor, "people", file, organization="Alpha", all_or_nothing=True)

    assert Person.objects.count() == 0
