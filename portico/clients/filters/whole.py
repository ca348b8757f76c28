"""The two lists as they are opened most: nothing narrows them, and their SQL is kept."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from portico.clients.choices import PropertySubject
from portico.clients.filters.lists import ACTIVE, ListFilter, OrganizationFilter, PersonFilter
from portico.clients.models import Organization, Person
from portico.clients.querysets import sees_all
from portico.kit.actors import Actor
from portico.kit.pagination import KeptPages

_LISTED: Mapping[PropertySubject, tuple[Any, type[ListFilter]]] = {
    PropertySubject.ORGANIZATION: (Organization, OrganizationFilter),
    PropertySubject.PERSON: (Person, PersonFilter),
}


class WholeList(KeptPages[Any]):
    """All rows of one state: how many they are, and their pages."""

    def pages(self, count: int) -> Any:
        """Its pages, however many rows there are."""
        del count
        return self


def whole_list(actor: Actor, chosen: ListFilter, fields: Sequence[str] = ()) -> WholeList | None:
    """The whole list in the chosen state, read with these model fields (all without any).

    None where something narrows it, be it a filter or what the actor sees.
    """
    if chosen.is_narrowed or not sees_all(actor):
        return None
    return _kept(chosen.subject, chosen.state, fields=tuple(fields))


@functools.lru_cache(maxsize=64)
def _kept(subject: PropertySubject, state: str, *, fields: tuple[str, ...]) -> WholeList:
    """One for each state and choice of columns; the order is told with each page.

    Who was merged away is archived as well: the active ones are counted without a look at them.
    """
    model, kind = _LISTED[subject]
    chosen = kind(state=state)
    return WholeList(
        lambda: chosen.of(model.objects.unmerged()).only(*fields),
        counted=lambda: chosen.read_of(
            model.objects.all() if state == ACTIVE else model.objects.unmerged()
        ),
    )
