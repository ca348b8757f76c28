"""History as people read it: what happened, day by day, in the words of whoever recorded it."""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.history.models import UNDO_FOR, Act, Event, EventQuerySet
from portico.history.reversals import is_reversible, may_be_offered, restoration_of
from portico.kit.actors import Actor, Way
from portico.kit.ids import parse_id
from portico.ui.formats import current_formats, format_date, format_time

VIEW_HISTORY = "view_history"
PAGE_SIZE = 50
RECENT_ACTS = 50
MOST_FIELDS = 4
CHANGING = ".updated"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class EventWords:
    """How a kind of event reads after the actor's name.

    `own`: in the history of the record itself; `other`: elsewhere, with the record's name as it
    was; `many`: an act that did it to so many records at once.
    """

    own: Callable[[], str]
    other: Callable[[str], str]
    many: Callable[[int], str] | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of an event: its label, both values as text, and how to bring the old one back."""

    label: str
    old: str
    new: str
    field: str = ""
    restore_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of History; with the address that undoes its whole act, where that is offered.

    The newest line of an act offers it, those below don't.
    """

    time: str
    moment: datetime.datetime
    who: str
    what: str
    way: str
    changes: list[Change] = field(default_factory=list)
    undo_url: str = ""
    undo_label: str = ""
    is_undone: bool = False


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


def timeline(
    actor: Actor, events: EventQuerySet, *, about: UUID, before: str = "", limit: int = PAGE_SIZE
) -> Timeline:
    """One page of these events, newest first, in a fixed number of queries.

    One for the events, one for what can be undone, one for the names of custom fields, each only
    where there is any.

    `about` is the record whose history it is; `before` the id of the last line seen (what is no
    id counts as none). Raises Denied without the permission to read history.
    """
    actor.require(VIEW_HISTORY)
    edge = parse_id(before)
    if edge is not None:
        events = events.filter(id__lt=edge)
    rows = list(events.order_by("-id")[: limit + 1])
    shown = rows[:limit]
    acts, labels = _acts_of(shown), _labels_of(shown)
    lines = [(event, _entry(actor, event, about, acts=acts, labels=labels)) for event in shown]
    days = [
        Day(head=_head(day), entries=[entry for _event, entry in group])
        for day, group in groupby(_offer_once(lines), key=lambda line: _local(line[0].at).date())
    ]
    return Timeline(days=days, older=shown[-1].pk if len(rows) > limit else None)


def _offer_once(lines: Iterable[tuple[Event, Entry]]) -> Iterable[tuple[Event, Entry]]:
    """Undo takes back a whole act: of the lines of one act, the first offers it."""
    offered: set[str] = set()
    for event, entry in lines:
        again = entry.undo_url in offered
        offered.add(entry.undo_url)
        yield event, replace(entry, undo_url="", undo_label="") if again else entry


def latest(events: EventQuerySet, kinds: Iterable[str], *, about: UUID) -> Event | None:
    """The newest event of these kinds about a record, such as who archived it."""
    found: Event | None = (
        events.filter(subject_id=about, kind__in=list(kinds)).order_by("-id").first()
    )
    return found


@dataclass(frozen=True, kw_only=True)
class ActLine:
    """One line of Recent changes: what was done, and Undo or why not."""

    id: UUID
    moment: datetime.datetime
    what: str
    undo_url: str = ""
    place: str = ""
    reason: str = ""


PlaceOfActs = Callable[[Iterable[UUID]], Mapping[UUID, str]]
_places: list[PlaceOfActs] = []


def add_act_places(places: PlaceOfActs) -> None:
    """Add where acts are shown and undone that have a page of their own, such as an import.

    `places(act_ids)` returns the address of those it knows, in a fixed number of queries.
    """
    if places not in _places:
        _places.append(places)


def recent_acts(actor: Actor) -> list[ActLine]:
    """The last 50 acts of the actor that could be undone, newest first; a bulk act is one line."""
    acts = list(Act.objects.filter(user_id=actor.user_id).order_by("-id")[:RECENT_ACTS])
    places, texts = places_of_acts([act.pk for act in acts]), act_texts(acts)
    return [_act_line(act, texts[act.pk], place=places.get(act.pk, "")) for act in acts]


