"""How the databases would answer: their plans, and what a plan of a list has to be."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection

from portico.kit.pagination import keyset_page

IS_SQLITE = connection.vendor == "sqlite"
PERSON_SORTS = {
    "name": "user_name_key",
    "email": "user_email_ke",
    "created_at": "user_created_",
    "last_active_at": "user_last_act",
}
PERSON_TEXTS = ["given_name", "family_name", "position", "phone", "tag_text", "reference"]
ORGANIZATION_SORTS = {
    "name": "org_name_key",
    "created_at": "org_created_at",
    "people_count": "org_people_cou",
    "location_count": "org_location_c",
    "membership_end_date": "org_membership",
    "last_activity_at": "org_last_activ",
}
ORGANIZATION_TEXTS = ["tag_text", "reference", "website", "address_city", "address_country"]
STATES = ["active", "archived"]


def plans_of(act: Callable[[], Any]) -> list[str]:
    """The plan of each statement that the act runs, with its parameters, one line per step."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, parameters: Any, *rest: Any) -> Any:
        asked.append((statement, parameters))
        return execute(statement, parameters, *rest)

    with connection.execute_wrapper(note):
        act()
    return [plan_of(statement, parameters) for statement, parameters in asked]


def plan_of(statement: str, parameters: Any) -> str:
    with connection.cursor() as cursor:
        if IS_SQLITE:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return "\n".join(row[3] for row in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


def assert_walks(plan: str, *, table: str, index: str) -> None:
    assert index in plan, plan
    assert not re.search(r"TEMP B-TREE|Sort|MULTI-INDEX|Seq Scan|\bSCAN\b", plan), plan
    if IS_SQLITE:
        assert re.search(rf"^SEARCH {table} USING INDEX {index} \(workspace_id=\?", plan), plan
    else:
        assert re.search(rf"Index Scan (Backward )?using {index} on {table}\b", plan), plan
        assert re.search(r"Index Cond: \(+workspace_id =", plan), plan


def turn_pages(rows: Any, order: Any) -> None:
    """Forwards to the end and back again, two rows at a time."""
    page = keyset_page(rows, order, limit=2)
    while page.next_cursor:
        page = keyset_page(rows, order, cursor=page.next_cursor, limit=2)
    while page.previous_cursor:
        page = keyset_page(rows, order, cursor=page.previous_cursor, limit=2)
