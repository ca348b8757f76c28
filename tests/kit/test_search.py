"""Search finds exactly what a plain reading of the texts finds, and stays inside the workspace."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portico.accounts.choices import UserKind
from portico.clients.actions.people import update_person
from portico.clients.actions.tags import tag_people
from portico.clients.models import Organization, Person
from portico.kit import search
from portico.kit.actors import Actor
from portico.kit.names import search_fold
from portico.kit.phones import e164
from portico.kit.search import CreateSearchIndex, restore_triggers
from portico.kit.tenancy.scope import OutsideScope, open_scope
from portico.workspaces.context import scope_of
from tests.factories.clients import make_organization, make_person

PIECES = [
    *("anna", "Ánna", "Łukasz", "Zoë", "Strauß", "STRASSE", "o'hara", "a", "ab", "abc", "é"),
    *("田中太郎", "田中", "株式会社", "山", "Ωμέγα", "мария", "עברית", "🙂🙂🙂", "🙂"),
    *("100%", "50%_", "_under_", "%", "_", "back\\slash", "\\", '"quoted"', '"', "''", "a.b@c.de"),
    *("AND", "OR", "NOT", "NEAR(a b)", "words:", "workspace : x", "ann*", "^an", "-x", "(", ")"),
    *("+", "{a b}", "a-b", "\ue000\ue001\ue002"),
]
PIECE = st.sampled_from(PIECES) | st.text(max_size=6).filter(lambda text: "\x00" not in text)
TEXT = st.lists(PIECE, max_size=4).map(" ".join)
PROPERTY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def storable(text: str) -> str:
    return text.encode(errors="ignore").decode()


def insert(names: list[str]) -> None:
    rows = [Organization(name=storable(name)[:200] or "x") for name in names]
    for row in rows:
        row.derive_keys()
    Organization.objects.bulk_create(rows)


def reads(row: Organization, words: list[str]) -> bool:
    """What search means, said a second time and without any database."""
    text = row.search_text
    return all(
        word in text if len(word) >= 3 else text.startswith(word) or f" {word}" in text
        for word in words
    )


def assert_found_as_read(text: str) -> None:
    words = search_fold(text).split()
    expected = {row.pk for row in Organization.objects.all() if reads(row, words)}
    assert set(Organization.objects.search(text).values_list("pk", flat=True)) == expected


@pytest.fixture
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many hits count as few; 0 makes every found word a common one."""
    monkeypatch.setattr(search, "FEW", request.param)
    return request.param  # type: ignore[no-any-return]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite stops at the first thousand")
@pytest.mark.parametrize(("sampled", "is_walked"), [(20, True), (21, False)])
def test_a_sample_tells_which_words_are_everywhere(
    scope: object, monkeypatch: pytest.MonkeyPatch, *, sampled: int, is_walked: bool
) -> None:
    monkeypatch.setattr(search, "SAMPLED", sampled)
    # What other tests wrote and rolled back fills pages, and the sample reads twenty of them all.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE clients_organization CASCADE")
    insert([f"Acme {number:02}" for number in range(20)])
    for text, found in (("acme", 20), ("acme 07", 1), ("nowhere", 0)):
        rows = Organization.objects.search(text)
        assert search.is_walked(rows) is (is_walked and found > 0), text
        assert rows.count() == found


@pytest.mark.parametrize("few", [0, 2, 1000], indirect=True)
@PROPERTY
@given(names=st.lists(TEXT, max_size=12), text=TEXT)
@example(names=["100% sure", "1000 sure"], text="00%")
@example(names=["under_score", "underXscore"], text="r_s")
@example(names=['say "hello" now', "hello"], text='"hello"')
@example(names=["NEAR(a b)", "near a b"], text="near(a")
@example(names=["田中太郎", "中田"], text="田中")
def test_search_finds_what_holds_every_word(
    few: int, scope: Any, names: list[str], text: str
) -> None:
    insert(names)
    assert_found_as_read(storable(text))


