"""The invitations of many people cancelled at once: from the bar, and in the background."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization
from portico.clients.views import bulk
from portico.history.models import Act
from portico.invitations.actions.inviting import invite_person
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.operations.models import Operation
from portico.operations.tasks import work_off_slice
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.factories.clients import make_person
from tests.factories.workspaces import make_agent
from tests.pages import text_of

CANCEL = "/people/cancel-invitations/"
INVITED = "/people/?view=invited"


@pytest.fixture
def invited(owner_actor: Actor, acme: Organization) -> list[Any]:
    """Three people of Acme who were invited, and nobody joined."""
    people = [
        make_person(f"{name}@acme.test", name=name, organization=acme, has_joined=False)
        for name in ("Ann", "Ben", "Cem")
    ]
    for person in people:
        invite_person(owner_actor, person.pk, organization_id=acme.pk)
    return people


def states() -> list[str]:
    return sorted(Invitation.objects.values_list("state", flat=True))


def cancel_all(browser: Client) -> Any:
    return browser.post(CANCEL, {"all": "1", "filters": "view=invited"}, follow=True)


def test_all_that_are_invited_are_cancelled_at_once_and_undone_by_fresh_ones(
    owner_browser: Client, invited: list[Any]
) -> None:
    told = text_of(cancel_all(owner_browser))
    assert "Invitations of 3 clients cancelled." in told
    assert states() == ["cancelled"] * 3
    assert not Invitation.objects.unanswered().exists()
    act = Act.objects.order_by("-id")[0]
    assert f'action="/changes/{act.pk}/undo/"' in told

    told = text_of(owner_browser.post(f"/changes/{act.pk}/undo/", follow=True))
    assert "Undone: cancelled 3 invitations." in told
    assert states() == ["cancelled"] * 3 + ["pending"] * 3
    again = set(Invitation.objects.pending().values_list("user_id", flat=True))
    assert again == {person.pk for person in invited}


def test_the_bar_offers_it_and_no_first_invitation_where_all_are_invited(
    owner_browser: Client, invited: list[Any]
) -> None:
    make_person("dan@acme.test", name="Dan", has_joined=False)
    offered = {
        path: [verb in text_of(owner_browser.get(path)) for verb in (CANCEL, "/people/invite/")]
        for path in ("/people/", INVITED, "/people/?invitation=none")
    }
    assert offered == {
        "/people/": [False, True],
        INVITED: [True, False],
        "/people/?invitation=none": [False, True],
    }


def test_who_may_not_invite_is_refused(invited: list[Any]) -> None:
    member = sign_in(make_agent("t@northstar.test", name="Tea", roles=["Team member"]))
    assert CANCEL not in text_of(member.get(INVITED))
    assert member.post(CANCEL, {"ids": str(invited[0].pk)}).status_code == 403
    assert states() == ["pending"] * 3


def test_many_are_cancelled_in_the_background_and_taken_back_there(
    owner_browser: Client, owner: Agent, invited: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BACKGROUND_FROM", 2)
    shown = text_of(cancel_all(owner_browser))
    assert "Cancel the invitations of 3 clients" in shown
    operation = Operation.objects.get()
    assert states() == ["pending"] * 3
    while work_off_slice():
        pass
    assert states() == ["cancelled"] * 3

    owner_browser.post(f"/operations/{operation.pk}/undo/")
    while work_off_slice():
        pass
    assert states() == ["cancelled"] * 3 + ["pending"] * 3


def test_what_can_not_be_taken_back_offers_no_undo_in_the_background_either(
    owner_browser: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BACKGROUND_FROM", 1)
    for name in ("Ann", "Ben"):
        make_person(f"{name}@acme.test", name=name, organization=acme, has_joined=False)
    owner_browser.post("/people/invite/", {"all": "1", "filters": "", "confirmed": "1"})
    while work_off_slice():
        pass
    operation = Operation.objects.get()
    assert (operation.state, operation.counts["changed"], states()) == ("done", 2, ["pending"] * 2)
    undo = f"/operations/{operation.pk}/undo/"
    assert undo not in text_of(owner_browser.get(f"/operations/{operation.pk}/"))
    assert owner_browser.post(undo).status_code == 409
