"""Counts that nobody wants to know beyond a limit."""

import time
from collections.abc import Callable
from uuid import UUID

from portico.kit.tenancy.scope import current_workspace_id

BELIEVED_SECONDS = 60


def capped_text(number: int, limit: int) -> str:
    """A number that was counted to one beyond the limit, "1,000+" at most."""
    return f"{min(number, limit):,}{'+' * (number > limit)}"


class CappedCounts:
    """Counts of one question; one that reached its limit is believed for a minute.

    Finding that out again would be the dearest statement of a page, and thousands are not gone at
    once. Where the end of the rows comes in sight, whoever shows them asks `anew`.
    """

    def __init__(self, ask: Callable[[int], int]) -> None:
        self._ask = ask
        self._believed_until: dict[tuple[UUID, int], float] = {}

    def count(self, up_to: int, *, anew: bool = False) -> int:
        """How many rows there are in the present workspace; nobody counts beyond `up_to`."""
        asked = current_workspace_id(), up_to
        if not anew and time.monotonic() < self._believed_until.get(asked, 0):
            return up_to
        count = self._ask(up_to)
        if count >= up_to:
            self._believed_until[asked] = time.monotonic() + BELIEVED_SECONDS
        else:
            self._believed_until.pop(asked, None)
        return count
