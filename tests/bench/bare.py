"""The floor: what the database alone takes for the same operation, and how many queries we ask.

Run as `python -m tests.bench.bare` in the environment of the server, with what `seeding` printed
and the addresses of the pages on its standard input; answers with JSON.
"""

# ruff: noqa: S608 - the statements are put together from constants of this file

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

PERSON = "SELECT id, name, email, position, last_active_at FROM accounts_user"
ACTIVE_PEOPLE = "workspace_id = %(workspace)s AND kind = 'person' AND archived_at IS NULL"
ORGANIZATION = "SELECT id, name, people_count FROM clients_organization"
ACTIVE = "workspace_id = %(workspace)s AND archived_at IS NULL"
BY_NAME = "ORDER BY name_key, id LIMIT 51"
OF_MANAGER = (
    "id IN (SELECT organization_id FROM clients_accountmanager WHERE agent_id = %(manager)s)"
)
TAGGED = "id IN (SELECT organization_id FROM clients_organizationtag WHERE tag_id = %({tag})s)"
COMMON, SCARCE = TAGGED.format(tag="common_tag"), TAGGED.format(tag="rare_tag")
MEMBERS = "id IN (SELECT person_id FROM clients_membership WHERE organization_id"
STATEMENTS = {
    "people, page 1": f"{PERSON} WHERE {ACTIVE_PEOPLE} {BY_NAME}",
    "people, page 200": f"{PERSON} WHERE {ACTIVE_PEOPLE} AND (name_key, id) > "
    f"('maria', %(person)s) {BY_NAME}",
    "people, by e-mail": f"{PERSON} WHERE {ACTIVE_PEOPLE} AND email_key IS NOT NULL "
    "ORDER BY email_key, id LIMIT 51",
    "people, newest first": f"{PERSON} WHERE {ACTIVE_PEOPLE} "
    "ORDER BY created_at DESC, id DESC LIMIT 51",
    "people, by last activity": f"{PERSON} WHERE {ACTIVE_PEOPLE} AND last_active_at IS NOT NULL "
    "ORDER BY last_active_at DESC, id DESC LIMIT 51",
    "people of an organization": f"{PERSON} WHERE {MEMBERS} = %(organization)s) "
    f"AND archived_at IS NULL {BY_NAME}",
    "organizations, page 1": f"{ORGANIZATION} WHERE {ACTIVE} {BY_NAME}",
    "organizations, by people": f"{ORGANIZATION} WHERE {ACTIVE} "
    "ORDER BY people_count DESC, name_key DESC, id DESC LIMIT 51",
    "organizations, by end date": f"{ORGANIZATION} WHERE {ACTIVE} "
    "AND membership_end_date IS NOT NULL ORDER BY membership_end_date, id LIMIT 51",
    "organizations, newest first": f"{ORGANIZATION} WHERE {ACTIVE} "
    "ORDER BY created_at DESC, id DESC LIMIT 51",
    "organizations, of a manager": f"{ORGANIZATION} WHERE {ACTIVE} AND {OF_MANAGER} {BY_NAME}",
    "organizations, common tag": f"{ORGANIZATION} WHERE {ACTIVE} AND {COMMON} {BY_NAME}",
    "organizations, rare tag": f"{ORGANIZATION} WHERE {ACTIVE} AND {SCARCE} {BY_NAME}",
    "organizations, end before a day": f"{ORGANIZATION} WHERE {ACTIVE} "
    f"AND membership_end_date < '2030-02-01' {BY_NAME}",
    "several filters of organizations": f"{ORGANIZATION} WHERE {ACTIVE} AND {COMMON} "
    f"AND {OF_MANAGER} AND membership_end_date < '2030-06-01' {BY_NAME}",
    "search, common word": f"{PERSON} WHERE {ACTIVE_PEOPLE} AND search_text LIKE '%%anna%%' "
    f"{BY_NAME}",
    "open a person": "SELECT * FROM accounts_user WHERE id = %(person)s",
    "open an organization": "SELECT * FROM clients_organization WHERE id = %(organization)s",
    "JSON list of 50": f"{PERSON} WHERE {ACTIVE_PEOPLE} {BY_NAME}",
    "archive 1,000": "UPDATE accounts_user SET archived_at = created_at WHERE id IN ({ids})",
    "create a person": "UPDATE accounts_user SET name = name || 'x', name_key = name_key || 'x', "
    "search_text = search_text || 'x' WHERE id = %(person)s",
    "change a person": "UPDATE accounts_user SET position = position || 'x', "
    "search_text = search_text || 'x' WHERE id = %(person)s",
    "export 10,000": "SELECT name, email, position, phone, reference, tag_text, created_at "
    f"FROM accounts_user WHERE {ACTIVE_PEOPLE} "
    "AND id IN (SELECT person_id FROM clients_persontag) ORDER BY name_key",
}
RARE = {
    "sqlite": f"{PERSON} WHERE id IN (SELECT record_id FROM accounts_user_trigrams AS hits "
    "JOIN accounts_user_numbers ON number = hits.rowid WHERE accounts_user_trigrams MATCH "
    f"'words : \".000417@\"') {BY_NAME}",
    "postgresql": f"{PERSON} WHERE {ACTIVE_PEOPLE} AND search_text LIKE '%%.000417@%%' {BY_NAME}",
}
REPEATS = 30
NAMED = ("workspace", "person", "organization", "manager", "common_tag", "rare_tag")


