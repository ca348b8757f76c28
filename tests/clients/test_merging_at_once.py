"""Merges that meet another change of the same records: one wins, nothing is lost.

Edge cases 36 to 41, on a database in a file and on PostgreSQL. Each race is run several times,
since nobody knows who comes first; many of them in one test, since a database is made for each.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from portico.clients.actions.merging import merge_organizations, merge_people
from portico.clients.actions.organizations import (
    archive_organizations,
    delete_organization,
    update_organization,
)
from portico.clients.actions.people import update_person
from portico.clients.models import Membership, Merge, Organization, Person
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import NeedsConfirmation, Refusal
from portico.kit.tenancy.scope import open_scope
from tests.factories.clients import make_organization, make_person
from tests.races import Act, Race

ROUNDS = 3
OF_EACH = 3


class Records(Race):
    """Records to merge, and the acts that meet."""

    made = 0

    def organization(self) -> Organization:
        """One with people of its own."""
        self.made += 1
        made: Organization = make_organization(f"Firm {self.made}")
        for number in range(OF_EACH):
            make_person(f"{self.made}.{number}@x.test", organization=made)
        Organization.objects.filter(pk=made.pk).update(people_count=OF_EACH)
        return made

    def person(self) -> Person:
        """One with a membership of their own."""
        self.made += 1
        organization = make_organization(f"Firm {self.made}")
        made: Person = make_person(f"{self.made}@x.test", organization=organization)
        return made


@pytest.fixture
def race(transactional_db: None) -> Iterator[Records]:
    made = Records()
    with open_scope(made.scope):
        yield made


def organizations(into: UUID, source: UUID, **more: Any) -> Act:
    return lambda actor: merge_organizations(actor, into, source, choices={}, **more)


def people(into: UUID, source: UUID, **more: Any) -> Act:
    return lambda actor: merge_people(actor, into, source, choices={}, **more)


def edit_website(key: UUID) -> Act:
    return lambda actor: update_organization(actor, key, {"website": "a.test"})


def edit_phone(key: UUID) -> Act:
    return lambda actor: update_person(actor, key, {"phone": "12345"})


def delete(key: UUID) -> Act:
    return lambda actor: delete_organization(actor, key, confirmation="DELETE")


def members(organization_id: UUID) -> int:
    return int(Membership.objects.filter(organization_id=organization_id).count())


def one_was_done(answers: list[Refusal | None]) -> None:
    assert [answer is None for answer in answers].count(True) == 1, answers


def each_into_the_other(race: Records, make: str, merge: Callable[..., Act]) -> None:
    """Edge case 39: one of the two is left, with everything."""
    for _round in range(ROUNDS):
        one, other = getattr(race, make)(), getattr(race, make)()
        one_was_done(race.run(merge(one.pk, other.pk), merge(other.pk, one.pk)))
        rows = {row.pk: row for row in type(one)._base_manager.filter(pk__in=[one.pk, other.pk])}
        (gone,) = [row for row in rows.values() if row.merged_into_id]
        left = rows[gone.merged_into_id]
        assert (left.archived_at, left.merged_into_id) == (None, None)
        assert Merge.objects.filter(survivor_id=left.pk, source_id=gone.pk).count() == 1
        assert Merge.objects.filter(survivor_id=gone.pk).count() == 0
        if make == "organization":
            assert (members(left.pk), left.people_count, members(gone.pk)) == (6, 6, 0)
        else:
            held = Membership.objects.filter(person=left)
            assert (held.count(), held.filter(is_primary=True).count()) == (2, 1)


def two_of_one(race: Records, make: str, merge: Callable[..., Act]) -> None:
    """Edge case 40: of two merges of one record one gets it."""
    for _round in range(ROUNDS):
        source, *others = (getattr(race, make)() for _thrice in range(3))
        answers = race.run(*(merge(other.pk, source.pk) for other in others))
        one_was_done(answers)
        assert {answer.code for answer in answers if answer} == {"merged"}
        winner = others[answers.index(None)]
        source.refresh_from_db()
        assert source.merged_into_id == winner.pk
        assert Merge.objects.filter(source_id=source.pk).count() == 1
        if make == "organization":
            assert sorted(members(row.pk) for row in (source, *others)) == [0, 3, 6]


def a_chain(race: Records) -> None:
    """Edge case 40: it leads to its end, whatever comes first."""
    for _round in range(ROUNDS):
        first, second, third = (race.organization() for _thrice in range(3))
        answers = race.run(organizations(second.pk, first.pk), organizations(third.pk, second.pk))
        assert answers[1] is None
        lost = members(first.pk) if answers[0] else 0
        assert members(second.pk) == 0
        assert members(third.pk) + lost == 9
        third.refresh_from_db()
        assert third.people_count == members(third.pk)


def with_an_edit_of_what_was_shown(
    race: Records,
) -> None:
    """Edge case 56: the merge that was previewed, or the edit, never both."""
    for _round in range(ROUNDS):
        into, source = race.organization(), race.organization()
        answers = race.run(
            organizations(into.pk, source.pk, versions=(into.version, source.version)),
            edit_website(source.pk),
        )
        one_was_done(answers)
        assert {answer.code for answer in answers if answer} <= {"stale", "merged"}
        is_edited = answers[1] is None
        source.refresh_from_db()
        assert source.website == ("https://a.test" if is_edited else "")
        assert members(source.pk) == (3 if is_edited else 0)


def with_an_edit(race: Records) -> None:
    """Edge case 41: what was edited first is merged along; later it is refused."""
    for _round in range(ROUNDS):
        into, source = race.person(), race.person()
        answers = race.run(
            people(into.pk, source.pk),
            edit_phone(source.pk),
        )
        assert answers[0] is None
        into.refresh_from_db()
        assert into.phone == ("12345" if answers[1] is None else "")


def with_an_archiving(
    race: Records,
) -> None:
    """Edge case 39: merged, or archived and asked again."""
    for _round in range(ROUNDS):
        into, source = race.organization(), race.organization()
        archived: list[Any] = []

        def archive(actor: Actor, key: UUID = source.pk, kept: list[Any] = archived) -> None:
            kept.extend(archive_organizations(actor, Organization.objects.filter(pk=key)))

        merged, refused = race.run(organizations(into.pk, source.pk), archive)
        assert refused is None
        assert (merged is None) == (archived == [])
        assert merged is None or isinstance(merged, NeedsConfirmation)
        told = Event.objects.filter(kind="organization.archived", subject_id=source.pk)
        assert told.count() == len(archived)
        assert members(into.pk) + members(source.pk) == 6


def with_a_deletion(race: Records, deleted: str) -> None:
    """Edge case 28: whoever is first; the people of both are there and counted."""
    for _round in range(ROUNDS):
        ends = {"survivor": race.organization(), "source": race.organization()}
        key = ends[deleted].pk
        there = list(Person.objects.order_by("pk").values_list("pk", flat=True))
        answers = race.run(
            organizations(ends["survivor"].pk, ends["source"].pk),
            delete(key),
        )
        if deleted == "source":
            one_was_done(answers)
        assert answers.count(None) >= 1
        assert list(Person.objects.order_by("pk").values_list("pk", flat=True)) == there
        left = Organization.objects.filter(pk__in=[row.pk for row in ends.values()])
        for row in left.filter(merged_into=None):
            people_of = Person.objects.active().filter(memberships__organization=row)
            assert people_of.count() == row.people_count


def test_edge_cases_39_and_40_of_merges_that_meet_one_wins_and_nothing_is_lost(
    race: Records,
) -> None:
    for make, merge in (("organization", organizations), ("person", people)):
        each_into_the_other(race, make, merge)
        two_of_one(race, make, merge)
    a_chain(race)


def test_edge_cases_28_39_41_and_56_a_merge_that_meets_another_change_loses_nothing(
    race: Records,
) -> None:
    with_an_edit_of_what_was_shown(race)
    with_an_edit(race)
    with_an_archiving(race)
    for deleted in ("survivor", "source"):
        with_a_deletion(race, deleted)
