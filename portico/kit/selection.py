"""A selection: ids, or "all that match this filter". Bulk acts take nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Selection:
    """Which rows a bulk act means.

    `ids` are the ticked rows. With `is_all` the act means every row that matches `filters` (the
    list's own query parameters), and the server keeps the filter instead of the ids.
    """

    ids: Sequence[UUID] = ()
    is_all: bool = False
    filters: Mapping[str, Any] = field(default_factory=dict)
