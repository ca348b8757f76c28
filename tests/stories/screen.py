"""An answered page as its reader sees it: links, buttons, rows, fields, errors.

Read with the standard library's parser; what the page does not offer is not found, so a story
that presses a button fails when the button is gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNREAD = {"script", "style", "svg", "template", "head"}
PRESSED = {"submit", ""}


@dataclass
class Node:
    """An element with what is inside it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)
    parent: "Node | None" = None

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(name, default)

    def has_class(self, name: str) -> bool:
        """Whether this is one of its classes."""
        return name in self.get("class").split()

    @property
    def text(self) -> str:
        """What is read out: blanks folded, decoration left out."""
        return " ".join("".join(self._texts()).split())

    @property
    def label(self) -> str:
        """The accessible name of a link or button."""
        return self.get("aria-label") or self.text

    def all(self, *tags: str) -> "Iterator[Node]":
        """Every element inside it, in order; only of these tags when some are named."""
        for child in self.children:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def above(self, tag: str) -> "Node | None":
        """The nearest element of this tag that it stands in."""
        found = self.parent
        while found is not None and found.tag != tag:
            found = found.parent
        return found

    def _texts(self) -> Iterator[str]:
        if self.tag in UNREAD or self.get("aria-hidden") == "true":
            return
        for child in self.children:
            if isinstance(child, Node):
                yield from child._texts()
                yield "" if child.tag in {"span", "a", "b", "strong", "em", "mark"} else " "
            else:
                yield child


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Node("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        node = Node(tag, attributes, parent=self.open)
        self.open.children.append(node)
        if tag not in VOID:
            self.open = node

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.open.children.append(Node(tag, attributes, parent=self.open))

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


class Screen:
    """One answered page; `path` is where the browser ended after its redirects."""

    def __init__(self, answer: Any, path: str) -> None:
        self.status: int = answer.status_code
        self.path = path
        reader = _Reader()
        reader.feed(answer.content.decode())
        assert reader.open is reader.root, f"<{reader.open.tag}> is never closed"
        self.root = reader.root

    @property
    def text(self) -> str:
        """Everything that can be read on it."""
        return self.root.text

    @property
    def heading(self) -> str:
        """The one h1."""
        [heading] = self.root.all("h1")
        return heading.text

    @property
    def toasts(self) -> list[str]:
        """What it says happened."""
        said = [node.text for node in self.root.all("p") if node.has_class("p-toast-text")]
        return [text for text in said if text]

    @property
    def errors(self) -> dict[str, str]:
        """The marked fields and what is wrong with each."""
        found = {}
        for node in self.root.all():
            key = node.get("id")
            if key.startswith("id_") and key.endswith("-error"):
                found[key.removeprefix("id_").removesuffix("-error")] = node.text
        return found

    @property
    def row_names(self) -> list[str]:
        """The names of the rows of its table, in order."""
        return [row["name"] for row in self.rows]

    @property
    def rows(self) -> list[dict[str, str]]:
        """Each row as {head of the column: text}; its name stands under "name", too."""
        heads = [node.text for node in self.root.all("th") if node.get("role") == "columnheader"]
        found = []
        for row in self.root.all("tr"):
            cells = [cell for cell in row.children if isinstance(cell, Node)]
            named = [node for node in row.all("a", "span") if node.has_class("p-name-link")]
            if not named or "data-row" not in row.attributes:
                continue
            line = {head: cell.text for head, cell in zip(heads, cells, strict=True)}
            found.append({**line, "name": named[0].text})
        return found

    @property
    def properties(self) -> dict[str, str]:
        """What stands in the column of properties."""
        pairs = [
            [child for child in node.children if isinstance(child, Node)]
            for node in self.root.all("div")
            if node.has_class("p-property")
        ]
        return {name.text: value.text for name, value in pairs}

    def offers(self, label: str) -> bool:
        """Whether a link, a button or a drop-down reads exactly so."""
        return any(node.label == label for node in self.root.all("a", "button", "summary"))

    def link(self, label: str) -> str:
        """The one address that links of this label lead to."""
        found = {node.get("href") for node in self.root.all("a") if node.label == label}
        assert len(found) == 1, f"{label}: {found}"
        return found.pop()

    def menu(self, label: str) -> list[str]:
        """The entries of the drop-down of this label."""
        [opened] = [node for node in self.root.all("summary") if node.label == label]
        box = opened.parent
        assert box is not None
        return [node.label for node in box.all("a", "button")]

    def entry(self, menu: str, label: str) -> str:
        """Where an entry of the drop-down `menu` leads to."""
        [opened] = [node for node in self.root.all("summary") if node.label == menu]
        box = opened.parent
        assert box is not None
        [found] = [node.get("href") for node in box.all("a") if node.label == label]
        return found

    def navigation(self, label: str) -> list[str]:
        """The entries of the navigation of this label."""
        [bar] = [node for node in self.root.all("nav") if node.get("aria-label") == label]
        return [node.label for node in bar.all("a") if not node.has_class("p-workspace")]

    def element(self, key: str) -> Node:
        """The element with this id."""
        [found] = [node for node in self.root.all() if node.get("id") == key]
        return found

    def button(self, label: str) -> Node:
        """The button of this label that sends a form; twins must do the same.

        A hidden one, which stands there for Enter, does not count.
        """
        found = [
            node
            for node in self.root.all("button")
            if node.label == label
            and node.get("type") in PRESSED
            and "hidden" not in node.attributes
        ]
        deeds = {node.get("formaction") or self.form_of(node).get("action") for node in found}
        assert len(deeds) == 1, f"{label}: {deeds}"
        return found[0]

    def form_of(self, button: Node) -> Node:
        """The form that a button sends."""
        form = self.element(button.get("form")) if button.get("form") else button.above("form")
        assert form is not None, f"{button.label} sends nothing"
        return form

    def fields(self, form: Node) -> dict[str, list[str]]:
        """What the browser sends of a form as it stands."""
        key = form.get("id")
        inside = list(form.all("input", "select", "textarea"))
        joined = self.root.all("input", "select", "textarea")
        inside += [node for node in joined if key and node.get("form") == key]
        sent: dict[str, list[str]] = {}
        for node in inside:
            name = node.get("name")
            if name and "disabled" not in node.attributes:
                for value in _values(node):
                    sent.setdefault(name, []).append(value)
        return sent

    def chosen(self, name: str) -> str:
        """What the drop-down of this name stands on."""
        [node] = [node for node in self.root.all("select") if node.get("name") == name]
        return _values(node)[0]

    def choices(self, name: str) -> list[str]:
        """What the drop-down of this name offers, the empty choice left out."""
        [node] = [node for node in self.root.all("select") if node.get("name") == name]
        return [option.text for option in node.all("option") if option.get("value")]


def _values(node: Node) -> list[str]:
    if node.tag == "textarea":
        whole = "".join(child for child in node.children if isinstance(child, str))
        return [whole.removeprefix("\n")]
    if node.tag == "select":
        options = list(node.all("option"))
        chosen = [option.get("value") for option in options if "selected" in option.attributes]
        first = [] if "multiple" in node.attributes else options[:1]
        return chosen or [option.get("value") for option in first]
    if node.get("type") in {"checkbox", "radio"}:
        return [node.get("value", "on")] if "checked" in node.attributes else []
    return [node.get("value")]
