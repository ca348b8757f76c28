"""The catalog of words: every `say()` and `say_n()` of the sources, in the words of each preset.

    python -m tools.words            lists what has no entry (exit status 1), and what is unused
    python -m tools.words draft      writes the missing entries from the table of nouns
    python -m tools.words prune      takes unused entries out
    python -m tools.words compile    writes the .mo files

An entry that stands in the catalog is never changed: read the drafts, and write better ones.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from portico.ui.keeping import KeptParts
from tools.findings import ROOT, Finding, report

PRESETS = ("field_service", "agency", "support_desk", "partner")
NONSENSE = "nonsense"
CATALOG = ROOT / "portico/locale/en/LC_MESSAGES/django.po"
TEST_CATALOG = ROOT / "tests/locale/en/LC_MESSAGES/django.po"

# Internal noun: what it reads under each preset (domain.md, Vocabulary), singular and plural.
Noun = tuple[str, str]
NOUNS: dict[str, dict[str, Noun]] = {
    "field_service": {
        "organization": ("client", "clients"),
        "person": ("contact", "contacts"),
        "agent": ("member", "members"),
    },
    "agency": {
        "person": ("client", "clients"),
        "agent": ("team member", "team members"),
    },
    "support_desk": {
        "organization": ("company", "companies"),
        "person": ("client", "clients"),
    },
    "partner": {
        "organization": ("client account", "client accounts"),
        "person": ("user", "users"),
        "agent": ("consultant", "consultants"),
    },
    NONSENSE: {
        "organization": ("zorg", "zorgs"),
        "person": ("zper", "zpers"),
        "agent": ("zagent", "zagents"),
        "request": ("zreq", "zreqs"),
    },
}
PLURALS = {
    "organization": "organizations",
    "person": "people",
    "agent": "agents",
    "request": "requests",
}
_SINGULAR_OF = {plural: singular for singular, plural in PLURALS.items()}
# `%(person)s` is the name of a value, not a word.
_NOUN = re.compile(
    rf"(?<![%(\w])(?:(?P<article>an?)(?P<space>\s+))?"
    rf"(?P<noun>{'|'.join((*_SINGULAR_OF, *PLURALS))})(?!\w|\)s)",
    re.IGNORECASE,
)
_LIKE_CONSONANT = ("user", "one")
_FUNCTIONS = {"say": 1, "say_n": 2}


@dataclass(frozen=True, order=True)
class Message:
    """A message id of the sources; `plural` is empty where it has one form only."""

    singular: str
    plural: str = ""

    @property
    def catalog_id(self) -> Any:
        """The id as a catalog knows it."""
        return (self.singular, self.plural) if self.plural else self.singular


@dataclass(frozen=True)
class Place:
    """Where a message stands; a message that is no literal has none."""

    path: str
    line: int
    message: Message | None


def places(root: Path = ROOT) -> list[Place]:
    """Every call of `say` and `say_n` in Python files and templates of the product."""
    found: list[Place] = []
    for path in sorted((root / "portico").rglob("*")):
        name, is_template = path.relative_to(root).as_posix(), "templates" in path.parts
        if path.suffix == ".py":
            found += _in_python(name, path.read_text(encoding="utf-8"))
        elif is_template and path.is_file():
            found += _in_template(name, path.read_text(encoding="utf-8"))
    return found


def messages(found: Sequence[Place]) -> list[Message]:
    """The messages of these places, each once."""
    return sorted({place.message for place in found if place.message is not None})


def _in_python(path: str, text: str) -> Iterator[Place]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in _FUNCTIONS:
            values = [
                argument.value if isinstance(argument, ast.Constant) else None
                for argument in node.args
            ]
            yield Place(path, node.lineno, _message(name, values))


def _in_template(path: str, text: str) -> Iterator[Place]:
    extensions: list[Any] = ["jinja2.ext.i18n", "jinja2.ext.do", KeptParts]
    environment = Environment(extensions=extensions, autoescape=True)
    for call in environment.parse(text).find_all(nodes.Call):
        name = getattr(call.node, "name", "")
        if name in _FUNCTIONS:
            values = [
                argument.value if isinstance(argument, nodes.Const) else None
                for argument in call.args
            ]
            yield Place(path, call.lineno, _message(name, values))


def _message(function: str, values: Sequence[Any]) -> Message | None:
    texts = list(values[: _FUNCTIONS[function]])
    if len(texts) < _FUNCTIONS[function] or not all(isinstance(text, str) for text in texts):
        return None
    return Message(*texts)


def load(path: Path) -> Catalog:
    """The catalog in this file; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale="en", project="Portico", fuzzy=False, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def missing(catalog: Catalog, found: Sequence[Message], *, presets: Sequence[str]) -> list[str]:
    """What has no entry, as `preset: message`."""
    return [
        f"{preset}: {message.singular}"
        for message in found
        for preset in presets
        if not _has(catalog, message, preset=preset)
    ]


