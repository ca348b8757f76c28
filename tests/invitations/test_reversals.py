"""A cancelled invitation is taken back by a fresh one."""

import pytest

from portico.history.actions.undo import undo_act
from portico.history.models import Act
from portico.invitations.actions.inviting import invite_agent
from portico.invitations.actions.sending import cancel_invitation
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.workspaces.models import Agent, Role
from tests.factories.workspaces import actor_of


def test_undo_of_cancelling_sends_a_fresh_invitation(
    owner_actor: Actor, owner: Agent, invitation: Invitation
) -> None:
    roles = [Role.objects.get(kind="client", name="Admin")]
    invitation.roles.create(role=roles[0])
    actor = actor_of(owner)
    cancel_invitation(actor, invitation.pk)
    undo_act(owner_actor, actor.act_id)

    fresh = Invitation.objects.pending().get()
    assert fresh.pk != invitation.pk
    assert token_of(fresh) != token_of(invitation)
    assert (fresh.user_id, fresh.organization_id) == (
        invitation.user_id,
        invitation.organization_id,
    )
    assert [given.role for given in fresh.roles.all()] == roles


def test_who_was_invited_anew_meanwhile_is_left_alone(owner: Agent, invitation: Invitation) -> None:
    actor = actor_of(owner)
    cancel_invitation(actor, invitation.pk)
    undo_act(actor_of(owner), actor.act_id)
    Act.objects.filter(pk=actor.act_id).update(undone_at=None)
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), actor.act_id)
    assert refused.value.code == "changed_since"
    assert Invitation.objects.pending().count() == 1


def test_a_colleague_is_invited_anew_by_hand(owner: Agent) -> None:
    roles = list(Role.objects.filter(kind="agent", name="Viewer").values_list("pk", flat=True))
    made = invite_agent(actor_of(owner), "cora@northstar.test", role_ids=roles)
    actor = actor_of(owner)
    cancel_invitation(actor, made.pk)
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), actor.act_id)
    assert refused.value.detail == "Who left the team is invited anew, from Team."
