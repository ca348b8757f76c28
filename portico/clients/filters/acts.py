"""Records that one act made or changed: an import, a change of many, a click."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.filters.grammar import EQUALS, FilterField, FilterKind
from portico.history.models import Act, Event
from portico.history.reports import VIEW_HISTORY, act_texts
from portico.kit.ids import parse_id
from portico.kit.narrowing import linked

MOST_ACTS = 20


def act_field(record_type: str) -> FilterField:
    """The field by which records of this type are found that an act made or changed."""
    return FilterField(
        name="act",
        label=lambda: _("Made or changed by"),
        kind=FilterKind.CHOICE,
        operators=(EQUALS,),
        choices=_recent_acts,
        is_open=True,
        is_possible=lambda value: parse_id(value) is not None,
        narrow=_touched(record_type),
        name_of=_name_of,
        is_indexed=True,
        permission=VIEW_HISTORY,
    )


def _recent_acts() -> list[tuple[str, str]]:
    return _told(list(Act.objects.order_by("-id")[:MOST_ACTS]))


def _name_of(value: str) -> str:
    told = _told(list(Act.objects.filter(pk=parse_id(value))))
    return told[0][1] if told else value


def _told(acts: list[Act]) -> list[tuple[str, str]]:
    texts = act_texts(acts)
    return [
        (str(act.pk), _("%(name)s: %(text)s") % {"name": act.actor_name, "text": texts[act.pk]})
        for act in acts
    ]


def _touched(record_type: str) -> Callable[..., Any]:
    def narrow(rows: Any, *, operator: str, value: Any) -> Any:
        keys = [parse_id(text) for text in value]
        events = Event.objects.filter(act_id__in=keys, subject_type=record_type)
        return rows.filter(linked(rows, events, column="subject_id"))

    return narrow
