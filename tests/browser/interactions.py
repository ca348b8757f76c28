"""Hands that count what they do, as ui.md 2 counts it; by mouse, or by keyboard alone.

One interaction is one click, one field filled or pasted into, one key chord or sequence of keys.
A walk by Tab to a control and its press are one sequence, as pointing and clicking are one click.
Not counted is being there: on the list, and with the keys at the row (J) that is meant.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from portico.clients.models import Organization

BY_MOUSE, BY_KEYS = "mouse", "keys"
BOTH_WAYS = pytest.mark.parametrize("way", (BY_MOUSE, BY_KEYS))
OpenPage = Callable[..., Page]
MOST_STOPS = 200
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const field = document.activeElement;
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
# A page that is pointed at says so on its console, for which `open_page` fails the test.
NO_MOUSE = """document.addEventListener("pointerdown", (event) => {
  if (event.isTrusted) console.error("pointed at, though only keys are allowed");
}, true)"""
BEHIND = """(control) => {
  const now = document.activeElement;
  return Boolean(now.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_PRECEDING);
}"""
HAS_FOCUS = "(control) => control === document.activeElement"
IS_IN_ROW = "(link) => link.closest('tr').classList.contains('p-row-current')"
FIELD = "input:focus, textarea:focus"


class Interactions:
    """What somebody does on a page, counted."""

    def __init__(self, page: Page, way: str) -> None:
        self.page = page
        self.way = way
        self.count = 0
        if way == BY_KEYS:
            page.add_init_script(NO_MOUSE)
            page.evaluate(NO_MOUSE)

    def press(self, *keys: str) -> None:
        """One chord, or one sequence of keys."""
        self.count += 1
        for key in keys:
            self.page.keyboard.press(key)

    def use(self, control: Locator, *, key: str = "") -> None:
        """Click it; by keys: its own key, else Tab to it and Enter."""
        expect(control).to_be_visible()
        self.count += 1
        if self.way == BY_MOUSE:
            control.click()
        elif key:
            self.page.keyboard.press(key)
        else:
            self._reach(control)
            self.page.keyboard.press("Enter")

    def open_view(self, name: str) -> None:
        """Choose a saved view above the list, and see it open."""
        tab = self.page.get_by_role("navigation", name="Views").get_by_role("link", name=name)
        self.use(tab)
        expect(tab).to_have_attribute("aria-current", "page")

    def tick(self, box: Locator, *, key: str) -> None:
        """Tick a box; by keys: the key that does it at the row."""
        self.count += 1
        if self.way == BY_MOUSE:
            box.check()
        else:
            self.page.keyboard.press(key)
        expect(box).to_be_checked()

    def type(self, text: str) -> None:
        """Fill the field that has the focus already."""
        self.count += 1
        expect(self.page.locator(FIELD)).to_have_count(1)
        self.page.keyboard.type(text)

    def fill(self, field: Locator, text: str) -> None:
        """Fill another field."""
        self.count += 1
        expect(field).to_be_visible()
        if self.way == BY_MOUSE:
            field.click()
        else:
            self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def paste(self, text: str) -> None:
        """Paste into the field that has the focus."""
        self.count += 1
        expect(self.page.locator(FIELD)).to_have_count(1)
        self.page.evaluate(PASTE, text)

    def choose(self, field: Locator, label: str) -> None:
        """Choose an option of a list."""
        self.count += 1
        if self.way == BY_MOUSE:
            field.select_option(label=label)
        else:
            self._reach(field)
            self.page.keyboard.type(label)

    def go_to_row(self, name: str) -> None:
        """Be at the row: with the keys, by J. Not counted; a mouse has nothing to do."""
        if self.way == BY_MOUSE:
            return
        link = self.page.locator("tr[data-row]").get_by_role("link", name=name, exact=True)
        for _press in range(MOST_STOPS):
            if link.evaluate(IS_IN_ROW):
                return
            self.page.keyboard.press("j")
        raise AssertionError(f"J does not come to {name}")

    def _reach(self, control: Locator) -> None:
        step = "Shift+Tab" if control.evaluate(BEHIND) else "Tab"
        for _press in range(MOST_STOPS):
            if control.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press(step)
        raise AssertionError(f"Tab does not come to {control}")


@contextmanager
def budget(page: Page, way: str, most: int) -> Iterator[Interactions]:
    """Hands for one task, which fail when they did more than `most`; its time is only noted."""
    hands = Interactions(page, way)
    began = time.monotonic()
    yield hands
    seconds = time.monotonic() - began
    note = "%s of %s interactions by %s, %.1f s"
    logging.getLogger("flows").info(note, hands.count, most, way, seconds)
    assert hands.count <= most


def tick_invitation(page: Page, organization: Organization) -> None:
    """Invite somebody first: the tick box keeps its last value, so it is ticked once for good."""
    page.goto(f"/people/new/?organization={organization.pk}")
    page.get_by_label("Name", exact=True).fill("Somebody First")
    page.get_by_label("E-mail", exact=True).fill("first@elsewhere.test")
    page.get_by_label("Send Invitation").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Somebody First")).to_be_visible()
    page.goto("/people/")
