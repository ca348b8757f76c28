"""One's own account: an open list of blocks that apps above add."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portico.kit.actors import Actor


@dataclass(frozen=True, kw_only=True)
class AccountPanel:
    """A block of My account. `context` answers None when there is nothing to show; the template
    reads what it answers as `panel`.
    """

    template: str
    context: Callable[[Actor], Mapping[str, Any] | None]


_panels: dict[str, AccountPanel] = {}


def add_account_panel(panel: AccountPanel) -> None:
    """Add a block; a second one with the same template replaces the first."""
    _panels[panel.template] = panel


def account_panels_of(actor: Actor) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and context of each block that has something to show this actor."""
    shown = [(panel.template, panel.context(actor)) for panel in _panels.values()]
    return [(template, context) for template, context in shown if context is not None]
