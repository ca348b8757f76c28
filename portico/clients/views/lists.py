"""Cutting one page out of a list, with its count and its links."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portico.clients.filters import ListFilter, kept_list
from portico.clients.querysets import sees_all
from portico.kit.errors import Refused
from portico.kit.pagination import Page, keyset_page
from portico.kit.search import is_walked
from portico.ui.jinja import query

COUNTED_TO = 10_000
# A narrowed list, and the archive, is counted as far as the tabs of the views are.
NARROWED_COUNTED_TO = 1_000
# Of the hits of a common word: they are counted on a walk, each behind twenty others or more.
COUNTED_ON_A_WALK = 100


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of rows, how many there are in all, and where the neighbours are."""

    rows: Sequence[Any]
    count: int
    counted_to: int = COUNTED_TO
    previous_url: str | None = None
    next_url: str | None = None
    notices: Sequence[str] = field(default_factory=tuple)

    @property
    def count_text(self) -> str:
        """The count as it is shown.

        Nobody counts beyond 10,000 of a whole list, 1,000 of a narrowed one and of the archive,
        100 of a common word.
        """
        return f"{min(self.count, self.counted_to):,}{'+' * (self.count > self.counted_to)}"


def cut(
    request: Any,
    visible: Callable[[Any], Any],
    chosen: ListFilter,
    *,
    fields: Sequence[str],
    is_whole: bool = False,
) -> Listing:
    """The page that the request's `cursor` names; an outdated one shows the first and says so.

    Takes what makes all rows that an actor sees, and the model's fields that the page reads.
    `is_whole` says that they are all there are, not those of one organization.
    """
    counted_to = NARROWED_COUNTED_TO if chosen.is_archived or chosen.is_narrowed else COUNTED_TO
    kept = kept_list(request.actor, chosen, fields) if is_whole else None
    rows: Any = visible(request.actor)
    if kept is not None:
        count = kept.count(counted_to + 1)
        rows = kept.pages(count)
    elif chosen.text:
        found = chosen.ready_for_page(rows)
        counted_to = COUNTED_ON_A_WALK if is_walked(found) else NARROWED_COUNTED_TO
        is_all = is_whole and sees_all(request.actor)
        count = chosen.count_found(counted_to + 1, found, of_all=is_all)
        rows = found.only(*fields)
    else:
        counted_to = NARROWED_COUNTED_TO
        count, rows = chosen.counted(counted_to + 1, rows)
        rows = rows.only(*fields)
    notices: list[str] = []
    try:
        page = _page(rows, chosen, cursor=request.GET.get("cursor") or None)
    except (Refused, ValidationError, ValueError):
        notices.append(_("This page link is no longer valid. This is the first page."))
        page = _page(rows, chosen, cursor=None)
    if kept is not None and count > counted_to and page.next_cursor is None:
        count = kept.count(counted_to + 1, anew=True)
    return Listing(
        rows=page.items,
        count=count,
        counted_to=counted_to,
        previous_url=_cursor_url(request, page.previous_cursor),
        next_url=_cursor_url(request, page.next_cursor),
        notices=notices,
    )


def sort_column(
    request: Any, name: str, *, label: str, kind: str, sort: str = "", begins_high: bool = False
) -> dict[str, Any]:
    """A column head; with the present `sort` given, a link that sorts by this column."""
    column: dict[str, Any] = {"name": name, "label": label, "kind": kind}
    if not sort:
        return column
    column["sort_url"] = query(
        request, sort=_next_sort(name, sort, begins_high=begins_high), cursor=None
    )
    if sort.removeprefix("-") == name:
        column["direction"] = "descending" if sort.startswith("-") else "ascending"
    return column


def _next_sort(name: str, sort: str, *, begins_high: bool) -> str:
    """Texts begin at A, dates and counts at the highest; the sorted column turns round."""
    if sort.removeprefix("-") == name:
        return name if sort.startswith("-") else f"-{name}"
    return f"-{name}" if begins_high else name


def _page(rows: Any, chosen: ListFilter, *, cursor: str | None) -> Page[Any]:
    return keyset_page(rows, chosen.order, cursor=cursor, context=chosen.fingerprint)


def _cursor_url(request: Any, cursor: str | None) -> str | None:
    return query(request, cursor=cursor) if cursor else None
