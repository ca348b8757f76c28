"""The open list of what can be taken back: apps above add to it at start-up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portico.history.models import Event
from portico.kit.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A record that stays as it is when an act is undone, and why."""

    name: str
    reason: str


Reversal = Callable[[Actor, Sequence[Event]], Sequence[Kept]]

_reversals: dict[str, Reversal] = {}


def add_reversal(*kinds: str, reverse: Reversal) -> None:
    """Say how events of these kinds are taken back.

    `reverse(actor, events)` gets the events of these kinds of one act, newest first, inside a
    transaction. It calls the actions that a person would call, so that they check permission,
    leave events and keep counters; a record that has changed since is left alone and returned.
    """
    for kind in kinds:
        _reversals[kind] = reverse


def is_reversible(kind: str) -> bool:
    """Whether an act of this kind can be undone at all."""
    return kind in _reversals


def reverse_events(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Take back what the events of one act tell, newest kind first.

    Kinds with the same reversal go to it together; kinds that nobody takes back are skipped.
    """
    grouped: dict[Reversal, list[Event]] = {}
    for event in events:
        reverse = _reversals.get(event.kind)
        if reverse is not None:
            grouped.setdefault(reverse, []).append(event)
    return [kept for reverse, told in grouped.items() for kept in reverse(actor, told)]
