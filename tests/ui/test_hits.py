"""Marking hits: folded as the search folds, escaped as any text."""

import pytest

from portico.ui.hits import hits


@pytest.mark.parametrize(
    ("searched", "text", "written"),
    (
        ("lukasz", "Łukasz Nowak", "<mark>Łukasz</mark> Nowak"),
        ("ŁUK now", "Łukasz Nowak", "<mark>Łuk</mark>asz <mark>Now</mark>ak"),
        ("strasse", "Straße 5", "<mark>Straße</mark> 5"),
        ("no", "Anno Nowak", "Anno <mark>No</mark>wak"),
        ("ale", "<b>Sales & Co", "&lt;b&gt;S<mark>ale</mark>s &amp; Co"),
        ("xyz", "<b>", "<b>"),
        ("", "<b>", "<b>"),
    ),
)
def test_what_was_searched_is_marked(searched: str, text: str, written: str) -> None:
    assert str(hits(searched)(text)) == written
