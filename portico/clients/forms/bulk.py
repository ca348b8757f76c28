"""What is asked before many records are changed in one way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.filters.fields import manager_choices
from portico.clients.models import Tag
from portico.kit.dates import today_in
from portico.kit.days import read_day
from portico.kit.errors import Refused
from portico.kit.ids import parse_id
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import current_formats

MONTHS = ("12", "24", "6", "3", "1")
MOST_TAGS = 500


@dataclass(frozen=True, kw_only=True)
class BulkQuestion:
    """A question: its template, what that shows, and how the answer is read.

    `read(sent)` returns the arguments of the act as JSON has them and raises Refused naming the
    field; `shown(sent)` returns what the template sees besides.
    """

    template: str
    read: Callable[[Mapping[str, Any]], dict[str, Any]]
    shown: Callable[[Mapping[str, Any]], dict[str, Any]]


def read_tags(sent: Any) -> dict[str, Any]:
    """Names to put on (new ones too) and ids of tags to take off."""
    typed = [name for part in sent.getlist("add") for name in part.split(",")]
    add = list(dict.fromkeys(name.strip() for name in typed if name.strip()))
    remove = [key for key in sent.getlist("remove") if parse_id(key) is not None]
    if not add and not remove:
        raise Refused("required", _("Choose a tag to put on or to take off."), field="add")
    return {"add": add, "remove": remove}


def shown_tags(sent: Any) -> dict[str, Any]:
    """The tags there are."""
    tags = Tag.objects.order_by("name_key").values_list("pk", "name")[:MOST_TAGS]
    rows = [(str(key), name) for key, name in tags]
    return {
        "tag_ids": rows,
        "adding": sent.getlist("add"),
        "removing": sent.getlist("remove"),
    }


def read_manager(sent: Any) -> dict[str, Any]:
    """The agent who becomes the first account manager (none: nobody), and what of the others."""
    agent = sent.get("agent", "")
    if agent and parse_id(agent) is None:
        raise Refused("unknown_agent", _("Choose somebody of the team."), field="agent")
    return {"agent": agent, "others": "keep" if sent.get("others") == "keep" else "replace"}


def shown_managers(sent: Any) -> dict[str, Any]:
    """The agents who can be chosen; no answer yet is none, which is not the answer "Nobody"."""
    agents = [(key, name) for key, name in manager_choices() if parse_id(key) is not None]
    return {"agents": agents, "agent": sent.get("agent"), "others": sent.get("others", "")}


def read_own_manager(sent: Any) -> dict[str, Any]:
    """The agent who becomes the account manager; none: that of the organization counts."""
    return {"agent": read_manager(sent)["agent"]}


def read_extension(sent: Any) -> dict[str, Any]:
    """So many months after each one's own end, or one day for all."""
    if sent.get("by") == "day":
        day = read_day(
            sent.get("day", ""),
            order=current_formats().order,
            today=today_in(current_scope().time_zone),
        )
        return {"day": day.isoformat()}
    months = sent.get("by", "")
    if months not in MONTHS:
        raise Refused("unknown_choice", _("Choose one of these."), field="by")
    return {"months": int(months)}


def shown_extension(sent: Any) -> dict[str, Any]:
    """The usual lengths."""
    words = {
        "12": _("1 year"),
        "24": _("2 years"),
        "6": _("6 months"),
        "3": _("3 months"),
        "1": _("1 month"),
    }
    lengths = [(months, words[months]) for months in MONTHS]
    return {
        "lengths": [*lengths, ("day", _("To a day"))],
        "by": sent.get("by", "12"),
        "day": sent.get("day", ""),
    }


def read_nothing(_sent: Any) -> dict[str, Any]:
    """A question that only asks whether."""
    return {}


TAGS = BulkQuestion(template="clients/bulk/tag.html", read=read_tags, shown=shown_tags)
MANAGER = BulkQuestion(template="clients/bulk/assign.html", read=read_manager, shown=shown_managers)
OWN_MANAGER = BulkQuestion(
    template="clients/bulk/own_manager.html", read=read_own_manager, shown=shown_managers
)
EXTENSION = BulkQuestion(
    template="clients/bulk/extend.html", read=read_extension, shown=shown_extension
)
WHETHER = BulkQuestion(template="clients/bulk/whether.html", read=read_nothing, shown=read_nothing)
