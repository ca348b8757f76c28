"""Whoever assigns a tag while somebody deletes, merges or renames it is done or refused.

On PostgreSQL the assignment would else point at a tag that is gone by the end of the act, and fail
there, or say a name that it no longer has. In each pair the assignment begins a moment later.
"""

from collections.abc import Callable, Iterator
from itertools import product
from time import sleep
from typing import Any

import pytest

from portico.clients.actions.locations import create_location, update_location
from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.actions.people import create_person, update_person
from portico.clients.actions.tags import (
    delete_tag,
    merge_tags,
    tag_organizations,
    tag_people,
    update_tag,
)
from portico.clients.models import (
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
    Tag,
)
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of
from tests.races import Race

PAUSE = 0.03


class Ground:
    """A tag that Lena and Acme carry, another tag, and who else may get the first."""

    def __init__(self, number: int) -> None:
        self.names = [f"VIP {number}"]
        self.acme = make_organization(f"Acme {number}")
        self.birch = make_organization(f"Birch {number}")
        self.lena = make_person(f"lena{number}@x.test", organization=self.acme)
        self.mara = make_person(f"mara{number}@x.test", organization=self.acme)
        owner = actor_of(Agent.objects.get())
        self.plant = create_location(owner, self.acme.pk, {"name": "Plant"})
        tag_people(owner, Person.objects.filter(pk=self.lena.pk), names=self.names)
        tag_organizations(owner, Organization.objects.filter(pk=self.acme.pk), names=self.names)
        self.vip = Tag.objects.get(name=self.names[0])
        tag_people(owner, Person.objects.filter(pk=self.lena.pk), names=[f"Other {number}"])
        self.other = Tag.objects.get(name=f"Other {number}")

    def delete(self, actor: Actor) -> None:
        delete_tag(actor, self.vip.pk)

    def rename(self, actor: Actor) -> None:
        update_tag(actor, self.vip.pk, {"name": f"New {self.names[0]}"})

    def merge(self, actor: Actor) -> None:
        merge_tags(actor, target_id=self.other.pk, source_ids=[self.vip.pk])

    def merge_the_other_way(self, actor: Actor) -> None:
        merge_tags(actor, target_id=self.vip.pk, source_ids=[self.other.pk])

    def tag_people_by_name(self, actor: Actor) -> None:
        tag_people(actor, Person.objects.active(), names=self.names)

    def tag_people_by_id(self, actor: Actor) -> None:
        tag_people(actor, Person.objects.filter(pk=self.mara.pk), add=[self.vip.pk])

    def tag_organizations(self, actor: Actor) -> None:
        rows = Organization.objects.filter(pk__in=[self.acme.pk, self.birch.pk])
        tag_organizations(actor, rows, names=self.names)

    def create_person(self, actor: Actor) -> None:
        fields = {"name": "Nora", "email": f"{self.acme.pk}@x.test", "tags": self.names}
        create_person(actor, fields, organization_id=self.acme.pk)

    def create_organization(self, actor: Actor) -> None:
        create_organization(actor, {"name": f"Cedar {self.names[0]}", "tags": self.names})

    def edit_person(self, actor: Actor) -> None:
        update_person(actor, self.mara.pk, {"tags": self.names, "phone": "030 1234"})

    def edit_organization(self, actor: Actor) -> None:
        update_organization(actor, self.birch.pk, {"tags": self.names})

    def create_location(self, actor: Actor) -> None:
        create_location(actor, self.acme.pk, {"name": "Depot", "tags": self.names})

    def edit_location(self, actor: Actor) -> None:
        update_location(actor, self.plant.pk, {"tags": self.names})


OF_THE_TAG = (Ground.delete, Ground.rename, Ground.merge, Ground.merge_the_other_way)
ASSIGNING = (
    Ground.tag_people_by_name,
    Ground.tag_people_by_id,
    Ground.tag_organizations,
    Ground.create_person,
    Ground.create_organization,
    Ground.edit_person,
    Ground.edit_organization,
    Ground.create_location,
    Ground.edit_location,
)
PAIRS = [*product(OF_THE_TAG, ASSIGNING), (Ground.merge, Ground.merge_the_other_way)]


@pytest.fixture
def race(transactional_db: None) -> Iterator[Race]:
    made = Race(pause=PAUSE)
    with open_scope(made.scope):
        yield made


def test_edge_case_13_a_tag_that_goes_while_it_is_assigned(race: Race) -> None:
    stuck: list[tuple[list[str], Any]] = []
    for number, acts in enumerate(PAIRS):
        ground = Ground(number)
        calls = [bound(act, ground, after=PAUSE / 2 * place) for place, act in enumerate(acts)]
        try:
            answers = race.run(*calls)
        except Exception as error:
            stuck.append(([act.__name__ for act in acts], repr(error).splitlines()[0]))
            continue
        assert None in answers, (acts, answers)
        codes = {refused.code for refused in answers if refused is not None}
        assert codes <= {"unknown_tag", "not_found"}, (acts, codes)
        untrue = untrue_texts()
        if untrue:
            stuck.append(([act.__name__ for act in acts], untrue))
    assert not stuck, "\n".join(map(str, stuck))


def bound(
    act: Callable[[Ground, Actor], None], ground: Ground, *, after: float
) -> Callable[[Actor], Any]:
    def begin(actor: Actor) -> None:
        sleep(after)
        act(ground, actor)

    return begin


def untrue_texts() -> list[str]:
    """The records whose text says other tags than they carry."""
    untrue = []
    for model, assignment, column in (
        (Person, PersonTag, "person_id"),
        (Organization, OrganizationTag, "organization_id"),
    ):
        for row in model.objects.all():
            carried = assignment.objects.filter(**{column: row.pk})
            names = sorted(carried.values_list("tag__name", flat=True))
            if sorted(row.tag_text.split("\n") if row.tag_text else []) != names:
                untrue.append(f"{row}: {row.tag_text!r}, {names}")
    return untrue
