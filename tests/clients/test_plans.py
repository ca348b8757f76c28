"""The central lists and searches walk an index: which one, without a sort step, without a scan.

The figures behind each line are those of a list page at a million people; what keeps them is that
neither database ever reads more than the page. PostgreSQL is asked with scans and sorts made
dear, since a table of a test fits into one page and would rightly be scanned.
"""

import re
from typing import Any

import pytest
from django.db import connection

from portico.clients.filters import OrganizationFilter, PersonFilter, lists
from portico.clients.models import (
    AccountManager,
    CustomProperty,
    Organization,
    OrganizationTag,
    Person,
    Tag,
)
from portico.kit import search
from portico.kit.pagination import keyset_page
from tests.clients.plans import (
    IS_SQLITE,
    ORGANIZATION_SORTS,
    PERSON_SORTS,
    assert_walks,
    plans_of,
    turn_pages,
)
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent


@pytest.mark.skipif(IS_SQLITE, reason="SQLite has no such settings")
@pytest.mark.parametrize(
    ("setting", "value"),
    [("random_page_cost", "1.1"), ("jit", "off"), ("max_parallel_workers_per_gather", "0")],
)
def test_the_planner_knows_what_it_plans_for(db: None, setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (value,)


def test_the_disabled_are_found_without_walking_the_others(six_people: Any) -> None:
    Person.objects.filter(pk__in=[row.pk for row in six_people[:4]]).update(is_disabled=True)
    rows = PersonFilter.read({"status": "disabled"}).of(Person.objects.all())
    for plan in plans_of(lambda: turn_pages(rows, PersonFilter().order)):
        assert_walks(plan, table="accounts_user", index="user_disabled")


def test_a_common_word_is_found_on_the_walk(
    six_people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", 1)
    rows = PersonFilter.read({"q": "person"}).of(Person.objects.all())
    for plan in plans_of(lambda: turn_pages(rows, PersonFilter().order)):
        assert_walks(plan, table="accounts_user", index="user_name_key_active")


def test_a_common_beginning_is_met_at_once_and_asked_of_no_other_index(
    six_people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FEW", 1)
    chosen = PersonFilter.read({"q": "person"})

    def look() -> None:
        rows = chosen.ready_for_page(Person.objects.all())
        chosen.count_found(3, rows)
        turn_pages(rows, chosen.order)

    plans = plans_of(look)
    assert not any("trigrams" in plan for plan in plans), plans
    beginnings, count, *pages = plans
    for plan in (beginnings, count):
        assert re.search(r"(USING (COVERING )?INDEX|using) user_name_key_active", plan), plan
    for plan in pages:
        assert_walks(plan, table="accounts_user", index="user_name_key_active")
        assert "name_key" in plan.partition("WHERE")[0], plan


@pytest.mark.parametrize("text", ["person 3", "(030) 12-34 56"])
def test_rare_words_are_looked_up_and_then_sorted(six_people: Any, text: str) -> None:
    for name in ("anna", "ben"):
        make_person(f"{name}@acme.test", phone="030 123456")

    def look() -> None:
        rows = PersonFilter.read({"q": text}).of(Person.objects.all())
        keyset_page(rows, PersonFilter().order)

    beginning, probe, page = plans_of(look)
    assert re.search(r"(USING (COVERING )?INDEX|using) user_name_key_active", beginning), beginning
    if IS_SQLITE:
        assert probe.splitlines() == [
            "SCAN hits VIRTUAL TABLE INDEX 0:M2",
            "SEARCH numbered USING INTEGER PRIMARY KEY (rowid=?)",
        ]
        assert page.splitlines() == [
            "SEARCH accounts_user USING INDEX sqlite_autoindex_accounts_user_1 (id=?)",
            "USE TEMP B-TREE FOR ORDER BY",
        ]


@pytest.mark.skipif(IS_SQLITE, reason="SQLite's probe is above")
@pytest.mark.parametrize("readings", [[["person", "pe"]], [["030/1234", "56"], ["30123456"]]])
@pytest.mark.parametrize("table", ["accounts_user", "clients_organization"])
def test_the_conditions_of_the_probe_are_answered_by_the_trigram_index(
    six_people: Any, table: str, readings: list[list[str]]
) -> None:
    conditions, parameters = search._like_conditions(readings)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM {table} WHERE {conditions}", parameters)  # noqa: S608
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"Bitmap Index Scan on {table}_trigrams" in plan
    assert "Seq Scan" not in plan


@pytest.mark.skipif(not IS_SQLITE, reason="PostgreSQL has statistics")
def test_chosen_rows_are_looked_up_and_not_searched_for(six_people: Any) -> None:
    rows = Person.objects.active().filter(pk__in=[row.pk for row in six_people])
    for act in (lambda: list(rows), lambda: rows.update(version=2)):
        for plan in plans_of(act):
            assert plan.splitlines()[0] == (
                "SEARCH accounts_user USING INDEX sqlite_autoindex_accounts_user_1 (id=?)"
            ), plan


PROPERTIES = [
    ("organization", "seats", "number"),
    ("organization", "segment", "choice"),
    ("person", "segment", "choice"),
    ("person", "since", "date"),
    ("person", "note", "text"),
]
ORGANIZATION_FILTERS = [
    {"tag": "Rare"},
    {"tag.any": "Rare,Other"},
    {"tag.not": "Rare"},
    {"tag.empty": "yes"},
    {"manager": "{agent}"},
    {"manager": "none"},
    {"manager.not": "{agent}"},
    {"status": "ending", "sort": "membership_end_date"},
    {"status": "ended"},
    {"status": "inactive"},
    {"membership_end_date.lt": "2030-01-02"},
    {"last_activity_at.gte": "-7d"},
    {"location_count.gte": "1"},
    {"tag": "Rare", "manager": "{agent}", "created_at.gte": "-7d"},
    {"property.seats": "417"},
    {"property.seats.lt": "417", "property.segment.any": "Large,Small"},
]
PERSON_FILTERS = [
    {"invitation": "pending"},
    {"invitation": "expired"},
    {"invitation": "none"},
    {"last_active_at.lt": "-90d", "sort": "last_active_at"},
    {"last_active_at.lt": "-90d"},
    {"organization": "{organization}"},
    {"organization": "none"},
    {"organization.not": "{organization}"},
    {"manager": "{agent}"},
    {"manager": "none"},
    {"tag": "Rare"},
    {"status": "disabled"},
    {"property.segment": "Large"},
]


@pytest.fixture
def ids(acme: Any) -> dict[str, str]:
    agent = make_agent()
    organization = make_organization(
        "Cared for", tag_text="Rare", property_values={"seats": "417", "segment": "Large"}
    )
    for subject, key, kind in PROPERTIES:
        CustomProperty.objects.create(
            subject=subject, key=key, label=key, kind=kind, choices=["Large", "Small"]
        )
    AccountManager.objects.create(organization=organization, agent=agent, is_first=True)
    tag = Tag.objects.create(name="Rare")
    OrganizationTag.objects.create(organization=organization, tag=tag)
    Tag.objects.create(name="Other")
    return {"agent": str(agent.pk), "organization": str(acme.pk)}


def chosen_of(grammar: Any, parameters: dict[str, str], ids: dict[str, str]) -> Any:
    return grammar.read_strictly(
        {name: value.format_map(ids) for name, value in parameters.items()}
    )


# A range of the index that the order walks needs no step for its first column.
SORTED = re.compile(r"TEMP B-TREE FOR ORDER|(?<!Incremental )Sort  \(")


def assert_led_by_indexes(plan: str, table: str) -> None:
    """A list's table, and whatever hangs on it, is never read as a whole."""
    tables = (
        rf"{table}|clients_membership|clients_\w+tag\b|clients_accountmanager|invitations_\w+"
        "|clients_propertyvalue"
    )
    assert not re.search(rf"Seq Scan on ({tables})\b", plan), plan
    # SQLite says SCAN of what it has not looked for, by alias (U0) or by name.
    assert not re.search(rf"SCAN (U\d|V\d|{tables})\b", plan), plan


@pytest.mark.parametrize("parameters", ORGANIZATION_FILTERS, ids=str)
def test_the_few_organizations_of_a_filter_are_looked_up(
    five_organizations: Any, ids: dict[str, str], parameters: dict[str, str]
) -> None:
    chosen = chosen_of(OrganizationFilter, parameters, ids)
    for plan in plans_of(lambda: count_and_cut(chosen, Organization.objects.unmerged())):
        assert_led_by_indexes(plan, "clients_organization")


@pytest.mark.parametrize("parameters", PERSON_FILTERS, ids=str)
def test_the_few_people_of_a_filter_are_looked_up(
    six_people: Any, ids: dict[str, str], parameters: dict[str, str]
) -> None:
    chosen = chosen_of(PersonFilter, parameters, ids)
    for plan in plans_of(lambda: count_and_cut(chosen, Person.objects.unmerged())):
        assert_led_by_indexes(plan, "accounts_user")


@pytest.mark.parametrize("parameters", ORGANIZATION_FILTERS, ids=str)
def test_the_many_organizations_of_a_filter_are_met_on_the_walk(
    five_organizations: Any, ids: dict[str, str], parameters: dict[str, str]
) -> None:
    chosen = chosen_of(OrganizationFilter, parameters, ids)
    rows = chosen.ready_for_page(Organization.objects.all(), count=search.FEW + 1)
    index = "org_inactive" if chosen.status == "inactive" else ORGANIZATION_SORTS[chosen.sort]
    for plan in plans_of(lambda: keyset_page(rows, chosen.order)):
        assert_led_by_indexes(plan, "clients_organization")
        assert_found_before_read(plan, "clients_organization", index=index)


@pytest.mark.parametrize("parameters", PERSON_FILTERS, ids=str)
def test_the_many_people_of_a_filter_are_met_on_the_walk(
    six_people: Any, ids: dict[str, str], parameters: dict[str, str]
) -> None:
    chosen = chosen_of(PersonFilter, parameters, ids)
    rows = chosen.ready_for_page(Person.objects.all(), count=search.FEW + 1)
    index = "user_disabled" if chosen.status == "disabled" else PERSON_SORTS[chosen.sort]
    for plan in plans_of(lambda: keyset_page(rows, chosen.order)):
        assert_led_by_indexes(plan, "accounts_user")
        assert_found_before_read(plan, "accounts_user", index=index)


def assert_found_before_read(plan: str, table: str, *, index: str) -> None:
    """The ids of a page come from a walk of the order's index; the page is sorted once more."""
    if IS_SQLITE:
        assert plan.startswith(f"SEARCH {table} USING INDEX sqlite_autoindex_{table}_1 (id=?)"), (
            plan
        )
        walk = plan.removesuffix("\nUSE TEMP B-TREE FOR ORDER BY")
    else:
        walk = plan.partition("->  Limit")[2]
    assert re.search(rf"(USING INDEX|using) {index}", walk), plan
    assert not SORTED.search(walk), plan


LED = [
    (OrganizationFilter, {"tag": "Rare"}, "clients_organizationtag"),
    (OrganizationFilter, {"tag.any": "Rare"}, "clients_organizationtag"),
    (OrganizationFilter, {"manager": "{agent}"}, "clients_accountmanager"),
    (PersonFilter, {"tag": "Rare"}, "clients_persontag"),
    (PersonFilter, {"organization": "{organization}"}, "clients_membership"),
    (PersonFilter, {"organization": "none"}, "clients_membership"),
    (PersonFilter, {"invitation": "pending"}, "invitations_invitation"),
    (PersonFilter, {"invitation": "expired"}, "invitations_invitation"),
    (PersonFilter, {"manager": "{agent}"}, "clients_accountmanager"),
    (OrganizationFilter, {"property.seats": "417"}, "clients_propertyvalue"),
    (OrganizationFilter, {"property.seats.gt": "400"}, "clients_propertyvalue"),
    (OrganizationFilter, {"property.seats.empty": "no"}, "clients_propertyvalue"),
    (OrganizationFilter, {"property.segment.any": "Large"}, "clients_propertyvalue"),
    (PersonFilter, {"property.since.lt": "2026-01-01"}, "clients_propertyvalue"),
    (PersonFilter, {"property.note.has": "rare"}, "clients_propertyvalue"),
]


@pytest.mark.parametrize(("grammar", "parameters", "links"), LED, ids=str)
def test_a_count_follows_the_links_and_asks_each_record_for_itself(
    six_people: Any, ids: dict[str, str], grammar: Any, parameters: dict[str, str], links: str
) -> None:
    chosen = chosen_of(grammar, parameters, ids)
    table = chosen.model._meta.db_table
    *_own, plan = plans_of(lambda: chosen.count_up_to(1001, chosen.model.objects.all()))
    assert_led_by_indexes(plan, table)
    if IS_SQLITE:
        leading, *others = [line for line in plan.splitlines() if line.startswith("SEARCH")]
        assert leading.startswith(f"SEARCH {links} USING"), plan
        assert f"SEARCH U0 USING INDEX sqlite_autoindex_{table}_1 (id=?)" in others, plan
        assert "USE TEMP B-TREE" not in plan, plan
    else:
        own = rf"SubPlan 1.* on {table} u0 .*Index Cond: \(.*\bid = \w+\."
        assert re.search(own, plan, re.DOTALL), plan
        assert not re.search(r"Sort  |Hash", plan), plan


VALUES = [
    (OrganizationFilter, {"property.seats": "417"}, "property_number", "number"),
    (OrganizationFilter, {"property.seats.lt": "417"}, "property_number", "number"),
    (OrganizationFilter, {"property.segment": "Large"}, "property_value", "form"),
    (PersonFilter, {"property.segment.any": "Large"}, "property_value", "form"),
    (PersonFilter, {"property.since.gte": "2026-01-01"}, "property_value", "form"),
    (PersonFilter, {"property.note": "rare"}, "property_value", "form"),
    (PersonFilter, {"property.note.has": "rare"}, "property_value", "key"),
    (PersonFilter, {"property.note.empty": "no"}, "property_value", "key"),
]


@pytest.mark.parametrize(("grammar", "parameters", "index", "last"), VALUES, ids=str)
def test_a_rare_value_of_a_property_is_met_in_its_index_and_read_from_nothing_else(
    six_people: Any,
    ids: dict[str, str],
    grammar: Any,
    parameters: dict[str, str],
    index: str,
    last: str,
) -> None:
    chosen = chosen_of(grammar, parameters, ids)
    probe, *_hits = plans_of(lambda: list(chosen.of(chosen.model.objects.all())[:1]))
    if IS_SQLITE:
        [step] = probe.splitlines()
        assert step.startswith(
            f"SEARCH clients_propertyvalue USING COVERING INDEX {index} "
            "(workspace_id=? AND subject=? AND key=?"
        ), probe
        assert re.search(rf"\b{last}[=<>]", step), probe
    else:
        assert re.search(rf"Index Only Scan using {index} on clients_propertyvalue", probe), probe
        assert re.search(rf"Index Cond: .*\b{last}\b", probe), probe


def test_what_no_index_finds_is_read_through_once(six_people: Any) -> None:
    chosen = PersonFilter.read({"name.has": "3"})

    def look() -> None:
        _count, rows = chosen.counted(1001, Person.objects.all())
        keyset_page(rows, chosen.order)

    _reading, page = plans_of(look)
    if IS_SQLITE:
        assert page.startswith("SEARCH accounts_user USING INDEX sqlite_autoindex_accounts_user_1")
    else:
        # In so small a table any index serves; what matters is that the ids are asked for.
        assert re.search(r"Index Scan using \w+ on accounts_user", page), page
        assert f"id = '{six_people[3].pk}'" in page, page


def count_and_cut(chosen: Any, rows: Any) -> None:
    """What a page and the counts beside the views ask."""
    count = chosen.of(rows).order_by()[: search.FEW + 1].count()
    # As if there were some: of none no page is asked for.
    page = chosen.ready_for_page(rows, count=count or 1)
    keyset_page(page, chosen.order)