@PROPERTY
@given(old=TEXT, new=TEXT, text=TEXT)
def test_a_changed_text_is_found_by_its_new_words_only(
    scope: Any, old: str, new: str, text: str
) -> None:
    insert([old])
    row = Organization.objects.order_by("-pk")[0]
    row.name = storable(new)[:200] or "x"
    row.save()
    assert_found_as_read(storable(text))
    assert_found_as_read(row.name)
    assert_found_as_read(storable(old))


def test_what_is_deleted_is_found_no_more(scope: Any) -> None:
    make_organization("Acme Windows")
    other = make_organization("Acme Doors")
    Organization.objects.filter(pk=other.pk).delete()
    make_organization("Brio")
    assert names_found("acme") == ["Acme Windows"]
    assert names_found("doors") == []


@pytest.mark.parametrize("few", [0, 1000], indirect=True)
def test_search_stays_in_its_workspace(few: int, scope: Any, other_workspace: Any) -> None:
    make_organization("Acme Windows")
    with open_scope(scope_of(other_workspace)):
        make_organization("Acme Doors")
        assert names_found("acme") == ["Acme Doors"]
    assert names_found("acme") == ["Acme Windows"]


def test_search_needs_a_workspace(db: Any) -> None:
    with pytest.raises(OutsideScope):
        Organization.objects.search("acme")


@pytest.mark.parametrize("few", [0, 1000], indirect=True)
def test_search_goes_together_with_filters(few: int, acme: Any) -> None:
    inside = make_person("lena@acme.test", name="Lena Fischer", organization=acme)
    make_person("lena@brio.test", name="Lena Vogel", organization=make_organization("Brio"))
    found = Person.objects.active().of_organization(acme.pk).search("lena")
    assert [person.pk for person in found] == [inside.pk]


def test_people_are_not_mixed_with_agents(scope: Any, owner: Any) -> None:
    person = make_person("olga@acme.test", name="Olga Person")
    assert [row.pk for row in Person.objects.search("olga")] == [person.pk]


def test_people_are_found_by_address_position_and_reference(scope: Any) -> None:
    person = make_person("lena@acme.test", position="Head of purchasing", reference="C-0815")
    for text in ("acme.test", "PURCHASING", "c-0815", "lena 0815", "chasing"):
        assert [row.pk for row in Person.objects.search(text)] == [person.pk], text


def test_text_without_a_word_finds_everything(scope: Any) -> None:
    make_organization("Acme Windows")
    assert names_found(" \x00 ") == ["Acme Windows"]


