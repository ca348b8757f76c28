"""Cutting long lists into pieces that one statement takes."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
STATEMENT_LIMIT = 5000


def in_slices(items: Sequence[Item], size: int = STATEMENT_LIMIT) -> Iterator[Sequence[Item]]:
    """The items in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
