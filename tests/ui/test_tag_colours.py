"""The colours of tags: their square is seen on every ground a tag stands on (WCAG 1.4.11)."""

import re
from pathlib import Path

import pytest

from portico.clients.choices import TagColour

TOKENS = Path("portico/ui/frontend/styles/tokens.css").read_text(encoding="utf-8")
GROUNDS = ("surface", "canvas", "raised", "sunken", "hover", "accent-tint")
SEEN = 3.0
READ = 4.5


def pair(token: str) -> tuple[str, str]:
    found = re.search(rf"--{token}: light-dark\((#\w{{6}}), (#\w{{6}})\)", TOKENS)
    assert found is not None, token
    return found.group(1), found.group(2)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", TagColour.values)
def test_the_square_of_a_tag_is_seen_in_both_themes(colour: str, ground: str) -> None:
    for mark, under in zip(pair(f"tag-{colour}"), pair(ground), strict=True):
        assert contrast(mark, under) >= SEEN, (colour, ground, mark, under)


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_word_of_a_tag_is_read_in_both_themes(ground: str) -> None:
    for ink, under in zip(pair("ink-2"), pair(ground), strict=True):
        assert contrast(ink, under) >= READ
