"""A pending invitation follows its person from organization to organization."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from portico.clients.actions.memberships import (
    add_membership,
    move_person,
    remove_membership,
)
from portico.clients.models import Membership, Organization
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.invitations.actions.accepting import DeadLink, accept_invitation
from portico.invitations.actions.inviting import invite_person
from portico.invitations.links import link_of, token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Role, Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent
from tests.invitations.conftest import CHOSEN
from tests.smtp import SmtpServer

Send = Callable[[], int]


@pytest.fixture
def birch(acme: Organization) -> Organization:
    """Another organization."""
    return make_organization("Birch")


@pytest.fixture
def colleague(owner_actor: Actor) -> Actor:
    """Somebody else who may do everything, with an act of their own."""
    return actor_of(make_agent("second@northstar.test", roles=["Owner"]))


def belongs(person: Any) -> list[tuple[str | None, bool, list[str]]]:
    rows = Membership.objects.filter(person_id=person.pk).order_by("pk")
    return [
        (
            row.organization.name if row.organization else None,
            row.is_primary,
            sorted(row.role_assignments.values_list("role__name", flat=True)),
        )
        for row in rows.select_related("organization")
    ]


def test_edge_case_13_an_invitation_follows_its_person_to_another_organization(
    colleague: Actor, invitation: Invitation, lena: Any, birch: Organization
) -> None:
    move_person(colleague, lena.pk, birch.pk)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.organization_id) == ("pending", birch.pk)
    moved = Event.objects.get(kind="invitation.moved")
    assert moved.changes == {"organization": ["Acme Windows", "Birch"]}
    accept_invitation(token_of(invitation), password=CHOSEN)
    assert belongs(lena) == [("Birch", True, ["Client"])]


def test_undoing_the_move_brings_the_invitation_back(
    colleague: Actor,
    owner_actor: Actor,
    acme: Organization,
    invitation: Invitation,
    lena: Any,
    birch: Organization,
) -> None:
    move_person(colleague, lena.pk, birch.pk)
    undo_act(owner_actor, colleague.act_id)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.organization_id) == ("pending", acme.pk)


def test_of_two_invitations_into_the_new_organization_the_older_one_stays_there(
    colleague: Actor, invitation: Invitation, lena: Any, birch: Organization
) -> None:
    there = invite_person(colleague, lena.pk, organization_id=birch.pk)
    move_person(colleague, lena.pk, birch.pk)

    states = dict(Invitation.objects.values_list("pk", "state"))
    assert states == {invitation.pk: "cancelled", there.pk: "pending"}


def test_an_invitation_is_cancelled_with_the_membership_it_leads_to(
    colleague: Actor, invitation: Invitation, lena: Any, birch: Organization
) -> None:
    add_membership(colleague, lena.pk, birch.pk)
    remove_membership(colleague, Membership.objects.get(organization__name="Acme Windows").pk)

    invitation.refresh_from_db()
    assert invitation.state == "cancelled"
    with pytest.raises(DeadLink) as dead:
        accept_invitation(token_of(invitation), password=CHOSEN)
    assert dead.value.code == "invitation_cancelled"
    assert belongs(lena) == [("Birch", True, [])]


def test_an_invitation_elsewhere_stays_when_a_membership_ends(
    colleague: Actor, lena: Any, birch: Organization
) -> None:
    there = invite_person(colleague, lena.pk, organization_id=birch.pk)
    move_person(colleague, lena.pk, make_organization("Cedar").pk)

    there.refresh_from_db()
    assert (there.state, there.organization_id) == ("pending", birch.pk)


def test_who_was_invited_directly_is_invited_into_the_organization_that_follows(
    colleague: Actor, birch: Organization
) -> None:
    person = make_person("tom@else.test", name="Tom", has_joined=False)
    made = invite_person(colleague, person.pk, organization_id=None)
    add_membership(colleague, person.pk, birch.pk)

    made.refresh_from_db()
    assert (made.state, made.organization_id) == ("pending", birch.pk)


@pytest.mark.parametrize(("given", "held"), (((), ["Guest"]), (("Viewer",), ["Viewer"])))
def test_edge_case_60_accepting_into_an_organization_ends_belonging_to_the_workspace_directly(
    colleague: Actor, birch: Organization, given: tuple[str, ...], held: list[str]
) -> None:
    person = make_person("tom@else.test", name="Tom", has_joined=False, roles=["Guest"])
    roles = {role.name: role for role in Role.objects.filter(kind="client")}
    keys = [roles[name].pk for name in given]
    made = invite_person(colleague, person.pk, organization_id=birch.pk, role_ids=keys)
    accept_invitation(token_of(made), password=CHOSEN)

    assert belongs(person) == [("Birch", True, held)]


def test_the_mail_that_is_out_works_and_a_fresh_one_names_the_new_organization(
    colleague: Actor,
    invitation: Invitation,
    lena: Any,
    birch: Organization,
    smtp_server: SmtpServer,
    send_mails: Send,
) -> None:
    """Edge cases 8, 13 and 16: one link, in both mails, that leads into the new organization."""
    send_mails()
    move_person(colleague, lena.pk, birch.pk)
    send_mails()
    old, fresh = smtp_server.accepted
    assert [mail.recipients for mail in (old, fresh)] == [["lena@acme.test"]] * 2
    assert [mail.message["Subject"] for mail in (old, fresh)] == [
        "Olga Owner from Northstar invites you to the Acme Windows portal",
        "Olga Owner from Northstar invites you to the Birch portal",
    ]
    (link,) = {link_of(Invitation.objects.get())}
    assert [link in mail.part("plain") for mail in (old, fresh)] == [True, True]
    page = Client().get(urlsplit(link).path, follow=True)
    assert ("Birch portal" in page.content.decode(), page.status_code) == (True, 200)
    assert Invitation.objects.get().sent_count == 2


def test_moved_before_the_first_mail_left_it_is_mailed_once(
    colleague: Actor,
    invitation: Invitation,
    lena: Any,
    birch: Organization,
    smtp_server: SmtpServer,
    send_mails: Send,
) -> None:
    move_person(colleague, lena.pk, birch.pk)
    send_mails()
    (mail,) = smtp_server.accepted
    assert "Birch portal" in mail.message["Subject"]


def test_a_move_is_never_refused_because_of_mails_but_sends_none_beyond_the_limit(
    colleague: Actor, invitation: Invitation, lena: Any, birch: Organization
) -> None:
    """R-C16."""
    Workspace.objects.update(settings={"invitations_per_day": 1})
    with open_scope(scope_of(Workspace.objects.get())):
        move_person(colleague, lena.pk, birch.pk)
    invitation.refresh_from_db()
    assert (invitation.organization_id, invitation.sent_count) == (birch.pk, 1)


def test_an_invitation_that_has_ended_moves_without_a_mail(
    colleague: Actor, invitation: Invitation, lena: Any, birch: Organization
) -> None:
    Invitation.objects.update(expires_at=invitation.created_at)
    move_person(colleague, lena.pk, birch.pk)
    assert Invitation.objects.get().sent_count == 1
