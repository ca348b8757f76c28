"""The main menus: an open list to which each app adds its entries at start-up."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest

from portico.kit.actors import Actor
from portico.kit.policies import Audience
from portico.kit.routes import address_of
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import current_preset


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """One entry: its words, where it leads, for whom, and where it stands.

    `places` overrides `place` under a preset; `is_foot` puts it at the foot of the side bar;
    `module` is the part of the product it leads to, shown only where that is switched on;
    `go` is the letter that leads there after G.
    """

    view: str
    label: Callable[[], str]
    icon: str
    audience: Audience
    permission: str = ""
    place: int = 50
    places: Mapping[str, int] = field(default_factory=dict)
    is_foot: bool = False
    prefix: str = ""
    go: str = ""
    module: str = ""


_entries: dict[str, MenuEntry] = {}


def add_menu_entry(entry: MenuEntry) -> None:
    """Add an entry; a second one for the same view replaces the first."""
    _entries[entry.view] = entry


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuItem:
    """An entry as it is shown: a value, for the menus are written once for each."""

    label: str
    url: str
    icon: str
    current: bool = False
    go: str = ""


def menu_of(request: HttpRequest, actor: Actor, *, is_foot: bool = False) -> tuple[MenuItem, ...]:
    """The entries this actor sees, in the order of the preset, the current one marked."""
    preset = current_preset()
    seen = [
        entry for entry in _entries.values() if entry.is_foot == is_foot and _is_for(entry, actor)
    ]
    seen.sort(key=lambda entry: entry.places.get(preset, entry.place))
    shown = [(entry, address_of(entry.view)) for entry in seen]
    nearest = _nearest(request.path, shown)
    return tuple(
        MenuItem(
            label=entry.label(),
            url=address,
            icon=entry.icon,
            current=place == nearest,
            go=entry.go,
        )
        for place, (entry, address) in enumerate(shown)
    )


def _nearest(path: str, shown: Sequence[tuple[MenuEntry, str]]) -> int:
    """The place of the entry that a page lies in, -1 for none; of two the nearer one.

    Home of the portal holds what else the portal has.
    """
    nearest, length = -1, 0
    for place, (entry, address) in enumerate(shown):
        inside = entry.prefix or address
        is_within = inside != "/" and path.startswith(inside)
        if (is_within or path == address) and len(inside) > length:
            nearest, length = place, len(inside)
    return nearest


def agent_entries(preset: str, modules: Collection[str]) -> list[MenuEntry]:
    """The main entries that an agent with every permission sees under this preset, in order.

    `modules` are the parts of the product that are switched on.
    """
    seen = [
        entry
        for entry in _entries.values()
        if not entry.is_foot
        and entry.audience is not Audience.PERSON
        and (not entry.module or entry.module in modules)
    ]
    return sorted(seen, key=lambda entry: entry.places.get(preset, entry.place))


def _is_for(entry: MenuEntry, actor: Actor) -> bool:
    if entry.audience is Audience.AGENT and not actor.is_agent:
        return False
    if entry.audience is Audience.PERSON and not actor.is_person:
        return False
    if entry.module and not current_scope().has_module(entry.module):
        return False
    return not entry.permission or actor.may(entry.permission)
