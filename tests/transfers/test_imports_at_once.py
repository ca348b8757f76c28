"""An import of all or nothing that meets other changes of the same records.

It holds what it changes until its last row, in the order of the file: on PostgreSQL an act that
locks the same records by id would else wait for it while it waits for that act.
"""

from collections.abc import Callable, Iterator
from time import sleep
from typing import Any

import pytest
from django.db import connection

from portico.clients.actions.merging import merge_organizations, merge_people
from portico.clients.actions.organizations import archive_organizations
from portico.clients.actions.people import archive_people, update_person
from portico.clients.actions.tags import delete_tag, tag_organizations
from portico.clients.models import Organization, Person, Tag
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.operations.models import Operation
from portico.operations.tasks import work_off_slice
from portico.transfers.actions import slices
from portico.transfers.actions.imports import run_import
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of
from tests.races import Race
from tests.transfers.imports import checked, prepared

PAUSE = 0.03
FIRMS = 24
# After how many seconds the other act begins, so that it meets the import between its rows.
MOMENT = 0.25


class Ground:
    """Firms with a person each, and an import that changes them from the last to the first."""

    def __init__(self, number: int) -> None:
        owner = actor_of(Agent.objects.get())
        self.firms = [make_organization(f"Firm {number}.{n}") for n in range(FIRMS)]
        self.people = [
            make_person(f"p{number}.{n}@x.test", name=f"P {n}", organization=firm)
            for n, firm in enumerate(self.firms)
        ]
        Organization.objects.filter(pk__in=[firm.pk for firm in self.firms]).update(people_count=1)
        rows = Organization.objects.filter(pk=self.firms[0].pk)
        tag_organizations(owner, rows, names=[f"Tag {number}"])
        self.tag = Tag.objects.get(name=f"Tag {number}")

    def importing(self, kind: Any) -> Operation:
        """The import when all its rows were found right and the next slice writes them."""
        owner = actor_of(Agent.objects.get())
        content = "name,reference,tags\n" + "".join(
            f"{firm.name},R {firm.name},{self.tag.name}\n" for firm in reversed(self.firms)
        )
        match = "name"
        if kind == "people":
            match = "email"
            content = "name,email,position,organization\n" + "".join(
                f"{person.name},{person.email},Head,{firm.name}\n"
                for person, firm in zip(reversed(self.people), self.firms, strict=True)
            )
        operation = prepared(
            owner, kind, content, existing="update", match=match, all_or_nothing=True
        )
        operation = checked(owner, operation)
        run_import(owner, operation.pk)
        while "is_writing" not in operation.options:
            assert work_off_slice()
            operation.refresh_from_db()
        return operation

    def archive_organizations(self, actor: Actor) -> None:
        keys = [firm.pk for firm in self.firms]
        archive_organizations(actor, Organization.objects.filter(pk__in=keys))

    def archive_people(self, actor: Actor) -> None:
        keys = [person.pk for person in self.people]
        archive_people(actor, Person.objects.filter(pk__in=keys))

    def merge_organizations(self, actor: Actor) -> None:
        merge_organizations(actor, self.firms[0].pk, self.firms[-1].pk, choices={})

    def merge_people(self, actor: Actor) -> None:
        merge_people(actor, self.people[0].pk, self.people[-1].pk, choices={"email": "survivor"})

    def delete_tag(self, actor: Actor) -> None:
        delete_tag(actor, self.tag.pk)

    def edit_person(self, actor: Actor) -> None:
        update_person(actor, self.people[0].pk, {"position": "Chair"})


ACTS = (
    Ground.archive_organizations,
    Ground.archive_people,
    Ground.merge_organizations,
    Ground.merge_people,
    Ground.delete_tag,
    Ground.edit_person,
)


@pytest.fixture
def race(transactional_db: None) -> Iterator[Race]:
    made = Race(pause=PAUSE)
    with open_scope(made.scope):
        yield made


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.parametrize("kind", ["organizations", "people"])
def test_edge_case_48_an_import_at_once_and_other_acts_wait_for_each_other_in_turn(
    race: Race, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    stuck: list[tuple[str, ...]] = []
    for number, act in enumerate(ACTS):
        ground = Ground(number)
        operation = ground.importing(kind)
        try:
            with monkeypatch.context() as context:
                context.setattr(slices, "CHUNKS", dict.fromkeys(slices.CHUNKS, 2))
                race.run(lambda _actor: work_off_slice(), bound(act, ground, after=MOMENT))
        except Exception as error:
            stuck.append((act.__name__, repr(error).splitlines()[0]))
        operation.refresh_from_db()
        if (operation.state, operation.last_error) != ("done", ""):
            stuck.append((act.__name__, operation.state, operation.last_error[:200]))
    assert not stuck, "\n".join(map(str, stuck))


def bound(
    act: Callable[[Ground, Actor], None], ground: Ground, *, after: float
) -> Callable[[Actor], Any]:
    def begin(actor: Actor) -> None:
        sleep(after)
        act(ground, actor)

    return begin
