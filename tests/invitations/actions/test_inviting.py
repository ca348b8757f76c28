"""Inviting people and colleagues."""

from typing import Any

import pytest

from portico.accounts.choices import Licence
from portico.clients.models import Membership, MembershipRole
from portico.history.models import Event
from portico.invitations.actions.inviting import invite_agent, invite_person
from portico.invitations.actions.sending import cancel_invitation, resend_invitation
from portico.invitations.limits import TooManyInvitations
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Plan, Role, RoleAssignment
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent, make_workspace


def role(name: str, kind: str = "client") -> Role:
    found: Role = Role.objects.get(kind=kind, name=name)
    return found


def test_an_invitation_is_pending_for_fourteen_days_and_leaves_one_event(
    owner_actor: Actor, lena: Any, acme: Any
) -> None:
    """R-C06: the lifetime is the workspace's setting, 14 days by default."""
    made = invite_person(owner_actor, lena.pk, organization_id=acme.pk)

    assert (made.state, made.address, made.sent_count) == ("pending", "lena@acme.test", 1)
    assert made.sent_at is not None
    assert (made.expires_at - made.sent_at).days == 14
    kinds = Event.objects.filter(subject_id=made.pk).values_list("kind", flat=True)
    assert list(kinds) == ["invitation.sent"]


def test_inviting_gives_neither_roles_nor_a_second_membership(
    owner_actor: Actor, lena: Any, acme: Any
) -> None:
    invite_person(owner_actor, lena.pk, organization_id=acme.pk, role_ids=[role("Admin").pk])

    assert Membership.objects.filter(person=lena).count() == 1
    assert MembershipRole.objects.count() == 0


def test_one_pending_invitation_per_person_and_organization(
    owner_actor: Actor, invitation: Invitation
) -> None:
    with pytest.raises(Refused) as refused:
        invite_person(owner_actor, invitation.user_id, organization_id=invitation.organization_id)

    assert (refused.value.code, refused.value.status) == ("invitation_pending", 409)
    assert Invitation.objects.count() == 1


def test_after_a_cancelled_one_a_new_invitation_is_sent(
    owner_actor: Actor, invitation: Invitation
) -> None:
    cancel_invitation(owner_actor, invitation.pk)
    again = invite_person(
        owner_actor, invitation.user_id, organization_id=invitation.organization_id
    )

    assert again.pk != invitation.pk


@pytest.mark.parametrize(
    ("fields", "code"),
    (
        ({"email": ""}, "email_missing"),
        ({"is_disabled": True}, "disabled"),
    ),
)
def test_whom_no_mail_reaches_or_nobody_lets_in_is_not_invited(
    owner_actor: Actor, acme: Any, fields: dict[str, Any], code: str
) -> None:
    given = {"email": "lena@acme.test", **fields}
    person = make_person(organization=acme, has_joined=False, **given)

    with pytest.raises(Refused) as refused:
        invite_person(owner_actor, person.pk, organization_id=acme.pk)

    assert refused.value.code == code
    assert Invitation.objects.count() == 0


def test_a_member_who_has_joined_gets_no_mail(owner_actor: Actor, guest: Any, acme: Any) -> None:
    with pytest.raises(Refused) as refused:
        invite_person(owner_actor, guest.pk, organization_id=acme.pk)

    assert refused.value.code == "already_joined"


@pytest.mark.parametrize(
    ("fields", "code"),
    (
        ({"is_active": False}, "organization_not_assignable"),
        ({"membership_end_date": "2020-01-31"}, "membership_ended"),
    ),
)
def test_nobody_is_invited_where_nobody_gets_in(
    owner_actor: Actor, lena: Any, fields: dict[str, Any], code: str
) -> None:
    closed = make_organization("Closed", **fields)

    with pytest.raises(Refused) as refused:
        invite_person(owner_actor, lena.pk, organization_id=closed.pk)

    assert refused.value.code == code


def test_a_role_of_agents_is_no_role_for_a_person(owner_actor: Actor, lena: Any, acme: Any) -> None:
    """X23: the two kinds of roles never mix, whoever asks."""
    with pytest.raises(Refused) as refused:
        invite_person(
            owner_actor,
            lena.pk,
            organization_id=acme.pk,
            role_ids=[role("Admin", kind="agent").pk],
        )

    assert refused.value.code == "role_unknown"


def test_where_the_workspace_decides_alone_no_role_is_taken(db: Any) -> None:
    """S4.19: under the partner preset everybody starts with the default role."""
    workspace = make_workspace("Partner", preset="partner")
    with open_scope(scope_of(workspace)):
        actor = actor_of(Agent.objects.get())
        acme = make_organization()
        person = make_person(organization=acme, has_joined=False)
        with pytest.raises(Refused) as refused:
            invite_person(actor, person.pk, organization_id=acme.pk, role_ids=[role("Admin").pk])

    assert refused.value.code == "role_not_choosable"


