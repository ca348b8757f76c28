"""How events read: the words for kinds and the labels of fields that the apps above add."""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from portico.kit.actors import Way
from portico.kit.parting import listed
from portico.ui.formats import current_formats, format_date

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Changes = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class PairWords:
    """How an event reads that is about two records, such as a merge.

    `field` is the change that holds the second one's name as it was; `own` takes that name,
    `other` the record's name and it.
    """

    field: str
    own: Callable[[str], str]
    other: Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class EventWords:
    """How a kind of event reads after the actor's name.

    `own`: in the history of the record itself; `other`: elsewhere, with the record's name as it
    was; `many`: an act that did it to so many records at once; `pair`: instead of `own` and
    `other` where the event names a second record.
    """

    own: Callable[[], str]
    other: Callable[[str], str]
    many: Callable[[int], str] | None = None
    pair: PairWords | None = None

    def in_own(self, changes: Changes) -> str:
        """In the history of the record itself."""
        second = self._second(changes)
        return self.pair.own(second) if self.pair and second else self.own()

    def elsewhere(self, name: str, changes: Changes) -> str:
        """In other places, with the record's name as it was."""
        second = self._second(changes)
        return self.pair.other(name, second) if self.pair and second else self.other(name)

    def _second(self, changes: Changes) -> str:
        """The name of the second record; empty where there is none."""
        old, new = changes.get(self.pair.field, (None, None)) if self.pair else (None, None)
        return value_text(new or old)


Labels = Mapping[tuple[str, str], str]
_words: dict[str, EventWords] = {}
_labels: dict[tuple[str, str], Callable[[], str]] = {}
LabelsOf = Callable[[Collection[str]], Mapping[str, str]]
_prefixes: dict[tuple[str, str], LabelsOf] = {}


def add_event_words(kind: str, words: EventWords) -> None:
    """Say how a kind of event reads; each app does so for its own kinds at start-up."""
    _words[kind] = words


def add_field_labels(subject_type: str, labels: Mapping[str, Callable[[], str]]) -> None:
    """Say what the fields of a type of record are called."""
    _labels.update({(subject_type, name): label for name, label in labels.items()})


def add_label_prefix(subject_type: str, prefix: str, *, labels: LabelsOf) -> None:
    """Say what fields are called that a workspace defines itself.

    `labels(rests of the names)` returns what each is called, in a fixed number of queries.
    """
    _prefixes[(subject_type, prefix)] = labels


def words_of(kind: str) -> EventWords | None:
    """The words for this kind of event, if somebody added any."""
    return _words.get(kind)


def bare_words(kind: str) -> str:
    """How a kind of event reads that nobody gave words."""
    return kind.partition(".")[2].replace("_", " ")


def field_label(subject_type: str, name: str) -> str:
    """What a field of a type of record is called."""
    prefix, dot, rest = name.partition(".")
    labels = _prefixes.get((subject_type, prefix + dot)) if dot else None
    text = labels([rest]).get(rest) if labels else None
    return label_of(subject_type, name, custom={(subject_type, name): text} if text else {})


def custom_labels(fields: Iterable[tuple[str, str]]) -> Labels:
    """What custom fields are called, by type of record and name; each kind is asked once."""
    names = set(fields)
    found: dict[tuple[str, str], str] = {}
    for (subject_type, prefix), labels in _prefixes.items():
        rests = {
            name.removeprefix(prefix)
            for kind, name in names
            if kind == subject_type and name.startswith(prefix)
        }
        if rests:
            found |= {(subject_type, prefix + key): text for key, text in labels(rests).items()}
    return found


def label_of(subject_type: str, name: str, *, custom: Labels) -> str:
    """What a field is called, given what custom fields are (`custom_labels`)."""
    label = _labels.get((subject_type, name))
    if label is not None:
        return label()
    _prefix, _dot, rest = name.partition(".")
    return custom.get((subject_type, name)) or (rest or name).replace("_", " ").capitalize()


def value_text(value: Any) -> str:
    """A stored value as it is read: days in the reader's format, yes and no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return listed([value_text(part) for part in value])
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_date(datetime.date.fromisoformat(value))
    return str(value)


def way_text(way: str) -> str:
    """By which way something came, where that is worth a word."""
    return {
        Way.PAGE: _("page"),
        Way.API: _("API"),
        Way.IMPORT: _("import"),
        Way.COMMAND: _("command"),
    }.get(Way(way), "")


def local(moment: datetime.datetime) -> datetime.datetime:
    """The moment in the time zone of the reader."""
    return moment.astimezone(ZoneInfo(current_formats().zone))
