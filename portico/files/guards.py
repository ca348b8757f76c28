"""The open list of what still uses a stored file; apps above add to it at start-up."""

from collections.abc import Callable, Collection
from uuid import UUID

UsedFiles = Callable[[Collection[UUID]], set[UUID]]

_uses: list[UsedFiles] = []


def add_file_use(used: UsedFiles) -> None:
    """Add a source that answers which of these files it uses, in a fixed number of queries."""
    if used not in _uses:
        _uses.append(used)


def used_files(file_ids: Collection[UUID]) -> set[UUID]:
    """Those of these files that anything still points to."""
    return {key for used in _uses for key in used(file_ids)}