def unused(catalog: Catalog, found: Sequence[Message]) -> list[str]:
    """Messages of the catalog that no source says any more."""
    said = {message.catalog_id for message in found}
    return sorted({str(entry.id) for entry in catalog if entry.context and entry.id not in said})


def draft(message: str, preset: str) -> str:
    """The message in the preset's words, by exchanging nouns with their articles and plurals."""
    table = NOUNS[preset]

    def exchanged(match: re.Match[str]) -> str:
        noun = match["noun"]
        is_plural = noun.lower() in _SINGULAR_OF
        singular = _SINGULAR_OF.get(noun.lower(), noun.lower())
        word = table[singular][is_plural] if singular in table else noun.lower()
        if noun[0].isupper():
            word = word[0].upper() + word[1:]
        if match["article"] is None:
            return word
        article = "an" if _takes_an(word) else "a"
        if match["article"][0].isupper():
            article = article.capitalize()
        return f"{article}{match['space']}{word}"

    return _NOUN.sub(exchanged, message)


def _takes_an(word: str) -> bool:
    lower = word.lower()
    return lower[0] in "aeiou" and not lower.startswith(_LIKE_CONSONANT)


def add_drafts(catalog: Catalog, found: Sequence[Message], *, presets: Sequence[str]) -> int:
    """Write the missing entries into the catalog; returns how many."""
    added = 0
    for message in found:
        for preset in presets:
            if _has(catalog, message, preset=preset):
                continue
            texts = [draft(text, preset) for text in (message.singular, message.plural) if text]
            string: Any = tuple(texts) if message.plural else texts[0]
            catalog.add(message.catalog_id, string, context=preset)
            added += 1
    return added


def save(catalog: Catalog, path: Path) -> None:
    """Write the catalog in the order of its messages, without what changes by itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, omit_header=False, sort_output=True, no_location=True)


def compile_catalog(path: Path) -> Path:
    """Write the .mo file beside the catalog, whole or not at all; returns it."""
    compiled = path.with_suffix(".mo")
    fresh = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, load(path))
    return fresh.replace(compiled)


def compile_stale() -> None:
    """Compile the catalogs that are newer than what was made of them."""
    for path, _presets in _catalogs():
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            compile_catalog(path)


def _has(catalog: Catalog, message: Message, *, preset: str) -> bool:
    entry = catalog.get(message.catalog_id, context=preset)
    return entry is not None and bool(entry.string) and entry.pluralizable == bool(message.plural)


def _prune(catalog: Catalog, found: Sequence[Message]) -> None:
    said = {message.catalog_id for message in found}
    for entry in list(catalog):
        if entry.context and entry.id not in said:
            catalog.delete(entry.id, context=entry.context)


def _list(found: Sequence[Place], said: Sequence[Message]) -> int:
    findings = [
        Finding(place.path, place.line, "say() takes literal text, so that it can be found")
        for place in found
        if place.message is None
    ]
    for path, presets in _catalogs():
        relative = path.relative_to(ROOT).as_posix()
        catalog = load(path)
        findings += [
            Finding(relative, 1, f"no entry: {line}")
            for line in missing(catalog, said, presets=presets)
        ]
        for line in unused(catalog, said):
            print(f"{relative}: unused: {line}")
    return report(findings, nothing=f"{len(said)} messages have their words.")


def _catalogs() -> list[tuple[Path, Sequence[str]]]:
    return [(CATALOG, PRESETS), (TEST_CATALOG, (NONSENSE,))]


def main(arguments: Sequence[str]) -> int:
    """Run one of the verbs of the module's text."""
    found = places()
    said = messages(found)
    verb = arguments[0] if arguments else "list"
    if verb == "list":
        return _list(found, said)
    for path, presets in _catalogs():
        catalog = load(path)
        if verb == "draft":
            print(f"{path.name}: {add_drafts(catalog, said, presets=presets)} drafted")
            save(catalog, path)
        elif verb == "prune":
            _prune(catalog, said)
            save(catalog, path)
        elif verb == "compile":
            compile_catalog(path)
        else:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
