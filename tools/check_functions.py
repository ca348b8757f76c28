"""Checks the length, the arguments and the names of functions, as part of tools/check_names.py."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.findings import Finding

MAX_LINES = 40
MAX_ARGUMENTS = 6
MAX_POSITIONAL = 2
# Who acts stands first and is not counted: `archive_people(actor, people)`, `show(request, id)`.
WHO_ACTS = {"actor", "request"}

VAGUE_FUNCTION = re.compile(r"_*(do|handle|process)_")
VAGUE_SCRIPT_FUNCTION = re.compile(r"\bfunction\s+((?:do|handle|process)[A-Z]\w*)")
# Hooks of Django's middleware and of the tests' mail server and page reader: names are given.
GIVEN_NAMES = {
    "handle_DATA",
    "handle_RCPT",
    "handle_data",
    "handle_endtag",
    "handle_startendtag",
    "handle_starttag",
    "process_exception",
    "process_request",
    "process_response",
    "process_template_response",
    "process_view",
}
# Decorators that leave the calling to our own code. Under any other one (a signal, a route, a
# filter of the templates) a framework calls the function and decides how.
PLAIN_DECORATORS = {
    *("abstractmethod", "atomic", "cache", "cached_property", "classmethod", "contextmanager"),
    *("lru_cache", "property", "staticmethod", "wraps"),
}
# Settled signatures: `record` as in architecture.md, the others like their models in Django
# (`render`), in gettext (`ngettext`) and in a template (`icon("plus", 16)`).
SETTLED = {
    ("portico/history/actions.py", "record"),
    ("portico/ui/jinja.py", "icon"),
    ("portico/ui/pages.py", "render"),
    ("portico/ui/pages.py", "render_block"),
    ("portico/ui/words.py", "say_n"),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def check_functions(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Functions are short, take few arguments, most of them by name, and say what they do."""
    if path.suffix == ".ts":
        yield from _check_script(path, text)
    if path.suffix != ".py" or path.parts[0] not in {"portico", "tests", "tools"}:
        return
    if "migrations" in path.parts:
        return
    for function, owner in _functions(ast.parse(text), owner=None):
        yield from _check_name(path, function)
        if path.parts[0] != "tests":
            yield from _check_size(path, function)
            yield from _check_arguments(path, function, owner=owner)


def _check_script(path: PurePosixPath, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), start=1):
        for name in VAGUE_SCRIPT_FUNCTION.findall(line):
            yield Finding(str(path), number, f"'{name}' does not say what it does")


def _functions(
    node: ast.AST, *, owner: ast.ClassDef | None
) -> Iterator[tuple[Function, ast.ClassDef | None]]:
    """Every function below `node`, with the class whose method it is."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child, owner
        inner = child if isinstance(child, ast.ClassDef) else None
        keeps_owner = not isinstance(child, Function | ast.ClassDef)
        yield from _functions(child, owner=owner if keeps_owner else inner)


def _check_name(path: PurePosixPath, function: Function) -> Iterator[Finding]:
    name = function.name
    if VAGUE_FUNCTION.match(name) and name not in GIVEN_NAMES:
        yield Finding(str(path), function.lineno, f"'{name}' does not say what it does")


def _check_size(path: PurePosixPath, function: Function) -> Iterator[Finding]:
    lines = _length(function)
    if lines > MAX_LINES:
        text = f"{function.name} has {lines} lines, at most {MAX_LINES} are allowed"
        yield Finding(str(path), function.lineno, text)


def _length(function: Function) -> int:
    """Lines from `def` to the end; the docstring is not counted."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def _check_arguments(
    path: PurePosixPath, function: Function, *, owner: ast.ClassDef | None
) -> Iterator[Finding]:
    if not _is_called_by_us(function, owner):
        return
    arguments = _positional(function, owner)
    total = len(arguments) + len(function.args.kwonlyargs)
    positional = len(arguments) - (bool(arguments) and arguments[0].arg in WHO_ACTS)
    if total > MAX_ARGUMENTS:
        text = f"{function.name} takes {total} arguments, at most {MAX_ARGUMENTS} are allowed"
        yield Finding(str(path), function.lineno, text)
    if positional > MAX_POSITIONAL and (str(path), function.name) not in SETTLED:
        text = f"{function.name} takes {positional} arguments by position; after two, by name only"
        yield Finding(str(path), function.lineno, text)


def _positional(function: Function, owner: ast.ClassDef | None) -> list[ast.arg]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    is_bound = owner is not None and "staticmethod" not in _decorators(function)
    return arguments[1:] if is_bound else arguments


def _is_called_by_us(function: Function, owner: ast.ClassDef | None) -> bool:
    """Whether the signature is ours: no hook, no special method, no override of a framework's."""
    if set(_decorators(function)) - PLAIN_DECORATORS:
        return False
    if owner is None:
        return True
    # Whether a method overrides one of a framework cannot be read from the text: a class with
    # a base gets the benefit of the doubt for its public methods, a plain class does not.
    is_hook = function.name in GIVEN_NAMES or function.name.startswith("__")
    return not is_hook and (not owner.bases or function.name.startswith("_"))


def _decorators(function: Function) -> Iterator[str]:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        yield called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
