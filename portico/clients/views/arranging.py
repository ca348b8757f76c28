"""How a list is arranged: its view, its filters as chips, its columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import (
    Condition,
    FilterField,
    FilterKind,
    OrganizationFilter,
    PersonFilter,
    filters_of,
)
from portico.clients.guards import SavedList, saved_list_pages, saved_lists, with_saved_list
from portico.clients.views.columns import (
    Column,
    chosen_columns,
    column_names,
    default_names,
    fields_read,
    head_cells,
)
from portico.kit.errors import NotThere
from portico.kit.ids import parse_id
from portico.kit.parting import listed
from portico.ui.formats import format_date
from portico.ui.jinja import query
from portico.ui.words import say
from portico.workspaces.choices import Permission

Chosen = OrganizationFilter | PersonFilter
FILTERS: Mapping[PropertySubject, type[OrganizationFilter] | type[PersonFilter]] = {
    PropertySubject.ORGANIZATION: OrganizationFilter,
    PropertySubject.PERSON: PersonFilter,
}
LIST_VIEWS: Mapping[PropertySubject, str] = {
    PropertySubject.ORGANIZATION: "organizations",
    PropertySubject.PERSON: "people",
}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter as the tools row shows it, the address without it, and where its value is shown."""

    parts: Sequence[str]
    remove_url: str
    label: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """What the address, the view and the reader's own choice make of a list."""

    subject: PropertySubject
    parameters: Mapping[str, Any]
    chosen: Chosen
    columns: Sequence[Column]
    saved: Sequence[SavedList]
    current: SavedList | None
    chips: Sequence[Chip]

    @property
    def fields(self) -> list[str]:
        """The model fields that its rows read."""
        return fields_read(self.subject, self.columns, order=self.chosen.order)

    @property
    def shows(self) -> frozenset[str]:
        """The names of its columns."""
        return frozenset(column.name for column in self.columns)


def arrange(request: Any, subject: PropertySubject) -> Arranged:
    """Read the address of a list; an unknown view counts as none, so that an old link opens."""
    known = saved_lists(request.actor, subject)
    try:
        parameters, current = with_saved_list(request.GET, known)
    except NotThere:
        parameters, current = dict(request.GET.items()), None
    chosen = FILTERS[subject].read(parameters, me=request.actor.user_id)
    own = request.user.list_columns.get(LIST_VIEWS[subject]) or default_names(subject)
    names = column_names(
        parameters.get("columns") or "", saved=current.columns if current else (), own=own
    )
    return Arranged(
        subject=subject,
        parameters=parameters,
        chosen=chosen,
        columns=chosen_columns(subject, names),
        saved=known,
        current=current,
        chips=[_chip(request, found, current) for found in chosen.conditions],
    )


def arrangement_context(request: Any, arranged: Arranged) -> dict[str, Any]:
    """What the list's template shows of its arrangement."""
    name = LIST_VIEWS[arranged.subject]
    effective = {key: value for key, value in arranged.parameters.items() if value}
    kept = filters_of(effective)
    return {
        "chosen": arranged.chosen,
        "columns": head_cells(request, arranged.columns, arranged.chosen.sort),
        "chips": arranged.chips,
        "view_tabs": _tabs(arranged, name),
        "current_view": arranged.current,
        **_saving(request, arranged, kept),
        "filter_url": reverse(f"{name}.filter"),
        "columns_url": reverse(f"{name}.columns"),
        "kept_parameters": [*kept.items()],
        "clear_url": _clear_url(arranged, name),
    }


def condition_words(found: Condition) -> list[str]:
    """A condition in words: field, comparison, value."""
    return [found.field.label(), operator_word(found.operator, found.field.kind), _value(found)]


def operator_word(operator: str, kind: FilterKind) -> str:
    """A comparison in words, as it stands between field and value."""
    if kind in {FilterKind.DAY, FilterKind.MOMENT} and operator in _DAY_WORDS:
        return _DAY_WORDS[operator]()
    return _WORDS[operator]()


