"""How alike two names are, as PostgreSQL's pg_trgm counts it, for either database."""

import re

from portico.kit.names import search_fold

ALIKE = 0.45
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


def _trigrams(text: str) -> set[str]:
    words = [f"  {word} " for word in search_fold(text).split()]
    return {word[at : at + 3] for word in words for at in range(len(word) - 2)}
