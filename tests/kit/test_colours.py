"""Whatever colour is chosen, what is made of it can be read."""

import itertools

import pytest

from portico.kit.colours import WHITE, accent_of, contrast, hex_of

COLOURS = [
    f"#{red:02x}{green:02x}{blue:02x}"
    for red, green, blue in itertools.product(range(0, 256, 51), repeat=3)
]


@pytest.mark.parametrize("colour", COLOURS)
def test_white_text_and_links_reach_their_contrast_in_both_themes(colour: str) -> None:
    accent = accent_of(colour)
    for shades in (accent.light, accent.dark):
        assert contrast(WHITE, shades.fill) >= 4.6
        assert contrast(WHITE, shades.hover) >= 4.6
    assert contrast(accent.light.ink, accent.light.tint) >= 5.2
    assert contrast(accent.dark.ink, accent.dark.tint) >= 6


def test_a_readable_colour_is_kept_and_a_light_one_darkened() -> None:
    kept, darkened = accent_of("#0d5f68"), accent_of("#f28c28")
    assert (kept.light.fill, kept.is_darkened) == ("#0d5f68", False)
    assert (darkened.light.fill, darkened.is_darkened) == ("#b16000", True)
    assert round(darkened.chosen_contrast, 1) == 2.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", WHITE) == 21
    assert contrast(WHITE, WHITE) == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("#F28C28", "#f28c28"), ("f28c28", "#f28c28"), ("#abc", "#aabbcc"), ("abc", "#aabbcc")],
)
def test_a_colour_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert hex_of(typed) == meant


@pytest.mark.parametrize("typed", ["", "red", "#12", "#12345", "#gggggg", "#0d5f68;}"])
def test_anything_else_is_no_colour(typed: str) -> None:
    assert hex_of(typed) is None
