"""Acceptance: once, re-checked, with the roles that were meant."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portico.clients.actions.organizations import archive_organizations
from portico.clients.models import Membership, MembershipRole, Organization, Person
from portico.history.models import Event
from portico.invitations.actions.accepting import (
    DeadLink,
    accept_invitation,
    join_by_invitation,
)
from portico.invitations.actions.inviting import invite_agent, invite_person
from portico.invitations.actions.sending import resend_invitation
from portico.invitations.choices import LinkState
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Plan, Role, RoleAssignment, Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_workspace
from tests.invitations.conftest import CHOSEN


def roles_of(person: Any) -> list[str]:
    held = MembershipRole.objects.filter(membership__person=person)
    return sorted(held.values_list("role__name", flat=True))


def test_accepting_sets_the_password_and_leaves_one_event(invitation: Invitation) -> None:
    user = accept_invitation(token_of(invitation), password=CHOSEN)

    invitation.refresh_from_db()
    assert Person.objects.get(pk=user.pk).check_password(CHOSEN)
    assert invitation.state == "accepted"
    accepted = Event.objects.get(kind="invitation.accepted")
    assert (accepted.actor_id, accepted.subject_id) == (user.pk, invitation.pk)


@pytest.mark.parametrize(
    ("preset", "roles"),
    (
        ("field_service", ["Viewer"]),
        ("agency", ["Client"]),
        ("support_desk", []),
        ("partner", ["Guest"]),
    ),
)
def test_who_was_given_no_role_gets_the_workspace_s_default(
    db: Any, preset: str, roles: list[str]
) -> None:
    """X6, S4.19: the four presets' defaults, exactly these."""
    with open_scope(scope_of(make_workspace("One", preset=preset))):
        actor = actor_of(Agent.objects.get())
        acme = make_organization()
        person = make_person(organization=acme, has_joined=False)
        made = invite_person(actor, person.pk, organization_id=acme.pk)
        accept_invitation(token_of(made), password=CHOSEN)

        assert roles_of(person) == roles


def test_the_default_is_the_one_of_the_moment_of_acceptance(
    invitation: Invitation, workspace: Workspace, lena: Any
) -> None:
    """X6: a change between sending and accepting counts."""
    workspace.settings = {"default_client_role": "Guest"}
    workspace.save()

    with open_scope(scope_of(workspace)):
        accept_invitation(token_of(invitation), password=CHOSEN)

    assert roles_of(lena) == ["Guest"]


def test_a_chosen_role_is_given_instead_of_the_default(
    owner_actor: Actor, lena: Any, acme: Any
) -> None:
    admin = Role.objects.get(kind="client", name="Admin")
    made = invite_person(owner_actor, lena.pk, organization_id=acme.pk, role_ids=[admin.pk])

    accept_invitation(token_of(made), password=CHOSEN)

    assert roles_of(lena) == ["Admin"]


def test_a_second_acceptance_is_dead_and_changes_no_password(invitation: Invitation) -> None:
    """R-C01, R-C07: a used link never works again."""
    token = token_of(invitation)
    user = accept_invitation(token, password=CHOSEN)

    with pytest.raises(DeadLink) as dead:
        accept_invitation(token, password="another " + CHOSEN)

    assert (dead.value.state, dead.value.status) == (LinkState.USED, 410)
    assert Person.objects.get(pk=user.pk).check_password(CHOSEN)


def test_a_used_link_brings_no_membership_and_no_role_back(
    invitation: Invitation, lena: Any
) -> None:
    """R-C07: removed since, the old invitation opens nothing."""
    token = token_of(invitation)
    accept_invitation(token, password=CHOSEN)
    Membership.objects.filter(person=lena).delete()

    with pytest.raises(DeadLink):
        join_by_invitation(actor_of(lena), token)

    assert Membership.objects.filter(person=lena).count() == 0


def test_a_weak_password_is_refused_at_its_field_and_uses_nothing_up(
    invitation: Invitation,
) -> None:
    with pytest.raises(Refused) as refused:
        accept_invitation(token_of(invitation), password="lena fischer")

    assert {problem.field for problem in refused.value.errors} == {"password"}
    invitation.refresh_from_db()
    assert invitation.state == "pending"


