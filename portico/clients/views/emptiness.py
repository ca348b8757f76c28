"""What a list says when it has no row: nothing yet, nothing found, nothing archived."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import filters_of, whole_list
from portico.clients.views.arranging import LIST_VIEWS, Arranged
from portico.clients.views.lists import COUNTED_TO
from portico.ui.jinja import query
from portico.ui.words import say, say_n
from portico.workspaces.reports import who_can_give


@dataclass(frozen=True, kw_only=True)
class Emptiness:
    """A sentence, why, and the ways on as words and address; the first one is the main one."""

    title: str
    text: str = ""
    icon: str = "search"
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class _Words:
    everything: Callable[[], str]
    nobody: Callable[[], str]
    archived: Callable[[], str]
    unfit: Callable[[], str]
    counted: Callable[[int, str], str]


_WORDS: Mapping[PropertySubject, _Words] = {
    PropertySubject.ORGANIZATION: _Words(
        everything=lambda: say("All organizations"),
        nobody=lambda: say("No organizations yet"),
        archived=lambda: say("No organization is archived"),
        unfit=lambda: say("No organization fits these filters"),
        counted=lambda n, count: say_n(
            "%(count)s organization exists.", "%(count)s organizations exist.", n, count=count
        ),
    ),
    PropertySubject.PERSON: _Words(
        everything=lambda: say("All people"),
        nobody=lambda: say("No people yet"),
        archived=lambda: say("No person is archived"),
        unfit=lambda: say("No person fits these filters"),
        counted=lambda n, count: say_n(
            "%(count)s person exists.", "%(count)s people exist.", n, count=count
        ),
    ),
}


def emptiness_of(request: Any, arranged: Arranged, *, is_empty_workspace: bool) -> Emptiness:
    """Why this list has no row; one query more where it tells how many there are without filters.

    Nothing at all is told to who may not add; who may is taught by the page itself.
    """
    words, chosen = _WORDS[arranged.subject], arranged.chosen
    to_all = (words.everything(), reverse(f"{LIST_VIEWS[arranged.subject]}.list"))
    view = arranged.current
    if view is not None and _kept(arranged) == dict(view.parameters):
        title = view.nothing or _("Nothing is in “%(name)s” now") % {"name": view.name}
        return Emptiness(title=title, icon="circle-check", links=[to_all])
    if chosen.is_narrowed:
        return _unfit(request, arranged, words)
    if chosen.is_archived:
        return Emptiness(title=words.archived(), icon="archive", links=[to_all])
    if not is_empty_workspace:
        return _all_archived(arranged.subject)
    text = _("%(names)s can add the first one.") % {"names": who_can_give()}
    return Emptiness(title=words.nobody(), text=text, icon="lock")


def _all_archived(subject: PropertySubject) -> Emptiness:
    is_people = subject is PropertySubject.PERSON
    words = say("Archived people") if is_people else say("Archived organizations")
    address = reverse(f"{LIST_VIEWS[subject]}.list") + "?state=archived"
    return Emptiness(
        title=_("Everything here is archived"), icon="archive", links=[(words, address)]
    )


def _unfit(request: Any, arranged: Arranged, words: _Words) -> Emptiness:
    is_archived = arranged.chosen.is_archived
    archived = (
        _("Search archived too"),
        query(request, state="archived", status=None, cursor=None),
    )
    view = f"?view={arranged.current.id}" if arranged.current else ""
    clear = (_("Clear filters"), reverse(f"{LIST_VIEWS[arranged.subject]}.list") + view)
    return Emptiness(
        title=words.unfit(),
        text="" if is_archived else _count(request, arranged, words),
        links=[clear] if is_archived else [clear, archived],
    )


def _count(request: Any, arranged: Arranged, words: _Words) -> str:
    whole = whole_list(request.actor, type(arranged.chosen)())
    number = 0 if whole is None else whole.count(COUNTED_TO + 1)
    count = f"{min(number, COUNTED_TO):,}{'+' * (number > COUNTED_TO)}"
    return words.counted(number, count)


def _kept(arranged: Arranged) -> dict[str, Any]:
    return filters_of({key: value for key, value in arranged.parameters.items() if value})
