"""Lists that one thing narrows, as they are opened again: their SQL is kept with its values.

Somebody who lives in a view opens it all day. To put its question together and to write its SQL
costs more than to ask it, so the questions asked last are kept: whatever their SQL depends on is
part of the key (`_key`), ids and days included. Only filters that come with the program take part;
what a custom property means, its workspace can change at any time.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portico.clients.filters.fields import fixed_fields
from portico.clients.filters.lists import ACTIVE, ListFilter
from portico.clients.filters.whole import WholeList, whole_list
from portico.clients.querysets import sees_all
from portico.kit.actors import Actor
from portico.kit.counts import CappedCounts
from portico.kit.dates import today_in
from portico.kit.narrowing import looked_up, walking
from portico.kit.pagination import KeptPages
from portico.kit.prepared import Prepared
from portico.kit.search import FEW
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.presets import uses_membership_ends

# In each process; the SQL of one page takes 35 KiB, with what Django knows of it.
QUESTIONS_KEPT = 48
CHOICES_OF_COLUMNS_KEPT = 4


class Question:
    """What narrows a list, asked of one workspace: how many rows fit, and the pages of them."""

    def __init__(self, chosen: ListFilter) -> None:
        self.chosen = chosen
        self.counts = CappedCounts(self._count)
        self.pages = functools.lru_cache(maxsize=2 * CHOICES_OF_COLUMNS_KEPT)(self._pages)
        self._ways_up_to = functools.lru_cache(maxsize=2)(self._prepare_ways)

    def _count(self, up_to: int) -> int:
        count = 0
        for way in self._ways_up_to(up_to):
            count += way.count() if count < up_to else 0
        return min(count, up_to)

    def _prepare_ways(self, up_to: int) -> list[Prepared[Any]]:
        """One for each way that leads to such rows."""

        def prepared(way: int) -> Prepared[Any]:
            return Prepared(
                lambda: self.chosen.counted_parts(self._all())[way][:up_to], holds_values=True
            )

        return [prepared(way) for way in range(len(self.chosen.counted_parts(self._all())))]

    def _pages(self, fields: tuple[str, ...], *, are_few: bool) -> KeptPages[Any]:
        def build() -> Any:
            if are_few:
                return looked_up(self.chosen.read_of(self._all())).only(*fields)
            return self.chosen.of(walking(self._all())).only(*fields)

        return KeptPages(build, holds_values=True)

    def _all(self) -> Any:
        """Every row of the chosen state; see ListFilter.visible_to."""
        records: Any = self.chosen.model._default_manager
        return records.all() if self.chosen.state == ACTIVE else records.unmerged()


@dataclass(frozen=True)
class NarrowedList:
    """A question, and the model's fields that its rows are read with."""

    question: Question
    fields: tuple[str, ...]

    def count(self, up_to: int, *, anew: bool = False) -> int:
        """How many rows there are, up to a limit; see CappedCounts."""
        return self.question.counts.count(up_to, anew=anew)

    def pages(self, count: int) -> Any:
        """The rows, of which there are so many, in the way that finds a page of them soonest."""
        if not count:
            return self.question.chosen.model._default_manager.none()
        return self.question.pages(self.fields, are_few=count <= FEW)


def narrowed_list(
    actor: Actor, chosen: ListFilter, fields: Sequence[str] = ()
) -> NarrowedList | None:
    """The list that a status or one indexed filter narrows, read with these model fields.

    None where anything else does: a text, a second condition, or what the actor sees.
    """
    is_simple = chosen.is_narrowed and not chosen.text and len(chosen.conditions) < 2
    if not is_simple or not sees_all(actor):
        return None
    own = fixed_fields(chosen.subject)
    for condition in chosen.conditions:
        if not condition.field.is_indexed or own.get(condition.field.name) is not condition.field:
            return None
    return NarrowedList(_kept(_Key(_key(chosen), chosen)), tuple(fields))


def kept_list(
    actor: Actor, chosen: ListFilter, fields: Sequence[str] = ()
) -> WholeList | NarrowedList | None:
    """The list whose SQL is kept, whole or narrowed by one thing; None for any other."""
    return whole_list(actor, chosen, fields) or narrowed_list(actor, chosen, fields)


def asked_pages(actor: Actor, chosen: ListFilter, fields: Sequence[str] = ()) -> Any:
    """The rows that the actor sees and the filter leaves, in the way that finds a page soonest."""
    kept = kept_list(actor, chosen, fields)
    if kept is None:
        return chosen.ready_for_page(chosen.visible_to(actor)).only(*fields)
    return kept.pages(kept.count(FEW + 1) if chosen.is_narrowed else 0)


@dataclass(frozen=True)
class _Key:
    """All that the SQL of a question depends on, and the filter that writes it."""

    parts: tuple[Any, ...]
    chosen: ListFilter = field(compare=False)


def _key(chosen: ListFilter) -> tuple[Any, ...]:
    scope = current_scope()
    conditions = [(one.parameter, repr(one.meant)) for one in chosen.conditions]
    return (
        *(scope.id, scope.time_zone, uses_membership_ends(), today_in(scope.time_zone)),
        *(chosen.subject, chosen.state, chosen.status, *conditions),
    )


@functools.lru_cache(maxsize=QUESTIONS_KEPT)
def _kept(key: _Key) -> Question:
    return Question(key.chosen)
