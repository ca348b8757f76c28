"""Searched lists: first whose name begins with the text, then the others."""

from typing import Any

import pytest

from portico.clients.filters import PersonFilter, lists
from portico.clients.models import Person
from portico.kit import search
from portico.kit.names import name_key, search_fold
from tests.clients.paging import in_order, pages_of
from tests.factories.clients import make_person
from tests.factories.workspaces import actor_of, make_agent

ARCHIVED = "2026-02-01T00:00:00Z"
SEARCHED = [
    "anna",
    "Anna  M",
    "anna m",
    "an",
    "a",
    "mull",
    "müll",
    "acme",
    "zzz",
    "anna zzz",
    "nn\U0010ffff",
]
NAMED = [
    "Anna",
    "Anna Müller",
    "Annabel Meier",
    "Anne",
    "Adam",
    "Johanna Maier",
    "Zoe Anna",
    "Änna",
]


@pytest.fixture
def named(scope: Any) -> None:
    """Twice each name, every third archived; those of Adam have Anna in their address."""
    for number, name in enumerate(NAMED * 2):
        make_person(
            f"{'anna' if name == 'Adam' else 'x'}{number}@acme.test",
            name=name,
            archived_at=ARCHIVED if number % 3 == 2 else None,
            last_active_at=f"2026-01-{number + 1:02}T00:00:00Z" if number % 2 else None,
        )


@pytest.mark.parametrize("few", [0, 3, 1000])
@pytest.mark.parametrize("text", SEARCHED)
def test_a_search_shows_first_whose_name_begins_with_it_and_then_the_others_by_name(
    named: None, text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    monkeypatch.setattr(search, "FEW", few)
    actor = actor_of(make_agent("reader@acme.test"))
    for state in ("active", "archived", "all"):
        listed = PersonFilter.read({"state": state})
        words = search_fold(text).split()
        found = [
            row
            for row in listed.of(Person.objects.all())
            if all(holds(row.search_text, word) for word in words)
        ]
        found.sort(
            key=lambda row: (not row.name_key.startswith(name_key(text)), row.name_key, row.pk)
        )
        keys = [row.pk for row in found]
        chosen = PersonFilter.read_strictly({"q": text, "state": state})
        assert pages_of(chosen, actor, limit=2) == (keys, keys), state
        assert chosen.count_up_to(1000, chosen.visible_to(actor)) == len(found)
        for sort in ("name", "-name", "-last_active_at"):
            chosen = PersonFilter.read_strictly({"q": text, "state": state, "sort": sort})
            keys = in_order(found, chosen.order)
            assert pages_of(chosen, actor, limit=2) == (keys, keys), (state, sort)


def test_as_many_as_are_known_to_begin_with_the_text_are_not_counted_again(
    named: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(lists, "FEW", 3)
    chosen = PersonFilter.read_strictly({"q": "anna"})
    found = chosen.of(Person.objects.all())
    with django_assert_num_queries(0):
        assert chosen.count_found(3, found, of_all=True) == 3
    assert chosen.count_found(100, found, of_all=True) == 10
    disabled = PersonFilter.read_strictly({"q": "anna", "status": "disabled"})
    assert disabled.count_found(3, disabled.of(Person.objects.all()), of_all=True) == 0


def holds(text: str, word: str) -> bool:
    return word in text if len(word) > 2 else f" {word}" in f" {text}"
