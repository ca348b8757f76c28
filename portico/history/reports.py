"""History as people read it: what happened, day by day, in the words of whoever recorded it."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.history.models import Event, EventQuerySet
from portico.kit.actors import Actor, Way
from portico.kit.ids import parse_id
from portico.ui.formats import current_formats, format_date, format_time

VIEW_HISTORY = "view_history"
PAGE_SIZE = 50
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class EventWords:
    """How a kind of event reads after the actor's name.

    `own`: in the history of the record itself; `other`: elsewhere, with the record's name as it
    was.
    """

    own: Callable[[], str]
    other: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of an event: its label, and both values as text."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of History."""

    time: str
    moment: datetime.datetime
    who: str
    what: str
    way: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Day:
    """The lines of one day of the reader's time zone, newest first."""

    head: str
    entries: list[Entry]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """One page of History; `older` is the id to go on from, None at the end."""

    days: list[Day]
    older: UUID | None = None


_words: dict[str, EventWords] = {}
_labels: dict[tuple[str, str], Callable[[], str]] = {}


def add_event_words(kind: str, words: EventWords) -> None:
    """Say how a kind of event reads; each app does so for its own kinds at start-up."""
    _words[kind] = words


def add_field_labels(subject_type: str, labels: Mapping[str, Callable[[], str]]) -> None:
    """Say what the fields of a type of record are called."""
    _labels.update({(subject_type, name): label for name, label in labels.items()})


def timeline(
    actor: Actor, events: EventQuerySet, *, about: UUID, before: str = "", limit: int = PAGE_SIZE
) -> Timeline:
    """One page of these events, newest first, in one query.

    `about` is the record whose history it is; `before` the id of the last line seen (what is no
    id counts as none). Raises Denied without the permission to read history.
    """
    actor.require(VIEW_HISTORY)
    edge = parse_id(before)
    if edge is not None:
        events = events.filter(id__lt=edge)
    rows = list(events.order_by("-id")[: limit + 1])
    shown = rows[:limit]
    days = [
        Day(head=_head(day), entries=[_entry(event, about) for event in group])
        for day, group in groupby(shown, key=lambda event: _local(event.at).date())
    ]
    return Timeline(days=days, older=shown[-1].pk if len(rows) > limit else None)


def latest(events: EventQuerySet, kinds: Iterable[str], *, about: UUID) -> Event | None:
    """The newest event of these kinds about a record, such as who archived it."""
    found: Event | None = (
        events.filter(subject_id=about, kind__in=list(kinds)).order_by("-id").first()
    )
    return found


def _entry(event: Event, about: UUID) -> Entry:
    return Entry(
        time=format_time(event.at),
        moment=event.at,
        who=event.actor_name,
        what=_what(event, about),
        way=_way(event.way),
        changes=[
            Change(label=_label(event.subject_type, name), old=_text(old), new=_text(new))
            for name, (old, new) in event.changes.items()
        ],
    )


def _what(event: Event, about: UUID) -> str:
    words = _words.get(event.kind)
    if words is None:
        return event.kind.partition(".")[2].replace("_", " ") + f" · {event.subject_name}"
    return words.own() if event.subject_id == about else words.other(event.subject_name)


def _label(subject_type: str, name: str) -> str:
    label = _labels.get((subject_type, name))
    return label() if label else name.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    """A stored value as it is read: days in the reader's format, yes and no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_date(datetime.date.fromisoformat(value))
    return str(value)


def _way(way: str) -> str:
    return {
        Way.PAGE: _("page"),
        Way.API: _("API"),
        Way.IMPORT: _("import"),
        Way.COMMAND: _("command"),
    }.get(Way(way), "")


def _local(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(ZoneInfo(current_formats().zone))


def _head(day: datetime.date) -> str:
    today = _local(timezone.now()).date()
    if day == today:
        return _("Today")
    return _("Yesterday") if day == today - datetime.timedelta(days=1) else format_date(day)
