"""`{% kept key, ... %} ... {% endkept %}`: a part of a page that is written once for each key.

The shell of every page, its menus and its help, cost more than many a page inside it, and read the
same at every request. What a kept part reads has to stand in its key; one that reads anything else
does not compile, so nobody is shown what was written for somebody else. The functions and macros it
calls print nothing but what they are given and what every key holds: the workspace, its preset and
the language.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation.trans_real import catalog
from jinja2 import nodes
from jinja2.exceptions import TemplateAssertionError
from jinja2.ext import Extension
from jinja2.parser import Parser

from portico.kit.tenancy.scope import scope_or_none

# Of a process, some KiB each; beyond them all are written anew.
PARTS_KEPT = 512


class KeptParts(Extension):
    """The tag `kept`."""

    tags = {"kept"}

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self._parts: dict[tuple[Any, ...], str] = {}

    def parse(self, parser: Parser) -> nodes.Node:
        """Turn the tag into a call of `_kept` with the part as its body."""
        line = next(parser.stream).lineno
        key = [parser.parse_expression()]
        while parser.stream.skip_if("comma"):
            key.append(parser.parse_expression())
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        for read in _reads(body, known=[*key, *_own_names(body)]):
            text = f"A kept part reads {read!r}, which is not in its key."
            raise TemplateAssertionError(text, line, parser.name, parser.filename)
        place = nodes.Const(f"{parser.name}:{line}")
        call = self.call_method("_kept", [place, nodes.Tuple(key, "load")])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _kept(self, place: str, key: tuple[Any, ...], *, caller: Callable[[], str]) -> str:
        scope = scope_or_none()
        about = (scope.id, scope.preset) if scope is not None else ()
        whole = place, key, about, catalog()
        part = self._parts.get(whole)
        if part is None:
            if len(self._parts) >= PARTS_KEPT:
                self._parts.clear()
            part = self._parts[whole] = caller()
        return part


def _reads(found: Sequence[nodes.Node], *, known: Sequence[nodes.Node]) -> Iterator[str]:
    """The names that these nodes read beside those known; what is called is code, no value."""
    for node in found:
        if node in known:
            continue
        if isinstance(node, nodes.Name):
            if node.ctx == "load":
                yield node.name
            continue
        children = list(node.iter_child_nodes())
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            children.remove(node.node)
        yield from _reads(children, known=known)


def _own_names(body: Sequence[nodes.Node]) -> Iterator[nodes.Node]:
    """The names that the part gives a value itself."""
    for node in body:
        for name in [node, *node.find_all(nodes.Name)]:
            if isinstance(name, nodes.Name) and name.ctx != "load":
                yield nodes.Name(name.name, "load")
