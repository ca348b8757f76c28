"""Which rows a bulk act means: what the bar under a list sent, or one record's own address."""

from typing import Any

from django.http import QueryDict

from portico.kit.errors import NotThere
from portico.kit.ids import parse_id
from portico.kit.selection import Selection


def selection_of(sent: QueryDict) -> Selection:
    """Read `ids`, or `all` with the `filters` of the list; raises NotThere for what is no id."""
    if sent.get("all") == "1":
        return Selection(is_all=True, filters=QueryDict(sent.get("filters", "")).dict())
    ids = [parse_id(text) for text in sent.getlist("ids")]
    found = [key for key in ids if key is not None]
    if not found or len(found) != len(ids):
        raise NotThere
    return Selection(ids=tuple(dict.fromkeys(found)))


def fields_of(sent: QueryDict) -> list[tuple[str, str]]:
    """The same selection as hidden fields of the question that is asked first."""
    kept: list[tuple[str, Any]] = [("ids", text) for text in sent.getlist("ids")]
    if sent.get("all") == "1":
        kept = [("all", "1")]
    if "filters" in sent:
        kept.append(("filters", sent.get("filters", "")))
    return kept
