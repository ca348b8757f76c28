"""The floor: what the database alone takes for the same operation, and how many queries we ask.

Run as `python -m tests.bench.bare` in the environment of the server, with what `seeding` printed
and the addresses of the pages on its standard input; answers with JSON.
"""

# ruff: noqa: S608 - the statements are put together from constants of this file

import json
import statistics
import sys
import time
from typing import Any

LIST = "SELECT id, name, email, position, last_active_at FROM accounts_user"
ACTIVE_PEOPLE = "workspace_id = %(workspace)s AND kind = 'person' AND archived_at IS NULL"
IN_ORDER = "ORDER BY name_key, id LIMIT 51"
STATEMENTS = {
    "people, page 1": f"{LIST} WHERE {ACTIVE_PEOPLE} {IN_ORDER}",
    "people, page 200": f"{LIST} WHERE {ACTIVE_PEOPLE} AND (name_key, id) > "
    f"('maria', %(person)s) {IN_ORDER}",
    "people, by e-mail": f"{LIST} WHERE {ACTIVE_PEOPLE} AND email_key IS NOT NULL "
    "ORDER BY email_key, id LIMIT 51",
    "organizations, page 1": "SELECT id, name, people_count FROM clients_organization "
    f"WHERE workspace_id = %(workspace)s AND archived_at IS NULL {IN_ORDER}",
    "search, common word": f"{LIST} WHERE {ACTIVE_PEOPLE} AND search_text LIKE '%%anna%%' "
    f"{IN_ORDER}",
    "people of an organization": f"{LIST} WHERE id IN (SELECT person_id FROM clients_membership "
    f"WHERE organization_id = %(organization)s) AND archived_at IS NULL {IN_ORDER}",
    "open a person": "SELECT * FROM accounts_user WHERE id = %(person)s",
    "archive 1,000": "UPDATE accounts_user SET archived_at = created_at WHERE id IN ({ids})",
    "create a person": "UPDATE accounts_user SET name = name || 'x', name_key = name_key || 'x', "
    "search_text = search_text || 'x' WHERE id = %(person)s",
}
RARE = {
    "sqlite": f"{LIST} WHERE id IN (SELECT record_id FROM accounts_user_trigrams AS hits "
    "JOIN accounts_user_numbers ON number = hits.rowid WHERE accounts_user_trigrams MATCH "
    f"'words : \".000417@\"') {IN_ORDER}",
    "postgresql": f"{LIST} WHERE {ACTIVE_PEOPLE} AND search_text LIKE '%%.000417@%%' {IN_ORDER}",
}
REPEATS = 30


def bare_times(known: dict[str, Any]) -> dict[str, float]:
    """The median of each statement in milliseconds; what it wrote is rolled back."""
    from django.db import connection, transaction

    is_sqlite = connection.vendor == "sqlite"
    parameters = {
        name: known[name].replace("-", "") if is_sqlite else known[name]
        for name in ("workspace", "person", "organization")
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

    django.setup()
    asked = json.load(sys.stdin)
    sys.stdout.write(
        json.dumps(
            {
                slug: {
                    "bare": bare_times(each["known"]),
                    "queries": counted_queries(slug, each["addresses"], each["known"]["key"]),
                }
                for slug, each in asked.items()
            }
        )
    )