@pytest.mark.parametrize(
    ("table", "changes"),
    (
        ("person", {"archived_at": timezone.now()}),
        ("person", {"is_disabled": True}),
        ("organization", {"archived_at": timezone.now()}),
        ("organization", {"is_active": False}),
        ("organization", {"membership_end_date": datetime.date(2020, 1, 31)}),
    ),
)
def test_what_closed_meanwhile_blocks_and_opens_again_when_cured(
    invitation: Invitation, lena: Any, acme: Any, table: str, changes: dict[str, Any]
) -> None:
    """R-C06: everything is asked again at acceptance; the invitation stays pending meanwhile."""
    row = {"person": lena, "organization": acme}[table]
    before = {field: getattr(row, field) for field in changes}
    type(row).objects.filter(pk=row.pk).update(**changes)

    with pytest.raises(DeadLink) as dead:
        accept_invitation(token_of(invitation), password=CHOSEN)
    assert (dead.value.state, dead.value.status) == (LinkState.BLOCKED, 410)

    type(row).objects.filter(pk=row.pk).update(**before)
    accept_invitation(token_of(invitation), password=CHOSEN)


def test_archiving_the_organization_as_agents_do_closes_the_link(
    owner_actor: Actor, invitation: Invitation, acme: Any
) -> None:
    """R-C06."""
    archive_organizations(owner_actor, Organization.objects.filter(pk=acme.pk))

    with pytest.raises(DeadLink):
        accept_invitation(token_of(invitation), password=CHOSEN)


def test_a_role_deleted_meanwhile_is_not_replaced_by_the_default(
    owner_actor: Actor, lena: Any, acme: Any
) -> None:
    """Edge case 13."""
    special = Role.objects.create(kind="client", name="Special", permissions=[])
    made = invite_person(owner_actor, lena.pk, organization_id=acme.pk, role_ids=[special.pk])
    special.delete()

    with pytest.raises(DeadLink) as dead:
        accept_invitation(token_of(made), password=CHOSEN)

    assert dead.value.state is LinkState.BLOCKED
    assert roles_of(lena) == []


def test_a_plan_lowered_meanwhile_blocks(invitation: Invitation) -> None:
    make_person("second@acme.test", name="Second")
    Plan.objects.update(person_limit=1)

    with pytest.raises(DeadLink) as dead:
        accept_invitation(token_of(invitation), password=CHOSEN)

    assert dead.value.state is LinkState.BLOCKED


def test_time_over_means_expired(invitation: Invitation) -> None:
    """R-C06: by the server's clock."""
    later = timezone.now() + datetime.timedelta(days=14, seconds=1)
    with time_machine.travel(later, tick=False), pytest.raises(DeadLink) as dead:
        accept_invitation(token_of(invitation), password=CHOSEN)

    assert dead.value.state is LinkState.EXPIRED


@pytest.mark.parametrize(
    "gone", [{"is_disabled": True}, {"archived_at": timezone.now()}, {"licence": "read_only"}, None]
)
def test_the_inviter_may_be_gone(
    owner_actor: Actor, lena: Any, acme: Any, organization_admin: Any, gone: dict[str, Any] | None
) -> None:
    """R-C13: what was sent in good right stays valid without its sender, or their right to send."""
    made = invite_person(owner_actor, lena.pk, organization_id=acme.pk)
    if gone is None:
        RoleAssignment.objects.filter(user_id=owner_actor.user_id).delete()
    else:
        Agent.objects.filter(pk=owner_actor.user_id).update(**gone)

    accept_invitation(token_of(made), password=CHOSEN)

    assert roles_of(lena) == ["Client"]


@pytest.mark.parametrize("is_gone", [True, False])
def test_what_a_disabled_sender_gave_is_the_role_as_it_is_now(
    owner_actor: Actor, lena: Any, acme: Any, *, is_gone: bool
) -> None:
    """R-C13: the role is asked again at acceptance; one that is no more gives nothing."""
    role = Role.objects.create(kind="client", name="Special", permissions=["submit_requests"])
    made = invite_person(owner_actor, lena.pk, organization_id=acme.pk, role_ids=[role.pk])
    Agent.objects.filter(pk=owner_actor.user_id).update(is_disabled=True)
    if is_gone:
        role.delete()
        with pytest.raises(DeadLink):
            accept_invitation(token_of(made), password=CHOSEN)
        assert roles_of(lena) == []
    else:
        Role.objects.filter(pk=role.pk).update(permissions=[])
        accept_invitation(token_of(made), password=CHOSEN)
        assert (roles_of(lena), actor_of(lena).permissions) == (["Special"], frozenset())


