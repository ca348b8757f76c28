"""Checks the names and sizes of docs/explanation/architecture.md, run by `make lint`.

Each check takes a file's path (relative to the checkout) and its text, so that the tests can plant
examples. What ruff or import-linter can say is not said again here.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from tools.check_functions import check_functions
from tools.findings import ROOT, Finding, kept_files, report

MAX_LINES = 400
SIZED = {".css", ".html", ".py", ".ts"}

# Packages of portico/ that are not apps and so have other files than the roles.
NOT_APPS = {"config", "kit", "ui", "locale", "static_root"}
ROLES = {
    *("__init__", "actions", "api", "apps", "choices", "cleaning", "exports", "filters", "forms"),
    *("guards", "limits", "links", "mails", "models", "operations", "panels", "querysets"),
    *("receivers", "reports", "reversals", "schemas", "tasks", "urls", "views"),
}
# Each of these stands in one app only.
ROLES_ONCE = {
    *("actors", "adapters", "backends", "context", "examples", "keys", "middleware"),
    *("passwords", "presets", "reading", "sample", "sessions"),
}
# Folders with files of another kind; their Python files are not roles.
APP_FOLDERS = {"management", "migrations", "templates"}

VAGUE_NAMES = {
    *("base", "common", "data", "handler", "handlers", "helper", "helpers", "info"),
    *("manager", "managers", "misc", "util", "utils"),
}

# Where Django looks for the classes of a database.
NAMED_BY_DJANGO = {PurePosixPath("portico/kit/postgresql/base.py")}

REGISTRY_HOSTS = ("registry.npmjs" + ".org", "pypi" + ".org/simple", "files.pythonhosted" + ".org")
INDEX_OPTION = re.compile(
    r"^\s*(--(extra-)?index-url|--find-links|-i\s|registry\s*=)|\"resolved\":"
)
LOCKS = {"package-lock.json", "npm-shrinkwrap.json", ".npmrc"}

COMMON_PLACES = {
    *(Path("/"), Path("/home"), Path("/mnt"), Path("/opt"), Path("/srv"), Path("/usr/src")),
    *(Path("/var"), Path("/var/tmp"), Path("/tmp")),  # noqa: S108 - nothing is written there
}

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
INLINE = {
    re.compile(r"\sstyle\s*=", re.IGNORECASE): "style attribute",
    re.compile(r"\son[a-z]+\s*=", re.IGNORECASE): "event handler attribute",
    re.compile(r"\s(data-)?hx-on", re.IGNORECASE): "htmx event handler",
    re.compile(r"javascript:", re.IGNORECASE): "javascript: address",
    re.compile(r"<style\b", re.IGNORECASE): "style element",
    re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE): "script without src",
}

TextCheck = Callable[[PurePosixPath, str], Iterable[Finding]]


def check_length(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A source file of the product has at most 400 lines; migrations are not counted."""
    lines = len(text.splitlines())
    if _is_sized(path) and lines > MAX_LINES:
        yield Finding(str(path), MAX_LINES + 1, f"{lines} lines, at most {MAX_LINES} are allowed")


def _is_sized(path: PurePosixPath) -> bool:
    in_product = path.parts[0] in {"portico", "tools"}
    return in_product and path.suffix in SIZED and "migrations" not in path.parts


def check_file_name(path: PurePosixPath, _text: str = "") -> Iterator[Finding]:
    """No file or folder has a name that says nothing, and an app holds the agreed files only."""
    if path.parts[0] not in {"portico", "tests", "tools"} or path in NAMED_BY_DJANGO:
        return
    for part in (*path.parent.parts, path.stem):
        if part.removeprefix("test_") in VAGUE_NAMES:
            yield Finding(str(path), 1, f"the name '{part}' does not say what is inside")
    role = _role_of(path)
    if role is not None and role not in ROLES | ROLES_ONCE:
        yield Finding(str(path), 1, f"'{role}' is none of the files an app is made of")


def _role_of(path: PurePosixPath) -> str | None:
    """The role that a Python file has in its app; None outside of the apps."""
    parts = path.with_suffix("").parts
    is_in_app = parts[0] == "portico" and len(parts) > 2 and parts[1] not in NOT_APPS
    if not is_in_app or path.suffix != ".py" or parts[2] in APP_FOLDERS:
        return None
    return parts[2]


def check_once(paths: Iterable[PurePosixPath]) -> Iterator[Finding]:
    """Files such as actors.py stand in one app only."""
    apps = {(path.parts[1], role) for path in paths if (role := _role_of(path)) in ROLES_ONCE}
    counted = Counter(role for _, role in apps)
    for app, role in sorted(apps, key=str):
        if counted[role] > 1:
            yield Finding(f"portico/{app}/{role}", 1, f"'{role}' stands in {counted[role]} apps")


def check_places(path: PurePosixPath, text: str, *, places: Sequence[Path]) -> Iterator[Finding]:
    """No file names a folder of the machine it was written on."""
    names = "|".join(re.escape(str(place)) for place in places)
    pattern = re.compile(rf"(?<![\w./-])(?:{names})(?=/)")
    for number, line in _lines_matching(pattern, text):
        yield Finding(str(path), number, f"a path of this machine: {line}")


def machine_places(root: Path) -> list[Path]:
    """The folders that tell where `root` lies; those that every machine has tell nothing."""
    return [place for place in (root, root.parent, Path.home()) if place not in COMMON_PLACES]


def check_registries(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """No file says where packages come from: that is a matter of each machine."""
    pattern = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)))
    for number, _ in _lines_matching(pattern, text):
        yield Finding(str(path), number, "the address of a package registry")
    if path.name in LOCKS or path.match("requirements*.txt"):
        for number, _ in _lines_matching(INDEX_OPTION, text):
            yield Finding(str(path), number, "an option that names a package registry")


def check_inline(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Pages hold nothing that the Content-Security-Policy refuses; mails know no other style."""
    if path.suffix != ".html" or "templates" not in path.parts or "mails" in path.parts:
        return
    plain = JINJA.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for pattern, name in INLINE.items():
        for found in pattern.finditer(plain):
            yield Finding(str(path), plain.count("\n", 0, found.end()) + 1, f"inline {name}")


def _lines_matching(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.search(line):
            yield number, line.strip()


def check_text(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Everything that can be said of one file."""
    checks: tuple[TextCheck, ...] = (
        *(check_length, check_file_name, check_registries, check_inline, check_functions),
    )
    for check in checks:
        yield from check(path, text)


def check_tree(root: Path) -> Iterator[Finding]:
    """Everything that can be said of the checkout at `root`."""
    files = kept_files(root)
    yield from check_once(PurePosixPath(file) for file in files)
    for file in files:
        content = (root / file).read_bytes()
        if b"\0" in content:
            continue
        path, text = PurePosixPath(file), content.decode(errors="replace")
        yield from check_text(path, text)
        yield from check_places(path, text, places=machine_places(root))


if __name__ == "__main__":
    sys.exit(report(check_tree(ROOT), nothing="Names and sizes are as agreed."))
