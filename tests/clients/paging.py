"""Lists read page by page, and sorted here to compare them with."""

from typing import Any

from portico.kit.pagination import keyset_page


def in_order(rows: list[Any], order: Any) -> list[Any]:
    """Their ids, sorted here: nulls last, whichever way."""
    first, *others = [column.field for column in order.all_columns]
    is_descending = order.columns[0].is_descending

    def ordered(part: list[Any], *fields: str) -> list[Any]:
        return sorted(
            part, key=lambda row: [getattr(row, name) for name in fields], reverse=is_descending
        )

    filled = [row for row in rows if getattr(row, first) is not None]
    empty = [row for row in rows if getattr(row, first) is None]
    return [row.pk for row in (*ordered(filled, first, *others), *ordered(empty, *others))]


def pages_of(
    chosen: Any, actor: Any, *, limit: int = 5, rows: Any = None
) -> tuple[list[Any], list[Any]]:
    """All rows page by page, and those of the way back from the last page."""
    rows = rows or chosen.ready_for_page(chosen.visible_to(actor))
    page = keyset_page(rows, chosen.order, limit=limit)
    forwards = [row.pk for row in page.items]
    while page.next_cursor:
        page = keyset_page(rows, chosen.order, cursor=page.next_cursor, limit=limit)
        forwards += [row.pk for row in page.items]
    backwards = [row.pk for row in page.items]
    while page.previous_cursor:
        page = keyset_page(rows, chosen.order, cursor=page.previous_cursor, limit=limit)
        backwards = [*(row.pk for row in page.items), *backwards]
    return forwards, backwards