@pytest.mark.parametrize("permission", ("view_clients", "edit_clients", "manage_team"))
def test_only_create_clients_sends_invitations(
    scope: Any, lena: Any, acme: Any, permission: str
) -> None:
    actor = actor_of(make_agent(permissions=[permission]))

    with pytest.raises(Denied):
        invite_person(actor, lena.pk, organization_id=acme.pk)

    assert Invitation.objects.count() == 0


def test_a_read_only_licence_invites_nobody(scope: Any, lena: Any, acme: Any) -> None:
    actor = actor_of(make_agent(roles=["Admin"], licence=Licence.READ_ONLY))

    with pytest.raises(Denied):
        invite_person(actor, lena.pk, organization_id=acme.pk)


def test_a_person_of_another_workspace_is_not_there(
    owner_actor: Actor, other_workspace: Any, acme: Any
) -> None:
    with open_scope(scope_of(other_workspace)):
        stranger = make_person("stranger@zenith.test", has_joined=False)

    with pytest.raises(NotThere):
        invite_person(owner_actor, stranger.pk, organization_id=acme.pk)


def test_more_than_the_limit_is_refused_with_the_time_to_wait(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """R-C16: twenty sendings a day to one person."""
    for _number in range(19):
        resend_invitation(owner_actor, invitation.pk)

    with pytest.raises(TooManyInvitations) as refused:
        resend_invitation(owner_actor, invitation.pk)

    assert refused.value.status == 429
    assert 86_000 < refused.value.retry_after <= 86_401
    invitation.refresh_from_db()
    assert (invitation.sent_count, invitation.generation) == (20, 20)


def test_cancelling_and_inviting_anew_does_not_get_round_the_limit(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """R-C16: counted are sendings to the person, not to one invitation."""
    for _number in range(19):
        resend_invitation(owner_actor, invitation.pk)
    cancel_invitation(owner_actor, invitation.pk)

    with pytest.raises(TooManyInvitations):
        invite_person(owner_actor, invitation.user_id, organization_id=invitation.organization_id)


def test_a_colleague_is_added_without_password_and_roles(owner_actor: Actor) -> None:
    made = invite_agent(
        owner_actor,
        "tom@northstar.test",
        name="Tom Okafor",
        role_ids=[role("Manager", kind="agent").pk],
    )

    tom = Agent.objects.get(email="tom@northstar.test")
    assert (tom.name, tom.licence, tom.has_usable_password()) == ("Tom Okafor", "full", False)
    assert RoleAssignment.objects.filter(user=tom).count() == 0
    assert (made.user_id, made.licence, made.role_count) == (tom.pk, "full", 1)
    assert made.organization_id is None


def test_nobody_gives_a_role_above_their_own(scope: Any) -> None:
    """R-C12: an Admin lacks `erase_people`, so they invite no Owner."""
    admin = actor_of(make_agent(roles=["Admin"]))

    with pytest.raises(Denied):
        invite_agent(admin, "new@northstar.test", role_ids=[role("Owner", kind="agent").pk])

    assert not Agent.objects.filter(email="new@northstar.test").exists()


def test_the_plan_s_licences_limit_the_team(owner_actor: Actor) -> None:
    Plan.objects.update(full_licences=1)

    with pytest.raises(Refused) as refused:
        invite_agent(owner_actor, "two@northstar.test", role_ids=[role("Viewer", kind="agent").pk])

    assert refused.value.code == "licence_limit"
    assert Agent.objects.count() == 1


@pytest.mark.parametrize("typed", ("LENA@acme.test", "lena@ACME.test"))
def test_an_address_of_a_person_is_no_colleague_s(
    owner_actor: Actor, lena: Any, typed: str
) -> None:
    """X7: one address is never both."""
    with pytest.raises(Refused) as refused:
        invite_agent(owner_actor, typed, role_ids=[role("Viewer", kind="agent").pk])

    assert refused.value.code == "email_in_use"


@pytest.mark.parametrize("address", ("ice@x.test", "%@x.test", "a_ice@x.test"))
def test_addresses_are_compared_whole(owner_actor: Actor, address: str) -> None:
    """R-C10: beside alice@x.test, parts of it and patterns of it are free."""
    viewer = [role("Viewer", kind="agent").pk]
    invite_agent(owner_actor, "alice@x.test", role_ids=viewer)

    assert invite_agent(owner_actor, address, role_ids=viewer).address == address


def test_cancelling_frees_the_licence_and_the_same_colleague_can_be_invited_again(
    owner_actor: Actor,
) -> None:
    Plan.objects.update(full_licences=2)
    viewer = [role("Viewer", kind="agent").pk]
    first = invite_agent(owner_actor, "tom@northstar.test", role_ids=viewer)
    cancel_invitation(owner_actor, first.pk)
    assert Agent.objects.active().count() == 1

    again = invite_agent(owner_actor, "Tom@northstar.test", role_ids=viewer)

    assert (again.user_id, again.pk != first.pk) == (first.user_id, True)
    assert Agent.objects.active().count() == 2
