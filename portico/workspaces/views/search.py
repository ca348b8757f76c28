"""Search: what the palette shows, and the same as a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portico.kit.actors import Actor
from portico.kit.names import search_fold
from portico.kit.policies import Audience, page
from portico.ui.menu import MenuItem, menu_of
from portico.ui.pages import render
from portico.ui.palette import (
    LONGEST,
    Found,
    SearchSource,
    fits,
    palette_actions_of,
    search_sources_of,
    shown_action,
    shown_hit,
)
from portico.workspaces.panels import settings_pages_of

ACTIONS_ONLY = ">"


@page("search", Audience.AGENT)
def search(request: Any) -> HttpResponse:
    """Records by kind, pages and actions that fit `q`; a beginning ">" leaves the records out."""
    typed = request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()
    text = typed.removeprefix(ACTIONS_ONLY).strip()
    wants_records = bool(search_fold(text)) and not typed.startswith(ACTIONS_ONLY)
    groups, archived = _records(request.actor, text) if wants_records else ([], [])
    places, actions = _places(request, text), _actions(request.actor, text, is_asked=wants_records)
    is_met = bool(groups or places or any(action["is_meant"] for action in actions))
    context = {
        "search_text": typed,
        "text": text,
        "groups": groups,
        "archived": archived,
        "is_nothing": wants_records and not is_met,
        "archived_links": _archived_links(request.actor, text) if not groups else [],
        "places": places,
        "is_place_first": wants_records and not groups,
        "actions": actions,
    }
    template = "workspaces/search_results.html" if request.htmx else "workspaces/search.html"
    return render(request, template, context)


def _records(actor: Actor, text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The kinds that have hits, and all archived hits in one group behind them.

    A kind that fits by its names stands before one that fits by what is not seen, such as the
    mail domain that the people of a company share with its name.
    """
    found = [(source, source.find(actor, text)) for source in search_sources_of(actor)]
    groups = [_group(source, rows, text=text) for source, rows in found if rows.active]
    groups.sort(key=lambda group: not group["is_named"])
    archived = [shown_hit(hit, text) for _source, rows in found for hit in rows.archived]
    return groups, archived


def _group(source: SearchSource, rows: Found, *, text: str) -> dict[str, Any]:
    hits = [shown_hit(hit, text) for hit in rows.active]
    is_named = any(is_hit for hit in hits for _part, is_hit in hit["parts"])
    return {"name": source.name, "label": source.label(), "hits": hits, "is_named": is_named}


def _archived_links(actor: Actor, text: str) -> list[dict[str, Any]]:
    """Where to look on among the archived ones when nothing fits."""
    asked = urlencode({"state": "archived", "q": text})
    return [
        {
            "label": _("Search archived: %(kind)s") % {"kind": source.label()},
            "url": f"{reverse(source.archived_view)}?{asked}",
        }
        for source in search_sources_of(actor)
        if source.archived_view and text
    ]


def _places(request: Any, text: str) -> list[MenuItem]:
    """The pages one may go to, those of Settings and the own account among them."""
    actor = request.actor
    shown = [*menu_of(request, actor), *menu_of(request, actor, is_foot=True)]
    shown += [
        MenuItem(label=entry.label(), url=reverse(entry.view), icon=entry.icon)
        for entry in settings_pages_of(actor)
    ]
    shown.append(MenuItem(label=_("Recent changes"), url=reverse("acts.list"), icon="history"))
    shown.append(MenuItem(label=_("My account"), url=reverse("accounts.show"), icon="user"))
    known: dict[str, MenuItem] = {}
    for entry in shown:
        known.setdefault(entry.url, entry)
    return [entry for entry in known.values() if fits(entry.label, text)]


def _actions(actor: Actor, text: str, *, is_asked: bool) -> list[dict[str, Any]]:
    """The actions whose words fit, then those that take the text along where it is asked about.

    A key stands at its first one.
    """
    taken: set[str] = set()
    shown = []
    for action in palette_actions_of(actor):
        is_meant = fits(action.label(), text)
        if is_meant or (is_asked and action.label_for is not None):
            told = shown_action(action, "" if is_meant else text) | {"is_meant": is_meant}
            shown.append(told | {"key": "" if action.key in taken else action.key})
        taken.add(action.key)
    return sorted(shown, key=lambda action: not action["is_meant"])
