"""How alike two names are: as PostgreSQL's pg_trgm counts it, and whether one may be the other."""

import re

from portico.kit.names import search_fold

LETTERS_PER_SLIP = 4
# Words that say what kind of company it is, and so tell no two of one name apart.
_FORMS_OF_COMPANIES = (
    "ab ag as bv co company corp corporation eg ev gbr gmbh group holding inc kg kgaa limited llc "
    "llp ltd mbh nv ohg oy plc pty sa sarl sas se sl spa srl the ug und and"
)
_FORMS = frozenset(_FORMS_OF_COMPANIES.split())
_WORD = re.compile(r"\w+")


def words_of_name(name: str) -> str:
    """What names of one and the same have in common: their words, sorted, once each.

    Without case, accents, punctuation and the forms of companies: "Lang, Anna" and "Anna Lang"
    are the same; a name of nothing but such forms has no words.
    """
    words = set(_WORD.findall(search_fold(name)))
    return " ".join(sorted(words - _FORMS))


def similarity(one: str, other: str) -> float:
    """The share of trigrams that two texts have in common, from 0 to 1; case, accents apart."""
    first, second = _trigrams(one), _trigrams(other)
    together = len(first | second)
    return len(first & second) / together if together else 0.0


def are_alike(one: str, other: str) -> bool:
    """Whether two full names may be one human's, slips of the pen apart.

    Each word of the shorter name has its own in the longer one, in any order, with one letter
    wrong, missing or too many in every four; a single letter stands for any word it begins. So
    "Lena Fisher" and "L. Fischer" are like "Lena Fischer", "Leo Fischer" and "Liam Fischer" not.
    """
    fewer, more = sorted((_words(one), _words(other)), key=len)
    if len(fewer) < 2:
        return bool(fewer) and fewer == more
    left = list(more)
    for word in sorted(fewer, key=lambda text: -len(text)):
        near = [(_distance(word, found), found) for found in left if _is_near(word, found)]
        if not near:
            return False
        left.remove(min(near)[1])
    return True


def _words(name: str) -> list[str]:
    return _WORD.findall(search_fold(name))


def _is_near(one: str, other: str) -> bool:
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return _distance(one, other) <= max(len(one), len(other)) // LETTERS_PER_SLIP


def _distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out or replaced to make one of the other."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            replaced = before[column - 1] + (letter != against)
            now.append(min(before[column] + 1, now[-1] + 1, replaced))
        before = now
    return before[-1]


def _trigrams(text: str) -> set[str]:
    words = [f"  {word} " for word in search_fold(text).split()]
    return {word[at : at + 3] for word in words for at in range(len(word) - 2)}
