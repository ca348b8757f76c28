"""Resend, cancel, copy the link, ask for a new one."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portico.history.models import Event
from portico.invitations.actions.inviting import invite_agent
from portico.invitations.actions.sending import (
    cancel_invitation,
    copy_link,
    request_new_link,
    resend_invitation,
)
from portico.invitations.choices import LinkState
from portico.invitations.links import link_of, token_of
from portico.invitations.models import Invitation
from portico.invitations.reports import standing_of_link
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Role
from tests.factories.workspaces import actor_of, make_agent

DAYS_15 = datetime.timedelta(days=15)


def kinds_of(invitation: Invitation) -> list[str]:
    events = Event.objects.filter(subject_id=invitation.pk).order_by("id")
    return list(events.values_list("kind", flat=True))


def test_a_resend_makes_a_new_token_and_kills_the_old(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """R-C05: never several valid tokens."""
    old = token_of(invitation)

    new = token_of(resend_invitation(owner_actor, invitation.pk))

    assert standing_of_link(old).state is LinkState.REPLACED
    assert standing_of_link(new).state is LinkState.OPEN
    assert kinds_of(invitation) == ["invitation.sent", "invitation.resent"]


def test_a_resend_brings_an_expired_one_back(owner_actor: Actor, invitation: Invitation) -> None:
    with time_machine.travel(timezone.now() + DAYS_15, tick=False):
        assert standing_of_link(token_of(invitation)).state is LinkState.EXPIRED

        again = resend_invitation(owner_actor, invitation.pk)

        assert standing_of_link(token_of(again)).state is LinkState.OPEN


def test_a_link_dies_with_the_address_and_a_resend_goes_to_the_new_one(
    owner_actor: Actor, invitation: Invitation, lena: Any
) -> None:
    old = token_of(invitation)
    lena.email = "lena.fischer@acme.test"
    lena.save()
    assert standing_of_link(old).state is LinkState.GONE

    again = resend_invitation(owner_actor, invitation.pk)

    assert again.address == "lena.fischer@acme.test"
    assert standing_of_link(token_of(again)).state is LinkState.OPEN


def test_a_cancelled_link_is_dead_and_cannot_be_sent_again(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """R-C05: also after a cancellation nothing of it opens."""
    token = token_of(invitation)
    cancel_invitation(owner_actor, invitation.pk)

    assert standing_of_link(token).state is LinkState.CANCELLED
    with pytest.raises(Refused) as refused:
        resend_invitation(owner_actor, invitation.pk)
    assert refused.value.code == "not_pending"


def test_copying_the_link_leaves_an_event_and_keeps_the_link_of_the_mail(
    owner_actor: Actor, invitation: Invitation
) -> None:
    """R-C03: who reads the link is on record."""
    link = copy_link(owner_actor, invitation.pk)

    assert link == link_of(invitation)
    assert kinds_of(invitation) == ["invitation.sent", "invitation.link_copied"]


@pytest.mark.parametrize("act", (resend_invitation, cancel_invitation, copy_link))
@pytest.mark.parametrize("permission", ("create_clients", "edit_clients"))
def test_who_creates_or_edits_people_resends_and_cancels(
    invitation: Invitation, act: Any, permission: str
) -> None:
    assert act(actor_of(make_agent(permissions=[permission])), invitation.pk)


@pytest.mark.parametrize("act", (resend_invitation, cancel_invitation, copy_link))
@pytest.mark.parametrize("permission", ("view_clients", "delete_clients"))
def test_who_only_sees_people_does_none_of_it(
    invitation: Invitation, act: Any, permission: str
) -> None:
    """R-C03, R-C12: reading an invitation is not reading its link."""
    with pytest.raises(Denied):
        act(actor_of(make_agent(permissions=[permission])), invitation.pk)

    assert kinds_of(invitation) == ["invitation.sent"]


@pytest.mark.parametrize("act", (resend_invitation, cancel_invitation, copy_link))
def test_a_higher_colleague_s_invitation_is_out_of_reach(owner_actor: Actor, act: Any) -> None:
    """R-C12: an Admin neither reads nor sends nor cancels an Owner's."""
    owner_role = Role.objects.get(kind="agent", name="Owner")
    made = invite_agent(owner_actor, "second@northstar.test", role_ids=[owner_role.pk])

    with pytest.raises(Denied):
        act(actor_of(make_agent(roles=["Admin"])), made.pk)

    assert kinds_of(made) == ["invitation.sent"]


@pytest.mark.parametrize("act", (resend_invitation, cancel_invitation, copy_link))
def test_an_invitation_of_another_workspace_is_not_there(
    invitation: Invitation, other_workspace: Any, act: Any
) -> None:
    with open_scope(scope_of(other_workspace)):
        stranger = actor_of(make_agent("z@zenith.test", roles=["Owner"]))
        with pytest.raises(NotThere):
            act(stranger, invitation.pk)


def test_whoever_holds_an_expired_link_may_have_a_new_one_sent(invitation: Invitation) -> None:
    token = token_of(invitation)
    with time_machine.travel(timezone.now() + DAYS_15, tick=False):
        request_new_link(token)

    invitation.refresh_from_db()
    assert (invitation.generation, invitation.sent_count) == (2, 2)
    resent = Event.objects.get(subject_id=invitation.pk, kind="invitation.resent")
    assert resent.actor_kind == "system"


def test_an_open_or_cancelled_link_sends_nothing_when_asked(
    owner_actor: Actor, invitation: Invitation
) -> None:
    token = token_of(invitation)
    request_new_link(token)
    cancel_invitation(owner_actor, invitation.pk)
    request_new_link(token)

    invitation.refresh_from_db()
    assert invitation.sent_count == 1


def test_asking_again_and_again_sends_no_more_than_the_limit(invitation: Invitation) -> None:
    """R-C16: the public page is no cannon either, and never says that it held back."""
    token = token_of(invitation)
    with time_machine.travel(timezone.now() + DAYS_15):
        for _number in range(25):
            request_new_link(token)

    invitation.refresh_from_db()
    assert invitation.sent_count == 21


def test_an_archived_organization_stops_resending(
    owner_actor: Actor, invitation: Invitation, acme: Any
) -> None:
    acme.archived_at = timezone.now()
    acme.save()

    with pytest.raises(Refused) as refused:
        resend_invitation(owner_actor, invitation.pk)

    assert refused.value.code == "not_acceptable"
