"""Acts that meet over a person, an organization and an invitation never wait for each other.

On PostgreSQL two acts that lock the same rows in opposite orders end with an error for one of
them. Each pair is done at once, and rests after every lock it takes; whoever comes second is done
or refused, never thrown out. SQLite lets one write at a time.
"""

from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any
from uuid import UUID

import pytest

from portico.clients.actions.memberships import add_membership, move_person, update_membership
from portico.clients.actions.merging import merge_organizations, merge_people
from portico.clients.actions.organizations import archive_organizations, delete_organization
from portico.clients.actions.people import archive_people, create_person, update_person
from portico.clients.actions.tags import delete_tag, tag_people, update_tag
from portico.clients.models import Membership, Organization, Person, Tag
from portico.history.models import Event
from portico.invitations.actions.accepting import accept_invitation
from portico.invitations.actions.inviting import invite_person
from portico.invitations.actions.many import cancel_of_people, invite_people, resend_to_people
from portico.invitations.actions.sending import cancel_invitation, resend_invitation
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of
from tests.invitations.conftest import CHOSEN
from tests.races import Race

PAUSE = 0.01


class Ground:
    """Lena of Acme, invited into it; Mara of Acme and Zenith; and every act that touches them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.acme: Organization = make_organization(f"Acme {number}")
        self.zenith: Organization = make_organization(f"Zenith {number}")
        self.lena = self._person("lena", self.acme)
        self.mara = self._person("mara", self.acme)
        self.direct: Membership = Membership.objects.create(
            person=self.mara, organization=self.zenith
        )
        Organization.objects.filter(pk=self.zenith.pk).update(people_count=1)
        owner = actor_of(Agent.objects.get())
        self.invitation = invite_person(owner, self.lena.pk, organization_id=self.acme.pk)
        self.token = token_of(self.invitation)
        tag_people(owner, Person.objects.filter(pk=self.lena.pk), names=[f"Tag {number}"])
        self.vip: Tag = Tag.objects.get(name=f"Tag {number}")

    def invite_mara(self) -> None:
        """A second invitation, where acts on many invitations are done."""
        owner = actor_of(Agent.objects.get())
        invite_person(owner, self.mara.pk, organization_id=self.zenith.pk)

    def _person(self, name: str, organization: Organization) -> Person:
        made: Person = make_person(
            f"{name}{self.number}@x.test", organization=organization, has_joined=False
        )
        return made

    def accept(self, _actor: Actor) -> None:
        accept_invitation(self.token, password=CHOSEN, name="Lena Fischer")

    def readdress(self, actor: Actor) -> None:
        update_person(actor, self.lena.pk, {"email": f"other{self.number}@x.test"})

    def cancel(self, actor: Actor) -> None:
        cancel_invitation(actor, self.invitation.pk)

    def resend(self, actor: Actor) -> None:
        resend_invitation(actor, self.invitation.pk)

    def resend_to_many(self, actor: Actor) -> None:
        resend_to_people(actor, Person.objects.filter(pk__in=[self.lena.pk, self.mara.pk]), {})

    def cancel_of_many(self, actor: Actor) -> None:
        cancel_of_people(actor, Person.objects.filter(pk__in=[self.lena.pk, self.mara.pk]), {})

    def invite_many(self, actor: Actor) -> None:
        invite_people(actor, Person.objects.filter(pk__in=[self.lena.pk, self.mara.pk]), {})

    def invite(self, actor: Actor) -> None:
        invite_person(actor, self.lena.pk, organization_id=self.zenith.pk)

    def move(self, actor: Actor) -> None:
        move_person(actor, self.lena.pk, self.zenith.pk)

    def join(self, actor: Actor) -> None:
        add_membership(actor, self.lena.pk, self.zenith.pk)

    def make_primary(self, actor: Actor) -> None:
        update_membership(actor, self.direct.pk, is_primary=True)

    def create(self, actor: Actor) -> None:
        fields = {"name": "Nora", "email": f"nora{self.number}@x.test"}
        create_person(actor, fields, organization_id=self.acme.pk)

    def archive_person(self, actor: Actor) -> None:
        archive_people(actor, Person.objects.filter(pk__in=[self.lena.pk, self.mara.pk]))

    def archive_organization(self, actor: Actor) -> None:
        archive_organizations(actor, Organization.objects.filter(pk=self.acme.pk))

    def delete(self, actor: Actor) -> None:
        delete_organization(actor, self.acme.pk, confirmation="DELETE")

    def merge_organizations(self, actor: Actor) -> None:
        merge_organizations(actor, self.zenith.pk, self.acme.pk, choices={})

    def merge_people(self, actor: Actor) -> None:
        merge_people(actor, self.lena.pk, self.mara.pk, choices={"email": "survivor"})

    def tag(self, actor: Actor) -> None:
        tag_people(
            actor,
            Person.objects.filter(pk__in=[self.lena.pk, self.mara.pk]),
            names=[f"Tag {self.number}"],
        )

    def rename_tag(self, actor: Actor) -> None:
        update_tag(actor, self.vip.pk, {"name": f"VIP {self.number}"})

    def delete_tag(self, actor: Actor) -> None:
        delete_tag(actor, self.vip.pk)


OF_THE_INVITATION = (
    Ground.accept,
    Ground.readdress,
    Ground.cancel,
    Ground.resend,
    Ground.invite,
)
OF_THE_RECORDS = (
    Ground.move,
    Ground.join,
    Ground.make_primary,
    Ground.create,
    Ground.archive_person,
    Ground.archive_organization,
    Ground.delete,
    Ground.merge_organizations,
    Ground.merge_people,
)
OF_CARRIERS = (Ground.archive_person, Ground.merge_people, Ground.archive_organization)
PAIRS = [
    *combinations(OF_THE_INVITATION + OF_THE_RECORDS, 2),
    *product((Ground.rename_tag, Ground.delete_tag), OF_CARRIERS),
    (Ground.rename_tag, Ground.tag),
]
OF_MANY = [
    *product([Ground.resend_to_many], OF_THE_INVITATION + OF_THE_RECORDS),
    (Ground.resend_to_many, Ground.resend_to_many),
    (Ground.resend_to_many, Ground.invite_many),
    *product([Ground.invite_many], (Ground.merge_organizations, Ground.merge_people)),
    *product([Ground.cancel_of_many], (*OF_THE_INVITATION, Ground.merge_people)),
    (Ground.cancel_of_many, Ground.cancel_of_many),
    (Ground.cancel_of_many, Ground.resend_to_many),
]


@pytest.fixture
def race(transactional_db: None) -> Iterator[Race]:
    made = Race(pause=PAUSE)
    with open_scope(made.scope):
        yield made


@pytest.mark.parametrize("pairs", [PAIRS, OF_MANY], ids=["one", "many"])
def test_edge_case_13_acts_that_meet_end_done_or_refused_whatever_they_lock(
    race: Race, pairs: list[Any]
) -> None:
    stuck = []
    for number, acts in enumerate(pairs):
        ground = Ground(number)
        if pairs is OF_MANY:
            ground.invite_mara()
        try:
            answers = race.run(*(bound(act, ground) for act in acts))
        except Exception as error:
            stuck.append(([act.__name__ for act in acts], repr(error).splitlines()[0]))
            continue
        assert None in answers, (acts, answers)
        still_true(ground)
    assert not stuck, "\n".join(map(str, stuck))


def bound(act: Callable[[Ground, Actor], None], ground: Ground) -> Callable[[Actor], Any]:
    return lambda actor: act(ground, actor)


def still_true(ground: Ground) -> None:
    """Counters count what is there; who is in had an invitation that waited."""
    for organization in Organization.objects.filter(pk__in=[ground.acme.pk, ground.zenith.pk]):
        assert organization.people_count == counted(organization.pk), organization.name
    accepted = Event.objects.filter(kind="invitation.accepted", subject_id=ground.invitation.pk)
    lena = Person.objects.get(pk=ground.lena.pk)
    invitation = Invitation.objects.get(pk=ground.invitation.pk)
    assert accepted.count() == (invitation.state == "accepted")
    if lena.merged_into_id is None and lena.archived_at is None:
        assert Membership.objects.filter(person=lena, is_primary=True).count() == 1


def counted(organization_id: UUID) -> int:
    people = Person.objects.active().filter(memberships__organization_id=organization_id)
    return int(people.count())
