"""Acts as their lists tell them: Recent changes, and each by one sentence."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.history.models import UNDO_FOR, Act, Event
from portico.history.reports.words import (
    Changes,
    bare_words,
    custom_labels,
    label_of,
    local,
    words_of,
)
from portico.history.reversals import REPEATED, UNDONE
from portico.kit.actors import Actor, Way
from portico.ui.formats import format_date

RECENT_ACTS = 50
MOST_ACTS_READ = 100
MOST_FIELDS = 4
CHANGING = ".updated"


@dataclass(frozen=True, kw_only=True)
class ActLine:
    """One line of Recent changes: what was done, and Undo or why not.

    What was undone `is_undone`; its `undo_url` then does it again.
    """

    id: UUID
    moment: datetime.datetime
    what: str
    undo_url: str = ""
    place: str = ""
    reason: str = ""
    is_undone: bool = False


PlaceOfActs = Callable[[Iterable[UUID]], Mapping[UUID, str]]
_places: list[PlaceOfActs] = []


def add_act_places(places: PlaceOfActs) -> None:
    """Add where acts are shown and undone that have a page of their own, such as an import.

    `places(act_ids)` returns the address of those it knows, in a fixed number of queries.
    """
    if places not in _places:
        _places.append(places)


def recent_acts(actor: Actor) -> list[ActLine]:
    """The last 50 acts of the actor that could be undone, newest first.

    A bulk act is one line, and so is an act with its undo and what took that back. An undo has a
    line of its own only where what it took back has none: somebody else's act, or a long past one.
    """
    acts = list(Act.objects.filter(user_id=actor.user_id).order_by("-id")[:MOST_ACTS_READ])
    by_id = {act.pk: act for act in acts}
    took_back = {key: what for key, what in _taken_back(by_id).items() if what in by_id}
    undos = {what: by_id[key] for key, what in took_back.items()}
    shown = [act for act in acts if act.pk not in took_back][:RECENT_ACTS]
    places, texts = places_of_acts(by_id), act_texts(shown)
    return [_act_line(act, texts[act.pk], undos=undos, places=places) for act in shown]


def text_again(act: Act) -> str:
    """What happens again when this act is undone: what it took back; empty if it is no undo."""
    undone = Event.objects.filter(act_id=act.pk, kind=UNDONE).values_list("subject_id", flat=True)
    first = Act.objects.filter(pk__in=undone).first()
    return act_text(first) if first else ""


def _taken_back(act_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of those acts that took another one back, or did it again: which one."""
    told = Event.objects.filter(act_id__in=list(act_ids), kind__in=(UNDONE, REPEATED))
    return dict(told.values_list("act_id", "subject_id"))


def _outcome(act: Act, undos: Mapping[UUID, Act]) -> tuple[Act, bool]:
    """The last of the acts that took this one back and forth, and whether it is undone now."""
    last, steps = act, 0
    while last.pk in undos:
        last, steps = undos[last.pk], steps + 1
    return last, (steps % 2 == 1) != (last.undone_at is not None)


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
    changes = _changes_of(acts)
    fields = _fields_of(acts, changes)
    return {
        act.pk: _told(act, changes.get(act.pk, {}), fields=fields.get(act.pk, [])) for act in acts
    }


def _told(act: Act, changes: Changes, *, fields: Sequence[str]) -> str:
    text = _in_words(act, changes)
    if not fields:
        return text
    named = ", ".join(fields[:MOST_FIELDS]) + (" …" if len(fields) > MOST_FIELDS else "")
    return _("%(what)s: %(fields)s") % {"what": text, "fields": named}


def _in_words(act: Act, changes: Changes) -> str:
    words = words_of(act.kind)
    if words is None:
        return f"{bare_words(act.kind)} · {act.subject_name}"
    if act.records > 1 and words.many is not None:
        return words.many(act.records)
    return words.elsewhere(act.subject_name, changes)


def _changes_of(acts: Iterable[Act]) -> dict[UUID, Changes]:
    """What the first event of those acts changed whose sentence needs it.

    An act on many records sets the same fields on all of them; the rows of a file do not.
    """
    asked = {act.pk: act for act in acts if _is_told_by_changes(act)}
    if not asked:
        return {}
    first = Event.objects.filter(act_id=OuterRef("pk"), kind=OuterRef("kind")).order_by("id")
    found = Act.objects.filter(pk__in=asked).values_list(
        "pk", Subquery(first.values("changes")[:1]), Subquery(first.values("way")[:1])
    )
    return {
        key: held or {} for key, held, way in found if way != Way.IMPORT or asked[key].records == 1
    }


def _is_told_by_changes(act: Act) -> bool:
    words = words_of(act.kind)
    return act.kind.endswith(CHANGING) or (words is not None and words.pair is not None)


def _fields_of(acts: Iterable[Act], changes: Mapping[UUID, Changes]) -> dict[UUID, list[str]]:
    """The labels of what those acts changed that change fields."""
    names = {
        act.pk: [(act.subject_type, name) for name in changes.get(act.pk, ())]
        for act in acts
        if act.kind.endswith(CHANGING)
    }
    custom = custom_labels(name for each in names.values() for name in each)
    return {
        key: sorted({label_of(*name, custom=custom) for name in each})
        for key, each in names.items()
    }


def _act_line(
    act: Act, what: str, *, undos: Mapping[UUID, Act], places: Mapping[UUID, str]
) -> ActLine:
    last, is_undone = _outcome(act, undos)
    place = places.get(act.pk) or places.get(last.pk, "")
    return ActLine(
        id=act.pk,
        moment=act.at,
        what=what,
        undo_url="" if place or not last.is_open else undo_url_of(last.pk),
        place=place,
        reason=_undone_on(last) if is_undone else _standing(last, is_again=last is not act),
        is_undone=is_undone,
    )


def _undone_on(last: Act) -> str:
    return _("Undone on %(date)s.") % {"date": _day(last.undone_at or last.at)}


def _standing(last: Act, *, is_again: bool) -> str:
    again = _("Done again on %(date)s.") % {"date": _day(last.at)} if is_again else ""
    over = _("Could be undone until %(date)s.") % {"date": _day(last.at + UNDO_FOR)}
    return again if last.is_open else " ".join(filter(None, (again, over)))


def _day(moment: datetime.datetime) -> str:
    return format_date(local(moment).date())


def undo_url_of(act_id: UUID) -> str:
    """Where this act is undone."""
    return reverse("acts.undo", kwargs={"id": act_id})
