"""Rows that are made alike are those that Django would have made one by one."""

from typing import Any

import pytest

from portico.accounts.choices import UserKind
from portico.clients.models import Person
from portico.kit.making import make_rows

pytestmark = pytest.mark.django_db
OWN = {"_state", "id"}


def values_of(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name not in OWN}


def test_rows_have_what_they_share_and_their_own_and_the_defaults() -> None:
    same = {"kind": UserKind.PERSON, "language": "de"}
    each: list[dict[str, Any]] = [{"name": "Anna"}, {"name": "Bert", "language": "fr"}]
    made = make_rows(Person, same, each=each)
    assert [values_of(row) for row in made] == [
        values_of(Person(**{**same, **own})) for own in each
    ]
    assert all(row._state.adding and row._state.db is None for row in made)
    assert len({row.pk for row in made}) == 2


def test_what_may_change_in_one_row_is_not_the_other_ones() -> None:
    first, second = make_rows(Person, {}, each=[{}, {}])
    first.property_values["size"] = "L"
    first._state.adding = False
    assert second.property_values == {}
    assert second._state.adding
    assert first._state.fields_cache is not second._state.fields_cache


def test_no_values_make_no_rows() -> None:
    assert make_rows(Person, {"name": "Anna"}, each=[]) == []
