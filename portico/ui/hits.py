"""Marking what a search found in the texts that show it."""

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from portico.kit.names import search_fold
from portico.kit.search import INDEXED_LENGTH

Marker = Callable[[str], str]


def hits(searched: str) -> Marker:
    """How to write a text so that the hits of this search are marked in it.

    Folds as the search does: "lukasz" marks "Łukasz"; words of one or two letters only where a
    word begins. Without a search the text comes back as it is.
    """
    words = search_fold(searched).split() if searched else []
    return (lambda text: _marked(text, words)) if words else (lambda text: text)


def _marked(text: str, words: list[str]) -> str:
    folded, origins = _folded(text)
    found: set[int] = set()
    for word in words:
        start = folded.find(word)
        while start >= 0:
            if len(word) >= INDEXED_LENGTH or start == 0 or folded[start - 1] == " ":
                found.update(range(origins[start], origins[start + len(word) - 1] + 1))
            start = folded.find(word, start + 1)
    return _written(text, found) if found else text


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is searched, and from which character each of its letters comes.

    In most texts letters stay one by one where they are; the others are folded letter by letter.
    """
    if text.isascii() and len(folded := search_fold(text)) == len(text):
        return folded, range(len(text))
    letters: list[str] = []
    origins: list[int] = []
    for place, letter in enumerate(text):
        part = " " if letter.isspace() else search_fold(letter)
        letters.append(part)
        origins += [place] * len(part)
    return "".join(letters), origins


def _written(text: str, found: set[int]) -> Markup:
    parts: list[str] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and (place in found) == (start in found):
            continue
        part = escape(text[start:place])
        parts.append(f"<mark>{part}</mark>" if start in found else part)
        start = place
    return Markup("".join(parts))  # noqa: S704 - put together of escaped parts
