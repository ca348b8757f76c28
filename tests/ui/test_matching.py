"""The underlined part of a hit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.ui.matching import matched_parts


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    (
        ("Lena Fischer", "fis", [("Lena ", False), ("Fis", True), ("cher", False)]),
        ("Łódzka Spółdzielnia", "lodz", [("Łódz", True), ("ka Spółdzielnia", False)]),
        ("Straße", "strass", [("Straß", True), ("e", False)]),
        ("Anna Nanna", "na", [("Anna ", False), ("Na", True), ("nna", False)]),
        ("Acme", "zzz", [("Acme", False)]),
        ("Acme", "", [("Acme", False)]),
        (
            "Acme Windows",
            "win acme",
            [("Acme", True), (" ", False), ("Win", True), ("dows", False)],
        ),
    ),
)
def test_words_are_met_as_the_search_meets_them(
    label: str, text: str, expected: list[tuple[str, bool]]
) -> None:
    assert matched_parts(label, text) == expected


@given(label=st.text(max_size=40), text=st.text(max_size=10))
def test_the_parts_joined_are_the_label(label: str, text: str) -> None:
    assert "".join(part for part, _hit in matched_parts(label, text)) == label
