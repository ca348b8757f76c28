"""Workspaces of 1,000 and 100,000 people in one database, the same ones each time.

Run as `python -m tests.bench.seeding` with the database of the environment; it prints, as JSON,
what the measuring process has to know of each workspace.
"""

import json
import random
import sys
from collections.abc import Iterator
from typing import Any

SIZES = {"small": 1_000, "large": 100_000}
SLICE = 5_000
PASSWORD = "correct horse battery staple"
GIVEN = (
    *("Anna", "Maria", "Lukas", "Peter", "Johann", "Sofia", "Elena", "Marco", "Paul", "Lena"),
    *("Jonas", "Hana", "Olga", "Vera", "Adam", "Gina", "Emil", "Karl", "Iris", "Nora"),
)
SYLLABLES = [consonant + vowel for consonant in "bdklmnrstw" for vowel in "aeiou"]
POSITIONS = ("Sales manager", "Head of purchasing", "Engineer", "Assistant", "Accountant", "")


def seed() -> None:
    """Migrate and fill the database unless it is filled already."""
    from django.core.management import call_command
    from django.db import connection

    from portico.workspaces.models import Workspace
    from tests.factories.workspaces import make_workspace

    call_command("migrate", verbosity=0)
    for slug, size in SIZES.items():
        if not Workspace.objects.filter(slug=slug).exists():
            workspace = make_workspace(slug.title(), hostname=f"{slug}.localhost")
            fill(workspace, size)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fill(workspace: Any, size: int) -> None:
    """Ten people to an organization; a twentieth of both archived."""
    from django.db import transaction

    from portico.clients.models import Membership, Organization
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    chance = random.Random(size)
    with open_scope(scope_of(workspace)):
        organizations = list(invented_organizations(chance, size // 10))
        Organization.objects.bulk_create(organizations, batch_size=500)
        people = list(invented_people(chance, size))
        for start in range(0, size, SLICE):
            part = people[start : start + SLICE]
            with transaction.atomic():
                type(part[0]).objects.bulk_create(part, batch_size=500)
                Membership.objects.bulk_create(
                    [
                        Membership(
                            person_id=person.pk,
                            organization_id=organizations[(start + number) % (size // 10)].pk,
                            is_primary=True,
                        )
                        for number, person in enumerate(part)
                    ],
                    batch_size=500,
                )


def invented_organizations(chance: random.Random, count: int) -> Iterator[Any]:
    """Organizations of ten people each, some with an end date."""
    from portico.clients.models import Organization

    for number in range(count):
        row = Organization(
            name=f"{family_name(chance)} {family_name(chance)} {number:05}",
            people_count=10,
            membership_end_date=f"2030-{1 + number % 12:02}-01" if number % 3 else None,
            archived_at=archived(number),
        )
        row.derive_keys()
        yield row


def invented_people(chance: random.Random, count: int) -> Iterator[Any]:
    """People who have not joined, every second of whom has been active."""
    from django.utils import timezone

    from portico.accounts.choices import UserKind
    from portico.clients.models import Person

    now = timezone.now()
    for number in range(count):
        given, family = chance.choice(GIVEN), family_name(chance)
        row = Person(
            kind=UserKind.PERSON,
            name=f"{given} {family}",
            email=f"{given}.{family}.{number:06}@example.com".lower(),
            position=chance.choice(POSITIONS),
            password="!",
            archived_at=archived(number),
            last_active_at=now if number % 2 else None,
        )
        row.derive_keys()
        yield row


def family_name(chance: random.Random) -> str:
    """Two to four syllables."""
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()


def archived(number: int) -> Any:
    """A moment for every twentieth."""
    from django.utils import timezone

    return timezone.now() if number % 20 == 19 else None


def facts(slug: str) -> dict[str, Any]:
    """A key, and the ids that the measured requests name."""
    from portico.clients.models import Organization, Person
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of
    from portico.workspaces.models import Agent, Workspace
    from tests.factories.keys import make_key

    workspace = Workspace.objects.get(slug=slug)
    with open_scope(scope_of(workspace)):
        people = Person.objects.active().order_by("pk")
        ids = [str(key) for key in people.values_list("pk", flat=True)[:1000]]
        return {
            "workspace": str(workspace.pk),
            "key": make_key(Agent.objects.get(email=f"owner@{slug}.test")),
            "person": ids[400],
            "organization": str(Organization.objects.active().order_by("pk")[40].pk),
            "ids": ids[:900] if SIZES[slug] <= 1000 else ids,
        }


if __name__ == "__main__":
    import django

    django.setup()
    seed()
    sys.stdout.write(json.dumps({slug: facts(slug) for slug in SIZES}))
