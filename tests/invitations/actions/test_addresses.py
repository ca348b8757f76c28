"""Inviting several addresses into one organization."""

from typing import Any

import pytest

from portico.clients.models import Membership, Organization, Person
from portico.invitations.actions.addresses import (
    invite_addresses,
    result_of,
    sort_addresses,
)
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused
from portico.kit.ids import new_id
from portico.kit.signatures import recipients_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent


def sent_to() -> list[str]:
    return list(Invitation.objects.order_by("address").values_list("address", flat=True))


def test_new_addresses_are_created_and_invited_and_members_are_counted(
    owner_actor: Actor, acme: Organization
) -> None:
    make_person("maria@acme.test", name="Maria", organization=acme)
    texts = ["jan@acme.test", "Lea Kurz <lea@acme.test>", "MARIA@acme.test"]
    done = invite_addresses(owner_actor, acme.pk, texts)
    assert result_of(done, acme, role="Guest") == (
        f"2 invited, 1 is already in {acme.name}. They start as Guest."
    )
    assert sent_to() == ["jan@acme.test", "lea@acme.test"]
    assert [person.name for person in done.created] == ["Jan", "Lea Kurz"]
    places = Membership.objects.filter(person__in=done.created)
    assert set(places.values_list("organization_id", flat=True)) == {acme.pk}


def test_an_address_that_tells_no_name_is_invited_all_the_same(
    owner_actor: Actor, acme: Organization
) -> None:
    done = invite_addresses(owner_actor, acme.pk, ["fitter7@acme.test"])
    [person] = done.created
    assert (person.name, str(person), sent_to()) == (
        *("", "fitter7@acme.test"),
        ["fitter7@acme.test"],
    )


def test_each_address_is_checked_before_anything_is_sent(
    owner_actor: Actor, acme: Organization, owner: Any
) -> None:
    joined = make_person("in@acme.test", name="In", organization=acme)
    make_person("there@acme.test", name="There", organization=acme, has_joined=False)
    make_person("else@birch.test", name="Else", organization=make_organization("Birch"))
    make_person("gone@acme.test", name="Gone", archived_at="2026-01-01T00:00:00Z")
    make_person("off@acme.test", name="Off", organization=acme, is_disabled=True)
    invite_addresses(owner_actor, acme.pk, ["waits@acme.test"])
    before = sent_to()
    texts = ["new@acme.test", "new@ACME.test", joined.email, "there@acme.test", "else@birch.test"]
    texts += ["gone@acme.test", "off@acme.test", "waits@acme.test", owner.email, "a@b@c", "Nobody"]
    read = [(row.state.value, row.note) for row in sort_addresses(owner_actor, acme, texts)]
    assert read == [
        ("new", ""),
        ("member", "Already a member"),
        ("known", "Already exists"),
        ("known", "Already exists"),
        ("refused", "Archived"),
        ("refused", "Disabled"),
        ("refused", "Invited already"),
        ("refused", "This address belongs to a team member. One address cannot be both."),
        ("refused", "a@b@c is no e-mail address."),
        ("refused", "Enter an e-mail address."),
    ]
    assert sent_to() == before


def test_who_is_elsewhere_is_invited_and_becomes_no_member_by_it(
    owner_actor: Actor, acme: Organization
) -> None:
    elsewhere = make_person("e@birch.test", name="E", organization=make_organization("Birch"))
    done = invite_addresses(owner_actor, acme.pk, ["e@birch.test"])
    assert ([row.user_id for row in done.invitations], done.created) == ([elsewhere.pk], [])
    assert not Membership.objects.filter(person=elsewhere, organization=acme).exists()


@pytest.mark.parametrize(
    ("texts", "detail"),
    (
        ([], "Enter at least one e-mail address."),
        (["maria@"], "maria@ is no e-mail address."),
        (["maria@acme.test"], "1 is already in Acme Windows."),
        (["maria@acme.test", "x@"], "1 is already in Acme Windows, 1 can't be invited: x@."),
    ),
)
def test_when_nobody_can_be_invited_it_is_refused_with_the_reason(
    owner_actor: Actor, acme: Organization, texts: list[str], detail: str
) -> None:
    make_person("maria@acme.test", name="Maria", organization=acme)
    with pytest.raises(Refused) as refused:
        invite_addresses(owner_actor, acme.pk, texts)
    assert (refused.value.code, refused.value.detail) == ("nobody_invited", detail)
    assert Person.objects.count() == 1


def test_an_organization_that_takes_nobody_refuses_the_whole(owner_actor: Actor) -> None:
    closed = make_organization("Closed", is_active=False)
    with pytest.raises(Refused) as refused:
        invite_addresses(owner_actor, closed.pk, ["a@x.test", "b@x.test"])
    assert refused.value.code == "organization_not_assignable"
    assert (Person.objects.count(), sent_to()) == (0, [])


def test_who_may_not_invite_is_refused(acme: Organization, owner_actor: Actor) -> None:
    viewer = actor_of(make_agent("v@northstar.test", permissions=["view_clients"]))
    with pytest.raises(Denied):
        invite_addresses(viewer, acme.pk, ["a@x.test"])
    with pytest.raises(NotThere):
        invite_addresses(owner_actor, new_id(), ["a@x.test"])


@pytest.mark.parametrize(
    ("typed", "texts"),
    (
        ("a@x.test, b@x.test;c@x.test\nd@x.test", ["a@x.test", "b@x.test", "c@x.test", "d@x.test"]),
        ("a@x.test b@x.test", ["a@x.test", "b@x.test"]),
        ("A B <a@x.test>, C <c@x.test>", ["A B <a@x.test>", "C <c@x.test>"]),
        ("A B <a@x.test>", ["A B <a@x.test>"]),
        (" \n", []),
    ),
)
def test_addresses_may_be_parted_as_one_likes(typed: str, texts: list[str]) -> None:
    assert recipients_in(typed) == texts


def test_more_than_fifty_at_once_are_refused_before_any_is_invited(
    owner_actor: Actor, acme: Organization
) -> None:
    texts = [f"p{number}@acme.test" for number in range(51)]
    with pytest.raises(Refused) as refused:
        invite_addresses(owner_actor, acme.pk, texts)
    assert refused.value.code == "too_many_lines"
    assert sent_to() == []