_WORDS = {
    "": lambda: _("is"),
    "not": lambda: _("is not"),
    "has": lambda: _("contains"),
    "any": lambda: _("is any of"),
    "lt": lambda: _("is less than"),
    "lte": lambda: _("is at most"),
    "gt": lambda: _("is more than"),
    "gte": lambda: _("is at least"),
    "empty": lambda: _("is empty"),
}
_DAY_WORDS = {
    "lt": lambda: _("is before"),
    "lte": lambda: _("is on or before"),
    "gt": lambda: _("is after"),
    "gte": lambda: _("is on or after"),
}


def _value(found: Condition) -> str:
    field = found.field
    if isinstance(found.value, bool):
        return _("Yes") if found.value else _("No")
    if field.kind in {FilterKind.DAY, FilterKind.MOMENT}:
        is_relative = found.text[:1] in {"+", "-"} or found.text == "today"
        return found.text if is_relative else format_date(found.value)
    if field.kind is FilterKind.CHOICE:
        values = found.value if isinstance(found.value, list) else [found.value]
        return listed(list(map(field.name_of or _words_of(field), values)))
    return found.text


def _words_of(field: FilterField) -> Callable[[str], str]:
    words = dict(field.choices()) if field.choices else {}
    return lambda value: words.get(value, value)


def _chip(request: Any, found: Condition, current: SavedList | None) -> Chip:
    """Taking away what the view itself narrows by leaves an empty parameter in the address."""
    of_view = current is not None and found.parameter in current.parameters
    changes = {found.parameter: "" if of_view else None}
    label, word, value = condition_words(found)
    return Chip(
        parts=[label, word, value],
        remove_url=query(request, **changes, cursor=None),
        label=_("Remove filter %(name)s") % {"name": f"{label} {value}"},
        url=_place_of(request, found),
    )


def _place_of(request: Any, found: Condition) -> str:
    """The page of the one colleague whom the filter names, for who may open it."""
    if found.parameter != "manager" or not request.actor.may(Permission.MANAGE_TEAM):
        return ""
    named = found.value if isinstance(found.value, list) else [found.value]
    key = parse_id(named[0]) if len(named) == 1 else None
    return "" if key is None else reverse("agents.show", kwargs={"id": key})


def _tabs(arranged: Arranged, name: str) -> list[dict[str, Any]]:
    address = reverse(f"{name}.list")
    everything = {
        "label": say("All organizations") if name == "organizations" else say("All people"),
        "url": address,
        "current": arranged.current is None,
    }
    saved = [
        {
            "label": view.name,
            "url": f"{address}?view={view.id}",
            "current": view is arranged.current,
            "id": view.id,
        }
        for view in arranged.saved
    ]
    return [everything, *saved]


def _saving(request: Any, arranged: Arranged, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Where the tabs' counts come from, and what can be done with the present arrangement."""
    pages = saved_list_pages()
    if pages is None:
        return {}
    name = LIST_VIEWS[arranged.subject]
    present = {**kept, "columns": arranged.parameters.get("columns") or "", "list": name}
    question = urlencode({key: value for key, value in present.items() if value})
    view, actions = arranged.current, []
    is_rearranged = _is_rearranged(arranged, kept, columns=request.GET.get("columns", ""))
    if is_rearranged:
        new_url = f"{reverse(pages.new)}?{question}"
        actions.append({"label": _("Save as view"), "url": new_url, "icon": "bookmark"})
    if view is not None and view.version and view.is_own:
        label = _("Change view") if is_rearranged else _("Edit view")
        edit_url = f"{reverse(pages.edit, kwargs={'id': view.id})}?{question}"
        actions.append({"label": label, "url": edit_url, "icon": "pencil"})
    counts_url = reverse(pages.counts, kwargs={"subject": name}) if arranged.saved else ""
    return {"view_actions": actions, "counts_url": counts_url}


def _is_rearranged(arranged: Arranged, kept: Mapping[str, Any], *, columns: str) -> bool:
    """Whether this is worth a view of its own: something differs from the view (or the list)."""
    if arranged.current is None:
        return bool(kept) or bool(columns)
    return kept != dict(arranged.current.parameters) or bool(columns)


def _clear_url(arranged: Arranged, name: str) -> str:
    view = f"?view={arranged.current.id}" if arranged.current else ""
    return reverse(f"{name}.list") + view
