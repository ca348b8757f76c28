"""Let apps above act when people get another address, in the same transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from portico.kit.actors import Actor
from portico.kit.addresses import email_key

Follower = Callable[[Actor, Sequence[UUID]], None]

_followers: list[Follower] = []


def add_address_follower(follow: Follower) -> None:
    """`follow(actor, person_ids)` is called for people whose address is another one now."""
    if follow not in _followers:
        _followers.append(follow)


def tell_readdressed(actor: Actor, changes: Mapping[UUID, Mapping[str, Sequence[Any]]]) -> None:
    """Call the followers for those whose changed fields ({name: [old, new]}) hold another address.

    A part of the actions that change people, which check, save and record.
    """
    moved = [
        key
        for key, fields in changes.items()
        if "email" in fields and email_key(fields["email"][0]) != email_key(fields["email"][1])
    ]
    if moved:
        follow_addresses(actor, moved)


def follow_addresses(actor: Actor, person_ids: Sequence[UUID]) -> None:
    """Call the followers for people who may have another address, or got what belongs to another.

    A part of the actions that change, merge and take apart people.
    """
    for follow in _followers:
        follow(actor, person_ids)
