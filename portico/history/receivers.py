"""The open list of what follows from events: apps above add to it at start-up."""

from collections.abc import Callable, Sequence
from typing import Any

from portico.history.models import Event

Receiver = Callable[[Sequence[Event]], None]

_receivers: dict[str, list[Receiver]] = {}


def follows(*kinds: str) -> Callable[[Receiver], Receiver]:
    """Register a function that the worker calls with recorded events of these kinds.

    It runs in a transaction inside the workspace's scope, may run twice for the same events, and
    then must add nothing the second time.
    """

    def register(receiver: Receiver) -> Receiver:
        for kind in kinds:
            known = _receivers.setdefault(kind, [])
            if receiver not in known:
                known.append(receiver)
        return receiver

    return register


def is_followed(kind: str) -> bool:
    """Whether anything follows from events of this kind."""
    return kind in _receivers


def call_receivers(events: Sequence[Event]) -> None:
    """Call each receiver once with those of the events that it follows."""
    calls: dict[Any, list[Event]] = {}
    for event in events:
        for receiver in _receivers.get(event.kind, ()):
            calls.setdefault(receiver, []).append(event)
    for receiver, followed in calls.items():
        receiver(followed)
