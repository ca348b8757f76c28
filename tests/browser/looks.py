"""One sight of a page, and what is pressed on many of them; `pages.py` lists them all."""

from dataclasses import dataclass

SUBMIT = "main form.p-form .p-button-primary"
FACE = "header .p-menu:last-of-type > summary"
DIALOG = "dialog[open]"
TICK = "tbody tr:nth-of-type(1) .p-check-target"
TICK_TOO = "tbody tr:nth-of-type(2) .p-check-target"
BAR = "form[data-bulk-bar]:not([hidden])"
ERRORS = "main [aria-invalid=true]"


@dataclass(frozen=True, kw_only=True)
class Look:
    """One sight of a page.

    `path` has the names of the stage's records in braces. `press` are selectors to click one after
    the other; `key:x` presses a key, `empty:selector` empties a field. `see` must be visible then.
    """

    view: str
    path: str
    who: str = "owner"
    press: tuple[str, ...] = ()
    see: str = "h1"
    status: int = 200
    has_mail: bool = False

    @property
    def title(self) -> str:
        """How a failure names it."""
        return " ".join([self.who, self.path, *self.press])
