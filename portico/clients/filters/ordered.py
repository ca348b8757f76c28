"""All of a list in its order, for what goes through it from end to end."""

from typing import Any

from django.db.models import F
from django.db.models.expressions import OrderBy

from portico.clients.filters.beginnings import MATCH, Beginning
from portico.clients.filters.lists import OrganizationFilter, PersonFilter


def ordered_keys(chosen: OrganizationFilter | PersonFilter, rows: Any) -> Any:
    """The ids of those of the rows that fit, in the order of the list; what is empty comes last.

    A page is cut by kit/pagination, which walks an index; this sorts all of them once.
    """
    return in_order(chosen, chosen.of(rows)).values_list("pk", flat=True)


def in_order(chosen: OrganizationFilter | PersonFilter, rows: Any) -> Any:
    """These rows in the order that the list has."""
    order = chosen.order
    if order.valued is not None:
        rows = order.valued(rows)
    elif order.name == MATCH:
        beginning = Beginning.of(chosen.text)
        rows = beginning.ranked(rows) if beginning is not None else rows
    terms = [
        OrderBy(
            F(column.field),
            descending=column.is_descending,
            nulls_last=True if column.is_nullable else None,
        )
        for column in order.all_columns
    ]
    return rows.order_by(*terms)
