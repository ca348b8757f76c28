"""Which columns and which order a list has for its reader, as an export takes them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.filters.saved import with_view
from portico.clients.guards import saved_lists, with_saved_list
from portico.clients.views.columns import (
    chosen_columns,
    column_names,
    default_names,
    offered_columns,
)
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.orders import in_order
from portico.transfers.actions.exports import MODELS, filter_of
from portico.transfers.choices import PROPERTY_SUBJECTS
from portico.transfers.reading.fields import Kind

Columns = Literal["all", "shown"]
ALL: Columns = "all"
SHOWN: Columns = "shown"
COLUMNS = "columns"
# Columns of a list whose heading is another one in a file; "" for what holds nothing.
_HEADINGS: Mapping[Kind, Mapping[str, str]] = {
    "organizations": {
        "edit": "",
        "active": "is_active",
        "managers": "account_managers",
        "address_city": "address.city",
        "address_country": "address.country",
    },
    "people": {"managers": "effective_manager"},
}


def asked_headings(
    actor: Actor, kind: Kind, query: Mapping[str, Any], *, columns: Columns
) -> list[str]:
    """The headings of an export by program; none of them stands for all.

    Raises Refused("unknown_value") for a column or a view that there is not.
    """
    require_known_columns(kind, query)
    return shown_headings(actor, kind, query) if columns == SHOWN else []


def shown_headings(actor: Actor, kind: Kind, query: Mapping[str, Any]) -> list[str]:
    """The headings of the columns that this list shows to the actor, in their order.

    Those that the query names (`columns`), else its view's, else the actor's own choice, else the
    preset's. Raises Refused("unknown_value") for a view that there is not.
    """
    subject = PROPERTY_SUBJECTS[kind]
    try:
        _parameters, view = with_saved_list(query, saved_lists(actor, subject))
    except NotThere as error:
        text = _("There is no such view.")
        raise Refused("unknown_value", text, field="view", status=400) from error
    names = column_names(
        str(query.get(COLUMNS) or ""),
        saved=view.columns if view is not None else (),
        own=_own_columns(actor, kind) or default_names(subject),
    )
    return _headings_of(kind, [column.name for column in chosen_columns(subject, names)])


def require_known_columns(kind: Kind, query: Mapping[str, Any]) -> None:
    """Raise Refused("unknown_value") for a column that the list does not have."""
    named = column_names(str(query.get(COLUMNS) or ""), saved=(), own=())
    known = offered_columns(PROPERTY_SUBJECTS[kind]) if named else {}
    unknown = [name for name in named if name not in known]
    if unknown:
        text = _("There is no column %(name)s.") % {"name": unknown[0][:50]}
        raise Refused("unknown_value", text, field=COLUMNS, status=400)


def sorted_ids(
    actor: Actor, kind: Kind, ids: Sequence[UUID], *, query: Mapping[str, Any]
) -> list[UUID]:
    """These records in the order of the list on which they were ticked."""
    parameters = with_view(actor, PROPERTY_SUBJECTS[kind], query)
    chosen = filter_of(kind, parameters, me=actor.user_id)
    rows = MODELS[kind].objects.visible_to(actor).filter(pk__in=ids)
    parts = in_order(chosen.order, rows)
    found = dict.fromkeys(key for part in parts for key in part.values_list("pk", flat=True))
    return list(found | dict.fromkeys(ids))


def _own_columns(actor: Actor, kind: Kind) -> Sequence[str]:
    chosen = User.objects.filter(pk=actor.user_id).values_list("list_columns", flat=True).first()
    return (chosen or {}).get(kind) or ()


def _headings_of(kind: Kind, columns: Sequence[str]) -> list[str]:
    """The headings of these columns of a list, in their order."""
    named = (_HEADINGS[kind].get(name, name) for name in columns)
    return list(dict.fromkeys(filter(None, named)))
