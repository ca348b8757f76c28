"""What was sent to an address that a merge lets go of leads nowhere any more."""

from typing import Any

import pytest

from portico.clients.actions.merging import merge_people
from portico.clients.models import Organization
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.invitations.actions.accepting import DeadLink, accept_invitation
from portico.invitations.actions.sending import resend_invitation
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.models import Agent
from tests.factories.clients import make_person
from tests.factories.workspaces import actor_of
from tests.invitations.conftest import CHOSEN


@pytest.fixture
def twin(acme: Organization) -> Any:
    return make_person("lena@home.test", organization=acme, has_joined=False)


def told() -> list[Any]:
    events = Event.objects.filter(kind="invitation.cancelled")
    return list(events.values_list("changes", flat=True))


def states() -> list[str]:
    return list(Invitation.objects.order_by("pk").values_list("state", flat=True))


def test_edge_case_12_an_invitation_to_the_address_that_does_not_stay_is_cancelled(
    owner: Agent, invitation: Invitation, lena: Any, twin: Any
) -> None:
    token = token_of(invitation)
    merge_people(actor_of(owner), twin.pk, lena.pk, choices={"email": "survivor"})
    assert (states(), told()) == (
        ["cancelled"],
        [{"address": ["lena@acme.test", "lena@home.test"]}],
    )
    with pytest.raises(DeadLink):
        accept_invitation(token, password=CHOSEN)


def test_edge_case_12_an_invitation_to_the_address_that_is_replaced_is_cancelled(
    owner: Agent, invitation: Invitation, lena: Any, twin: Any
) -> None:
    merge_people(actor_of(owner), lena.pk, twin.pk, choices={"email": "source"})
    assert (states(), told()) == (
        ["cancelled"],
        [{"address": ["lena@acme.test", "lena@home.test"]}],
    )
    fresh = resend_invitation(actor_of(owner), invitation.pk)
    assert (fresh.address, states()) == ("lena@home.test", ["cancelled", "pending"])


def test_an_invitation_to_the_address_that_stays_goes_on(
    owner: Agent, invitation: Invitation, lena: Any, twin: Any
) -> None:
    merge_people(actor_of(owner), lena.pk, twin.pk, choices={"email": "survivor"})
    assert (states(), told()) == (["pending"], [])


def test_undoing_the_merge_cancels_what_was_sent_since_to_the_other_address(
    owner: Agent, invitation: Invitation, lena: Any, twin: Any
) -> None:
    act: Actor = actor_of(owner)
    merge_people(act, lena.pk, twin.pk, choices={"email": "source"})
    resend_invitation(actor_of(owner), invitation.pk)
    undo_act(actor_of(owner), act.act_id)
    lena.refresh_from_db()
    assert (lena.email, states()) == ("lena@acme.test", ["cancelled", "cancelled"])