def test_a_search_asks_one_question_more_however_many_hits(
    scope: Any, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        make_organization(f"Acme {number}")
    for text in ("acme", "acme 1", "ac"):
        with django_assert_num_queries(2):
            list(Organization.objects.search(text))


def test_rows_written_in_bulk_are_found(scope: Any) -> None:
    rows = [
        Person(kind=UserKind.PERSON, name=f"Person {number:04}", email=f"p{number}@x.test")
        for number in range(1200)
    ]
    for row in rows:
        row.derive_keys()
    Person.objects.bulk_create(rows, batch_size=500)
    assert Person.objects.search("person 0815").count() == 1
    assert Person.objects.search("person").count() == 1200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no triggers to lose")
def test_a_rebuilt_table_gets_its_triggers_back(scope: Any) -> None:
    lost = make_organization("Acme Windows")
    with connection.cursor() as cursor:
        for event in ("insert", "update", "delete"):
            cursor.execute(f"DROP TRIGGER clients_organization_search_{event}")
    Organization.objects.filter(pk=lost.pk).update(search_text="changed meanwhile")
    make_organization("Brio Meanwhile")
    restore_triggers(connection)
    assert names_found("meanwhile") == ["Acme Windows", "Brio Meanwhile"]
    make_organization("Meanwhile Later")
    assert len(names_found("meanwhile")) == 3


def test_the_token_of_a_workspace_is_the_same_in_python_and_in_the_database(scope: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has tokens")
    with connection.cursor() as cursor:
        for number in (0, 1, 0x019A_BCDE_F012_7345_8678_9ABC_DEF0_1234, 2**128 - 1):
            expression = search._token_expression("given.id")
            statement = f"SELECT {expression} FROM (SELECT %s AS id) AS given"  # noqa: S608 - ours
            cursor.execute(statement, [UUID(int=number).hex])
            assert cursor.fetchone()[0] == search._token(UUID(int=number))


def test_the_index_can_be_taken_away_and_made_again(scope: Any) -> None:
    make_organization("Acme Windows")
    step = CreateSearchIndex("organization")
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in (
            *step._backwards("clients_organization", connection.vendor),
            *step._forwards("clients_organization", connection.vendor),
        ):
            cursor.execute(statement)
    assert names_found("windows") == ["Acme Windows"]


def names_found(text: str) -> list[str]:
    return list(Organization.objects.search(text).order_by("name").values_list("name", flat=True))


@pytest.mark.parametrize("few", [0, 1000], indirect=True)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("030 123456", ["Anna", "Ben", "Cora"]),
        ("030/12 34-56", ["Anna", "Ben", "Cora"]),
        ("+49 30 123456", ["Ben", "Cora"]),
        ("0049 30 123456", ["Ben", "Cora"]),
        ("3456", ["Anna", "Ben", "Cora", "Dora"]),
        ("34-56", ["Anna", "Ben", "Cora", "Dora"]),
        ("+49", ["Ben", "Cora"]),
        ("12-3456", ["Anna", "Ben", "Cora", "Dora"]),
        ("99 99", []),
        ("30", []),
        ("anna 123456", ["Anna"]),
    ],
)
def test_a_person_is_found_by_telephone_however_it_is_written(
    few: int, scope: Any, text: str, found: list[str]
) -> None:
    phones = {"Anna": "(030) 123 456", "Ben": "+49 30 123456", "Cora": "+49 (0)30/12 34 56"}
    for name, phone in phones.items():
        make_person(f"{name}@acme.test", name=name, phone=phone, phone_e164=e164(phone, ""))
    make_person("dora@acme.test", name="Dora", reference="12-3456")
    make_person("eve@acme.test", name="Eve", phone="ask the porter")
    shown = Person.objects.search(text).order_by("name").values_list("name", flat=True)
    assert list(shown) == found


def test_a_new_number_is_found_and_the_old_one_no_more(scope: Any, owner_actor: Actor) -> None:
    row = make_person("anna@acme.test", name="Anna", phone="030 123456")
    update_person(owner_actor, row.pk, {"phone": "+1 (212) 555-0100"})
    assert [Person.objects.search(text).count() for text in ("123456", "212 555 0100")] == [0, 1]
    update_person(owner_actor, row.pk, {"phone": ""})
    assert Person.objects.search("5550100").count() == 0


def test_who_was_there_already_is_found_by_telephone_after_the_migration(
    scope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration = import_module("portico.accounts.migrations.0008_search_by_phone")
    monkeypatch.setattr(migration, "BATCH", 2)
    rows = [make_person(f"p{n}@acme.test", name=f"P {n}", phone=f"030 777{n}") for n in range(5)]
    texts = [row.search_text for row in rows]
    Person.objects.update(search_text="as an earlier Portico left it")
    for _again in range(2):
        migration.write_digits(apps, SimpleNamespace(connection=connection))
    assert list(Person.objects.order_by("pk").values_list("search_text", flat=True)) == texts
    assert Person.objects.search("030-7773").get() == rows[3]


def test_a_tag_leaves_the_number_and_asks_nobody_for_theirs(scope: Any, owner_actor: Actor) -> None:
    counts = []
    for number in (1, 3):
        rows = [
            make_person(f"p{number}{n}@acme.test", name="Anna", phone=f"030 {number}7777{n}")
            for n in range(number)
        ]
        with CaptureQueriesContext(connection) as captured:
            people = Person.objects.filter(pk__in=[row.pk for row in rows])
            tag_people(owner_actor, people, names=[f"Tag {number}"])
        counts.append(len(captured))
        assert Person.objects.search(f"{number}7777").count() == number
    assert counts[0] == counts[1]
