"""The palette: open lists of what can be searched and done, to which each app adds at start-up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from portico.kit.actors import Actor
from portico.kit.names import search_fold
from portico.kit.routes import address_of
from portico.ui.matching import Part, matched_parts
from portico.ui.words import current_preset

LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A record that fits: its name, where it is, its mark (arch or circle), a word beside it."""

    id: str
    label: str
    url: str
    shape: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The records of one kind that fit: those in use, and those archived."""

    active: Sequence[Hit] = ()
    archived: Sequence[Hit] = ()


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """One kind of records. `find(actor, text)` makes a fixed number of queries and asks itself
    what the actor may see; it is called only for who holds `permission`.

    `archived_view` is the list in which the archived ones stand, searched by `q`.
    """

    name: str
    label: Callable[[], str]
    permission: str
    find: Callable[[Actor, str], Found]
    archived_view: str = ""
    place: int = 50


@dataclass(frozen=True, kw_only=True)
class PaletteAction:
    """Something to do, for who holds all of `permissions`.

    `label_for(text)` words the action for a text that was typed, which it then takes along as the
    parameter `text_parameter`. `opens_dialog`: the page may be shown as a dialog. `key` is shown
    beside it; the action with the key C that comes first under the preset is what C does on pages
    without a creation of their own.
    """

    name: str
    view: str
    label: Callable[[], str]
    icon: str
    permissions: tuple[str, ...] = ()
    key: str = ""
    place: int = 50
    places: Mapping[str, int] = field(default_factory=dict)
    opens_dialog: bool = False
    label_for: Callable[[str], str] | None = None
    text_parameter: str = ""


_sources: dict[str, SearchSource] = {}
_actions: dict[str, PaletteAction] = {}


def add_search_source(source: SearchSource) -> None:
    """Add a kind of records; a second one of the same name replaces the first."""
    _sources[source.name] = source


def add_palette_action(action: PaletteAction) -> None:
    """Add an action; a second one of the same name replaces the first."""
    _actions[action.name] = action


def search_sources_of(actor: Actor) -> list[SearchSource]:
    """The kinds of records this actor may search, in order."""
    seen = [source for source in _sources.values() if actor.may(source.permission)]
    return sorted(seen, key=lambda source: source.place)


def palette_actions_of(actor: Actor) -> list[PaletteAction]:
    """The actions this actor may do, in the order of the preset; who only reads does none."""
    if actor.licence == "read_only":
        return []
    preset = current_preset()
    seen = [action for action in _actions.values() if actor.may(*action.permissions)]
    return sorted(seen, key=lambda action: action.places.get(preset, action.place))


def first_creation(actor: Actor) -> dict[str, Any] | None:
    """What C does where the page itself creates nothing: the preset's first kind."""
    creations = [action for action in palette_actions_of(actor) if action.key == "C"]
    return shown_action(creations[0]) if creations else None


def shown_action(action: PaletteAction, text: str = "") -> dict[str, Any]:
    """An action as the palette shows it; with a text it is the action for that text."""
    address = address_of(action.view)
    label = action.label()
    if text and action.label_for is not None:
        address = f"{address}?{urlencode({action.text_parameter: text})}"
        label = action.label_for(text)
    return {
        "label": label,
        "url": address,
        "icon": action.icon,
        "key": action.key,
        "dialog": action.opens_dialog,
    }


def shown_hit(hit: Hit, text: str) -> dict[str, Any]:
    """A record as the palette shows it, the fitting parts of its name told apart."""
    parts: list[Part] = matched_parts(hit.label, text)
    return {"hit": hit, "parts": parts}


def fits(label: str, text: str) -> bool:
    """Whether every word that was typed stands in this label."""
    folded = search_fold(label)
    return all(word in folded for word in search_fold(text).split())