def bare_times(known: dict[str, Any]) -> dict[str, float]:
    """The median of each statement in milliseconds; what it wrote is rolled back."""
    from django.db import connection, transaction

    is_sqlite = connection.vendor == "sqlite"
    parameters = {
        name: known[name].replace("-", "") if is_sqlite else known[name] for name in NAMED
    }
    ids = ", ".join(f"'{key.replace('-', '') if is_sqlite else key}'" for key in known["ids"])
    statements = {**STATEMENTS, "search, rare word": RARE[connection.vendor]}
    medians = {}
    for name, statement in statements.items():
        times = []
        for _ in range(3 if "archive" in name else REPEATS):
            with transaction.atomic(), connection.cursor() as cursor:
                start = time.perf_counter()
                cursor.execute(statement.format(ids=ids), parameters)
                if cursor.description:
                    cursor.fetchall()
                times.append((time.perf_counter() - start) * 1000)
                transaction.set_rollback(True)
        medians[name] = statistics.median(times)
    return medians


def act_times(slug: str, known: dict[str, Any]) -> dict[str, float]:
    """What the worker does in the background, without its way there; rolled back."""
    from django.db import transaction

    from portico.clients.actions.people import archive_people
    from portico.clients.actions.tags import tag_people
    from portico.clients.models import Person
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.actors import user_actor
    from portico.workspaces.context import scope_of
    from portico.workspaces.models import Agent, Workspace

    medians = {}
    with open_scope(scope_of(Workspace.objects.get(slug=slug))):
        actor = user_actor(Agent.objects.get(email=f"owner@{slug}.test"))
        acts: dict[str, Callable[[Any], object]] = {
            "archive 1,000": lambda people: archive_people(actor, people),
            "tag 1,000": lambda people: tag_people(actor, people, names=["Called"]),
        }
        for name, act in acts.items():
            times = []
            for _ in range(4):
                with transaction.atomic():
                    start = time.perf_counter()
                    act(Person.objects.filter(pk__in=known["ids"]))
                    times.append((time.perf_counter() - start) * 1000)
                    transaction.set_rollback(True)
            medians[name] = statistics.median(times[1:])
    return medians


def counted_queries(slug: str, addresses: dict[str, str], key: str) -> dict[str, int]:
    """How many queries each GET asks, in a process that has answered one before."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.seeding import PASSWORD

    host = f"{slug}.localhost"
    browser = Client(headers={"host": host})
    sign_in = {"login": f"owner@{slug}.test", "password": PASSWORD}
    assert browser.post("/accounts/login/", sign_in).status_code == 302
    counts = {}
    for name, address in addresses.items():
        headers = {"authorization": f"Bearer {key}"} if address.startswith("/api/") else {}
        browser.get(address, headers=headers)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address, headers=headers).status_code == 200, address
        counts[name] = len(captured)
    return counts


if __name__ == "__main__":
    import django

    from portico.config.collector import spare_what_is_loaded

    django.setup()
    spare_what_is_loaded()  # as the worker does
    asked = json.load(sys.stdin)
    sys.stdout.write(
        json.dumps(
            {
                slug: {
                    "bare": bare_times(each["known"]),
                    "acts": act_times(slug, each["known"]),
                    "queries": counted_queries(slug, each["addresses"], each["known"]["key"]),
                }
                for slug, each in asked.items()
            }
        )
    )
