"""Workspaces of 1,000, 100,000 and 1,000,000 people in one database, the same ones each time.

Run as `python -m tests.bench.seeding` with the database of the environment; it prints, as JSON,
what the measuring process has to know of each workspace. `PORTICO_BENCH_SIZES` chooses the sizes.
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

SIZES = {
    f"people{size}": int(size)
    for size in os.environ.get("PORTICO_BENCH_SIZES", "1000,100000,1000000").split(",")
}
PASSWORD = "correct horse battery staple"
GIVEN = (
    *("Anna", "Maria", "Lukas", "Peter", "Johann", "Sofia", "Elena", "Marco", "Paul", "Lena"),
    *("Jonas", "Hana", "Olga", "Vera", "Adam", "Gina", "Emil", "Karl", "Iris", "Nora"),
)
SYLLABLES = [consonant + vowel for consonant in "bdklmnrstw" for vowel in "aeiou"]
POSITIONS = ("Sales manager", "Head of purchasing", "Engineer", "Assistant", "Accountant", "")
# One in five organizations carries a tag; the last of these is rare. Ten thousand people carry
# the sixth, which is what the measured export writes.
TAGS = ("Key account", "Europe", "Trial", "Reseller", "Rare", "Newsletter")
WRITTEN_TO = 10_000
AGENTS = 5
START = datetime.fromisoformat("2026-01-01")
# The first digits of an id: which table it is of.
ORGANIZATION, PERSON, MEMBERSHIP, MANAGER, TAGGED, INVITATION = range(1, 7)


def seed() -> None:
    """Migrate and fill the database unless it is filled already."""
    from django.core.management import call_command

    from portico.workspaces.models import Workspace
    from tests.bench.pouring import indexes_last
    from tests.factories.workspaces import make_workspace

    call_command("migrate", verbosity=0)
    if Workspace.objects.exists():
        return
    made = [
        (make_workspace(slug.title(), hostname=f"{slug}.localhost"), size)
        for slug, size in SIZES.items()
    ]
    with indexes_last(filled_models()):
        for number, (workspace, size) in enumerate(made, 1):
            fill(workspace, number=number, size=size)


def filled_models() -> list[Any]:
    """The tables that take as many rows as there are people, or nearly."""
    from portico.accounts.models import User
    from portico.clients.models import (
        AccountManager,
        Membership,
        Organization,
        OrganizationTag,
        PersonTag,
    )
    from portico.invitations.models import Invitation

    return [
        User,
        Organization,
        Membership,
        AccountManager,
        OrganizationTag,
        PersonTag,
        Invitation,
    ]


def fill(workspace: Any, *, number: int, size: int) -> None:
    """Ten people to an organization; a twentieth of both archived; `number` parts the ids."""
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    chance = random.Random(size)
    with open_scope(scope_of(workspace)):
        tags, agents = make_surroundings(workspace.slug)
        pour_organizations(chance, workspace, number=number, size=size // 10)
        pour_people(chance, workspace, number=number, size=size)
        pour_belonging(workspace, number=number, size=size, tags=tags, agents=agents)
        pour_invitations(workspace, number=number, size=size)


def make_surroundings(slug: str) -> tuple[list[str], list[str]]:
    """Tags, agents and custom properties; the ids of the first two."""
    from portico.clients.models import CustomProperty, Tag
    from tests.factories.workspaces import make_agent

    tags = [Tag.objects.create(name=name).pk.hex for name in TAGS]
    names = [f"agent{number}@{slug}.test" for number in range(AGENTS)]
    agents = [make_agent(email, name=email.partition("@")[0]).pk.hex for email in names]
    for subject, key, kind, choices in (
        ("organization", "seats", "number", []),
        ("organization", "segment", "choice", ["Small", "Middle", "Large"]),
        ("person", "department", "choice", ["Sales", "Service"]),
    ):
        CustomProperty.objects.create(
            subject=subject, key=key, label=key.title(), kind=kind, choices=choices
        )
    return tags, agents


def pour_organizations(chance: random.Random, workspace: Any, *, number: int, size: int) -> None:
    """Most with an end date, one in five with a tag."""
    from portico.clients.models import Organization
    from portico.kit.names import name_key, search_fold
    from tests.bench.pouring import pour

    def rows() -> Iterator[tuple[Any, ...]]:
        segments = ("Small", "Middle", "Large")
        for row in range(size):
            name = f"{family_name(chance)} {family_name(chance)} {row:06}"
            at = moment(row)
            tag = TAGS[tag] if (tag := tag_of(row)) is not None else ""
            values = json.dumps({"seats": str(row % 500), "segment": segments[row % 3]})
            yield (
                *(key_of(number, ORGANIZATION, row), name, name_key(name)),
                *(search_fold(f"{name} {tag}".strip()), tag),
                *(
                    f"2030-{1 + row // 3 % 12:02}-{1 + row % 28:02}" if row % 3 else None,
                    archived(row),
                ),
                *(values, at, at, moment(row * 3) if row % 4 else None),
            )

    columns = ("id", "name", "name_key", "search_text", "tag_text", "membership_end_date")
    further = ("archived_at", "property_values", "created_at", "updated_at", "last_activity_at")
    pour(Organization, columns + further, rows(), workspace=workspace, people_count=10)


def pour_people(chance: random.Random, workspace: Any, *, number: int, size: int) -> None:
    """People who have not joined, every second of whom has been active."""
    from portico.accounts.choices import UserKind
    from portico.clients.models import Person
    from portico.kit.names import name_key, search_fold
    from tests.bench.pouring import pour

    def rows() -> Iterator[tuple[Any, ...]]:
        departments = ('{"department": "Sales"}', '{"department": "Service"}', "{}")
        for row in range(size):
            given, family = chance.choice(GIVEN), family_name(chance)
            name = f"{given} {family}"
            email = f"{given}.{family}.{row:06}@example.com".lower()
            position = chance.choice(POSITIONS)
            tag = TAGS[-1] if row < WRITTEN_TO else ""
            found = search_fold(" ".join(filter(None, (name, email, position, tag))))
            at = moment(row)
            yield (
                *(key_of(number, PERSON, row), name, name_key(name), email, email, position),
                *(found, tag, departments[row % 3], archived(row), at, at),
                moment(row * 7) if row % 2 else None,
            )

    columns = ("id", "name", "name_key", "email", "email_key", "position", "search_text")
    further = ("tag_text", "property_values", "archived_at", "created_at", "updated_at")
    fixed = {"workspace": workspace, "kind": UserKind.PERSON, "password": "!"}
    pour(Person, (*columns, *further, "last_active_at"), rows(), **fixed)


def pour_belonging(
    workspace: Any, *, number: int, size: int, tags: list[str], agents: list[str]
) -> None:
    """Memberships; tags; an account manager for four of five organizations."""
    from portico.clients.models import AccountManager, Membership, OrganizationTag, PersonTag
    from tests.bench.pouring import pour

    count = size // 10
    organizations = [key_of(number, ORGANIZATION, row) for row in range(count)]
    memberships = (
        (
            key_of(number, MEMBERSHIP, row),
            key_of(number, PERSON, row),
            organizations[row % count],
            moment(row),
        )
        for row in range(size)
    )
    columns = ("id", "person_id", "organization_id", "created_at")
    pour(Membership, columns, memberships, workspace=workspace, is_primary=True)
    managed = (
        (key_of(number, MANAGER, row), organizations[row], agents[row % AGENTS])
        for row in range(count)
        if row % 5
    )
    named = ("id", "organization_id", "agent_id")
    pour(AccountManager, named, managed, workspace=workspace, is_first=True)
    tagged = (
        (key_of(number, TAGGED, row), organizations[row], tags[tag])
        for row in range(count)
        if (tag := tag_of(row)) is not None
    )
    pour(OrganizationTag, ("id", "organization_id", "tag_id"), tagged, workspace=workspace)
    written_to = (
        (key_of(number, TAGGED, count + row), key_of(number, PERSON, row))
        for row in range(min(size, WRITTEN_TO))
    )
    pour(PersonTag, ("id", "person_id"), written_to, workspace=workspace, tag_id=UUID(hex=tags[-1]))


def pour_invitations(workspace: Any, *, number: int, size: int) -> None:
    """One person in fifty was invited; every second of those links is over."""
    from portico.invitations.models import Invitation
    from tests.bench.pouring import pour

    rows = (
        (
            key_of(number, INVITATION, row),
            key_of(number, PERSON, row),
            key_of(number, ORGANIZATION, row % (size // 10)),
            f"invited.{row}@example.com",
            "2020-01-01 00:00:00" if row % 100 else "2090-01-01 00:00:00",
            moment(row),
        )
        for row in range(0, size, 50)
    )
    columns = ("id", "user_id", "organization_id", "address", "expires_at", "created_at")
    pour(Invitation, columns, rows, workspace=workspace)


def tag_of(row: int) -> int | None:
    """Which tag the organization of this number carries; the rare one is one in 500."""
    if row % 500 == 0:
        return 4
    return row // 5 % 4 if row % 5 == 0 else None


def key_of(workspace: int, table: int, row: int) -> str:
    """An id of the right version, in the order of the numbers."""
    return f"019{workspace:x}{table:x}00{row >> 12:05x}7{row & 0xFFF:03x}8{0:015x}"


def moment(number: int) -> str:
    """A second for each number, as both databases read it."""
    return str(START + timedelta(seconds=number))


def family_name(chance: random.Random) -> str:
    """Two to four syllables."""
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()


def archived(number: int) -> str | None:
    """A moment for every twentieth."""
    return "2026-06-01 00:00:00" if number % 20 == 19 else None


def facts(slug: str) -> dict[str, Any]:
    """A key, and the ids that the measured requests name."""
    from portico.clients.models import Organization, Person, Tag
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of
    from portico.workspaces.models import Agent, Workspace
    from tests.factories.keys import make_key

    workspace = Workspace.objects.get(slug=slug)
    with open_scope(scope_of(workspace)):
        people = Person.objects.active().order_by("pk")
        ids = [str(key) for key in people.values_list("pk", flat=True)[:1000]]
        manager = Agent.objects.get(email=f"agent1@{slug}.test")
        return {
            "workspace": str(workspace.pk),
            "key": make_key(Agent.objects.get(email=f"owner@{slug}.test")),
            "person": ids[400],
            "organization": str(Organization.objects.active().order_by("pk")[40].pk),
            "manager": str(manager.pk),
            "common_tag": str(Tag.objects.get(name=TAGS[0]).pk),
            "rare_tag": str(Tag.objects.get(name=TAGS[4]).pk),
            "ids": ids[:900] if SIZES[slug] <= 1000 else ids,
        }


if __name__ == "__main__":
    import django

    django.setup()
    seed()
    sys.stdout.write(json.dumps({slug: facts(slug) for slug in SIZES}))
