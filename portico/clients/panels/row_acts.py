"""Buttons at the rows of people that other apps add while the list is narrowed to something."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portico.clients.models import Person
from portico.kit.actors import Actor


@dataclass(frozen=True, kw_only=True)
class RowAct:
    """One button of a row: its word, what it is called read alone, the address it posts to."""

    label: str
    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class RowActs:
    """The buttons of one app, shown while the list is narrowed by the field `narrowed_by`.

    `acts(actor, people)` is asked once per page, in a fixed number of queries. What a button
    posts to gets a form token and `back`, the list's own address, to return to.
    """

    narrowed_by: str
    acts: Callable[[Actor, Sequence[Person]], Mapping[UUID, Sequence[RowAct]]]


_row_acts: dict[str, RowActs] = {}


def add_row_acts(acts: RowActs) -> None:
    """Add buttons to rows of people; a second one for the same field replaces it."""
    _row_acts[acts.narrowed_by] = acts


def row_acts_of(
    actor: Actor, people: Sequence[Person], *, narrowed_by: Collection[str]
) -> dict[UUID, list[RowAct]]:
    """The buttons of these rows in a list that is narrowed by these fields."""
    found: dict[UUID, list[RowAct]] = {}
    for source in _row_acts.values():
        if source.narrowed_by not in narrowed_by or not people:
            continue
        for key, acts in source.acts(actor, people).items():
            found.setdefault(key, []).extend(acts)
    return found