def places_of_acts(act_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The addresses of those acts that have a page of their own."""
    keys = list(act_ids)
    places: dict[UUID, str] = {}
    for source in _places:
        places |= source(keys)
    return places


def act_text(act: Act) -> str:
    """What an act did, as it reads after a name: one record by its name, many by their number."""
    return act_texts([act])[act.pk]


def act_texts(acts: Collection[Act]) -> dict[UUID, str]:
    """What each of these acts did, in a fixed number of queries; changes name their fields."""
    fields = _fields_of(acts)
    return {act.pk: _told(act, fields.get(act.pk, [])) for act in acts}


def _told(act: Act, fields: Sequence[str]) -> str:
    text = _in_words(act)
    if not fields:
        return text
    named = ", ".join(fields[:MOST_FIELDS]) + (" …" if len(fields) > MOST_FIELDS else "")
    return _("%(what)s: %(fields)s") % {"what": text, "fields": named}


def _in_words(act: Act) -> str:
    words = _words.get(act.kind)
    if words is None:
        return f"{_of_kind(act.kind)} · {act.subject_name}"
    if act.records > 1 and words.many is not None:
        return words.many(act.records)
    return words.other(act.subject_name)


def _fields_of(acts: Iterable[Act]) -> dict[UUID, list[str]]:
    """What those acts changed that change fields, by the first event of each.

    An act on many records sets the same fields on all of them.
    """
    changing = {act.pk: act for act in acts if act.kind.endswith(CHANGING)}
    if not changing:
        return {}
    first = Event.objects.filter(act_id=OuterRef("pk"), kind=OuterRef("kind")).order_by("id")
    found = Act.objects.filter(pk__in=changing).values_list(
        "pk", Subquery(first.values("changes")[:1])
    )
    names = {
        key: [(changing[key].subject_type, name) for name in held or ()] for key, held in found
    }
    custom = _custom_labels(name for each in names.values() for name in each)
    return {
        key: sorted({_label(*name, custom=custom) for name in each}) for key, each in names.items()
    }


def _act_line(act: Act, what: str, *, place: str) -> ActLine:
    return ActLine(
        id=act.pk,
        moment=act.at,
        what=what,
        undo_url="" if place or not act.is_open else _undo_url(act.pk),
        place=place,
        reason=_why_not(act),
    )


def _why_not(act: Act) -> str:
    if act.undone_at is not None:
        return _("Undone on %(date)s.") % {"date": format_date(_local(act.undone_at).date())}
    if act.is_open:
        return ""
    last = _local(act.at + UNDO_FOR).date()
    return _("Could be undone until %(date)s.") % {"date": format_date(last)}


def _undo_url(act_id: UUID) -> str:
    return reverse("acts.undo", kwargs={"id": act_id})


def _acts_of(events: Iterable[Event]) -> dict[UUID, Act]:
    """The acts of these events; asked only when one of them could be undone at all."""
    keys = {event.act_id for event in events if event.act_id and is_reversible(event.kind)}
    return {act.pk: act for act in Act.objects.filter(pk__in=keys)} if keys else {}


def _labels_of(events: Iterable[Event]) -> Labels:
    """What the changed custom fields of these events are called."""
    return _custom_labels((event.subject_type, name) for event in events for name in event.changes)


def _custom_labels(fields: Iterable[tuple[str, str]]) -> Labels:
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


def _entry(
    actor: Actor, event: Event, about: UUID, *, acts: Mapping[UUID, Act], labels: Labels
) -> Entry:
    act = acts.get(event.act_id) if event.act_id and is_reversible(event.kind) else None
    is_own = act is not None and act.user_id is not None and act.user_id == actor.user_id
    is_offered = act and act.is_open and may_be_offered(actor, act.kind, is_own=is_own)
    return Entry(
        time=format_time(event.at),
        moment=event.at,
        who=event.actor_name,
        what=_what(event, about),
        way=_way(event.way),
        changes=[_change(actor, event, name, labels=labels) for name in event.changes],
        undo_url=_undo_url(act.pk) if act and is_offered else "",
        undo_label=_undo_label(act) if act and is_offered else "",
        is_undone=act is not None and act.undone_at is not None,
    )


def _undo_label(act: Act) -> str:
    """Undo takes back the whole act; one that did more than this line says so."""
    if act.records == 1:
        return _("Undo")
    return ngettext("Undo (%(n)s record)", "Undo (%(n)s records)", act.records) % {
        "n": f"{act.records:,}"
    }


def _change(actor: Actor, event: Event, name: str, *, labels: Labels) -> Change:
    old, new = event.changes[name]
    restoration = restoration_of(event.kind)
    is_offered = restoration is not None and restoration.is_offered(actor, name)
    return Change(
        label=_label(event.subject_type, name, custom=labels),
        old=_text(old),
        new=_text(new),
        field=name,
        restore_url=reverse("events.restore", kwargs={"id": event.pk}) if is_offered else "",
    )


def field_label(subject_type: str, name: str) -> str:
    """What a field of a type of record is called."""
    prefix, dot, rest = name.partition(".")
    labels = _prefixes.get((subject_type, prefix + dot)) if dot else None
    text = labels([rest]).get(rest) if labels else None
    return _label(subject_type, name, custom={(subject_type, name): text} if text else {})


def _what(event: Event, about: UUID) -> str:
    words = _words.get(event.kind)
    if words is None:
        return f"{_of_kind(event.kind)} · {event.subject_name}"
    return words.own() if event.subject_id == about else words.other(event.subject_name)


def _of_kind(kind: str) -> str:
    return kind.partition(".")[2].replace("_", " ")


def _label(subject_type: str, name: str, *, custom: Labels) -> str:
    label = _labels.get((subject_type, name))
    if label is not None:
        return label()
    _prefix, _dot, rest = name.partition(".")
    return custom.get((subject_type, name)) or (rest or name).replace("_", " ").capitalize()


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
