"""Which names may be one human's: by slips relative to length, word by word."""

import pytest

from portico.kit.similarity import are_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lena Fischer", "Lena Fischer"),
        ("Lena Fisher", "Lena Fischer"),
        ("Fischer, Lena", "Lena Fischer"),
        ("L. Fischer", "Lena Fischer"),
        ("Lena Marie Fischer", "Lena Fischer"),
        ("Lena Fischer-Krause", "Lena Fischer"),
        ("Anna Lang", "Ana Lang"),
        ("Ann Lang", "Anna Lang"),
        ("\u0141ukasz Nowak", "Lukasz Nowak"),
        ("Prince", "prince"),
    ],
)
def test_names_that_differ_by_slips_order_and_shortening_are_alike(one: str, other: str) -> None:
    assert (are_alike(one, other), are_alike(other, one)) == (True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leo Fischer", "Lena Fischer"),
        ("Liam Fischer", "Lena Fischer"),
        ("Lena Okafor", "Lena Fischer"),
        ("Jan Berg", "Jon Berg"),
        ("Lena", "Lena Fischer"),
        ("Leo", "Lena"),
        ("T. Fischer", "Lena Fischer"),
        ("Anna Anna", "Anna Fischer"),
        ("", "Lena"),
        ("", ""),
    ],
)
def test_other_given_names_and_other_families_are_not_alike(one: str, other: str) -> None:
    assert (are_alike(one, other), are_alike(other, one)) == (False, False)
