"""How alike two names are, as PostgreSQL's pg_trgm counts it, for either database."""

from portico.kit.names import search_fold

ALIKE = 0.45


def similarity(one: str, other: str) -> float:
    """The share of trigrams that two texts have in common, from 0 to 1; case, accents apart."""
    first, second = _trigrams(one), _trigrams(other)
    together = len(first | second)
    return len(first & second) / together if together else 0.0


def _trigrams(text: str) -> set[str]:
    words = [f"  {word} " for word in search_fold(text).split()]
    return {word[at : at + 3] for word in words for at in range(len(word) - 2)}