def test_a_colleague_gets_the_role_at_acceptance(owner_actor: Actor) -> None:
    manager = Role.objects.get(kind="agent", name="Manager")
    made = invite_agent(owner_actor, "tom@northstar.test", role_ids=[manager.pk])

    user = accept_invitation(token_of(made), password=CHOSEN, name="Tom Okafor")

    held = RoleAssignment.objects.filter(user=user).values_list("role__name", flat=True)
    assert list(held) == ["Manager"]
    assert Agent.objects.get(pk=user.pk).name == "Tom Okafor"
    assert "create_clients" in actor_of(Agent.objects.get(pk=user.pk)).permissions


def test_a_colleague_without_a_name_has_to_say_it(owner_actor: Actor) -> None:
    viewer = Role.objects.get(kind="agent", name="Viewer")
    made = invite_agent(owner_actor, "tom@northstar.test", role_ids=[viewer.pk])

    with pytest.raises(Refused) as refused:
        accept_invitation(token_of(made), password=CHOSEN)

    assert refused.value.errors[0].field == "name"


def test_who_has_a_password_joins_another_organization_by_consent_only(
    owner_actor: Actor, guest: Any
) -> None:
    """X7, edge case 7: no second account, and no membership before the consent."""
    other = make_organization("Birch & Sons")
    made = invite_person(owner_actor, guest.pk, organization_id=other.pk)
    assert Membership.objects.filter(person=guest).count() == 1
    with pytest.raises(Refused) as refused:
        accept_invitation(token_of(made), password=CHOSEN)
    assert refused.value.code == "sign_in_first"

    join_by_invitation(actor_of(guest), token_of(made))

    joined = Membership.objects.filter(person=guest).order_by("id")
    assert [(row.organization.name, row.is_primary) for row in joined] == [
        ("Acme Windows", True),
        ("Birch & Sons", False),
    ]
    other.refresh_from_db()
    assert other.people_count == 1


@pytest.mark.parametrize("address", ("len.a@acme.test", "lena+x@acme.test", "lenа@acme.test"))
def test_an_account_that_looks_like_the_invited_one_is_not_let_in(
    invitation: Invitation, acme: Any, address: str
) -> None:
    """R-C04, R-C15: another dot, a plus-tag, a Cyrillic look-alike: somebody else."""
    alike = make_person(address, name="Alike", organization=acme)

    with pytest.raises(Refused) as refused:
        join_by_invitation(actor_of(alike), token_of(invitation))

    assert refused.value.code == "for_somebody_else"
    invitation.refresh_from_db()
    assert invitation.state == "pending"


def test_accepting_in_one_organization_leaves_the_other_invitation_as_it_was(
    owner_actor: Actor, invitation: Invitation, lena: Any
) -> None:
    """R-C09: the other one stays pending and is accepted by consent afterwards."""
    other = make_organization("Birch & Sons")
    second = invite_person(owner_actor, lena.pk, organization_id=other.pk)
    accept_invitation(token_of(invitation), password=CHOSEN)
    second.refresh_from_db()
    assert second.state == "pending"

    join_by_invitation(actor_of(lena), token_of(second))

    assert Membership.objects.filter(person=lena).count() == 2


def test_the_same_address_in_two_workspaces_is_two_invitations(
    invitation: Invitation, other_workspace: Any
) -> None:
    """R-C09: accepting in one changes nothing in the other."""
    with open_scope(scope_of(other_workspace)):
        owner = actor_of(Agent.objects.get())
        acme = make_organization()
        twin = make_person(organization=acme, has_joined=False)
        theirs = invite_person(owner, twin.pk, organization_id=acme.pk)
    accept_invitation(token_of(invitation), password=CHOSEN)

    with open_scope(scope_of(other_workspace)):
        theirs.refresh_from_db()
        assert (theirs.state, Person.objects.get().has_usable_password()) == ("pending", False)


def test_an_older_link_does_not_accept_what_was_sent_again(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """R-C05."""
    old = token_of(invitation)
    resend_invitation(owner_actor, invitation.pk)

    with pytest.raises(DeadLink) as dead:
        accept_invitation(old, password=CHOSEN)

    assert dead.value.state is LinkState.REPLACED
