"""What clients ask of the apps above: what keeps records and tags, which lists were saved."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.models import Organization, Tag
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.names import name_key

TagUse = Callable[[Collection[Tag]], Collection[Tag]]

_tag_uses: list[TagUse] = []


def add_tag_use(use: TagUse) -> None:
    """Add a question: which of these tags does something need that is no record?"""
    if use not in _tag_uses:
        _tag_uses.append(use)


def tags_in_use(tags: Collection[Tag]) -> set[Tag]:
    """Those of the tags that something but records needs."""
    return {tag for use in _tag_uses for tag in use(tags)}


DeletionGuard = Callable[[Organization], Sequence[str]]

_guards: list[DeletionGuard] = []


def add_deletion_guard(guard: DeletionGuard) -> None:
    """Add a question: which sentences say why this organization can't be deleted now?"""
    if guard not in _guards:
        _guards.append(guard)


def deletion_blockers(organization: Organization) -> list[str]:
    """Everything that keeps an organization from being deleted, as sentences."""
    return [sentence for guard in _guards for sentence in guard(organization)]


@dataclass(frozen=True, kw_only=True)
class SavedList:
    """A list as somebody arranged it: shown as a tab, named by `?view=` in page, API and export.

    `parameters` are those of the list's address; `columns` its columns, empty for the list's own.
    `nothing` is what it says when no row is in it.
    """

    id: str
    name: str
    parameters: Mapping[str, str]
    columns: Sequence[str] = ()
    is_shared: bool = False
    is_own: bool = False
    version: int = 0
    nothing: str = ""


SavedListSource = Callable[[Actor, PropertySubject], Sequence[SavedList]]

_saved_lists: dict[str, SavedListSource] = {}


def add_saved_lists(name: str, source: SavedListSource) -> None:
    """Add a source of saved lists; it answers in a fixed number of queries."""
    _saved_lists[name] = source


def saved_lists(actor: Actor, subject: PropertySubject) -> list[SavedList]:
    """The saved lists that this actor may use, in the order of their tabs."""
    return [found for source in _saved_lists.values() for found in source(actor, subject)]


def with_saved_list(
    query: Mapping[str, Any], known: Sequence[SavedList]
) -> tuple[dict[str, Any], SavedList | None]:
    """The parameters that a query means, those of the view it names beneath its own.

    A parameter that is given empty takes the view's own away. Raises NotThere for an unknown view.
    """
    given = dict(query.items())
    named = given.get("view")
    if not named:
        return given, None
    found = next((saved for saved in known if saved.id == named), None)
    if found is None:
        raise NotThere
    return {**found.parameters, **given}, found


def saved_list_named(text: str, known: Sequence[SavedList]) -> SavedList:
    """The saved list of this id, else the one of this name, case ignored.

    Raises Refused("unknown_value") for a text that names none of them, or several.
    """
    key = name_key(text)
    found = [saved for saved in known if saved.id == text] or [
        saved for saved in known if name_key(saved.name) == key
    ]
    if not found:
        names = ", ".join(saved.name for saved in known)
        detail = _("There is no view “%(name)s”. There is: %(known)s.")
        raise _unknown_view(detail % {"name": text, "known": names})
    if len(found) > 1:
        keys = ", ".join(saved.id for saved in found)
        detail = _("Several views are called this. Name one by its id: %(ids)s.")
        raise _unknown_view(detail % {"ids": keys})
    return found[0]


def _unknown_view(detail: str) -> Refused:
    return Refused("unknown_value", detail, field="view", status=400)


@dataclass(frozen=True, kw_only=True)
class SavedListPages:
    """Where lists are saved, changed and counted: names of views that take `?list=` or an id."""

    new: str
    edit: str
    counts: str


_pages: list[SavedListPages] = []


def add_saved_list_pages(pages: SavedListPages) -> None:
    """Say where the saved lists are looked after; the last one said counts."""
    _pages.append(pages)


def saved_list_pages() -> SavedListPages | None:
    """Where the saved lists are looked after, if anywhere."""
    return _pages[-1] if _pages else None
