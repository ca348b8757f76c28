"""What other apps do right after an organization was created, by a field of the same form."""

from collections.abc import Callable
from dataclasses import dataclass

from portico.clients.models import Organization
from portico.kit.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What followed a creation: a sentence about it, and links to go on by, as words and address.

    The new record is in use from then on, so that its creation is offered no Undo.
    """

    text: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class FollowingField:
    """A field of the form of a new organization, such as the address of its first user.

    `is_for(actor)` says who gets it in the present workspace. `action(actor, organization, text)`
    runs in the transaction of the creation when something was typed, and returns what it did; a
    Refused it raises undoes the creation and stands at the field.
    """

    name: str
    label: Callable[[], str]
    hint: Callable[[], str]
    is_for: Callable[[Actor], bool]
    action: Callable[[Actor, Organization, str], Followed]


_following: dict[str, FollowingField] = {}


def add_following_field(field: FollowingField) -> None:
    """Add a field to the form of a new organization; one of the same name replaces it."""
    _following[field.name] = field


def following_fields_for(actor: Actor) -> list[FollowingField]:
    """The fields that this actor gets."""
    return [field for field in _following.values() if field.is_for(actor)]
