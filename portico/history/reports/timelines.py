"""History as people read it: what happened, day by day, in the words of whoever recorded it."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.history.models import Act, Event, EventQuerySet
from portico.history.reports.acts import undo_url_of
from portico.history.reports.words import (
    Labels,
    bare_words,
    custom_labels,
    label_of,
    local,
    value_text,
    way_text,
    words_of,
)
from portico.history.reversals import is_reversible, may_be_offered, restoration_of
from portico.kit.actors import Actor
from portico.kit.ids import parse_id
from portico.ui.formats import format_date, format_time

VIEW_HISTORY = "view_history"
PAGE_SIZE = 50


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
        for day, group in groupby(_offer_once(lines), key=lambda line: local(line[0].at).date())
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


def _acts_of(events: Iterable[Event]) -> dict[UUID, Act]:
    """The acts of these events; asked only when one of them could be undone at all."""
    keys = {event.act_id for event in events if event.act_id and is_reversible(event.kind)}
    return {act.pk: act for act in Act.objects.filter(pk__in=keys)} if keys else {}


def _labels_of(events: Iterable[Event]) -> Labels:
    """What the changed custom fields of these events are called."""
    return custom_labels((event.subject_type, name) for event in events for name in event.changes)


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
        way=way_text(event.way),
        changes=[
            _change(actor, event, name, labels=labels)
            for name in event.changes
            if name != _told_field(event)
        ],
        undo_url=undo_url_of(act.pk) if act and is_offered else "",
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
        label=label_of(event.subject_type, name, custom=labels),
        old=value_text(old),
        new=value_text(new),
        field=name,
        restore_url=reverse("events.restore", kwargs={"id": event.pk}) if is_offered else "",
    )


def _what(event: Event, about: UUID) -> str:
    words = words_of(event.kind)
    if words is None:
        return f"{bare_words(event.kind)} · {event.subject_name}"
    if event.subject_id == about:
        return words.in_own(event.changes)
    return words.elsewhere(event.subject_name, event.changes)


def _told_field(event: Event) -> str:
    """The change that the sentence tells already."""
    words = words_of(event.kind)
    return words.pair.field if words is not None and words.pair is not None else ""


def _head(day: datetime.date) -> str:
    today = local(timezone.now()).date()
    if day == today:
        return _("Today")
    return _("Yesterday") if day == today - datetime.timedelta(days=1) else format_date(day)
