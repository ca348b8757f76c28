"""Put one record or many into another state: asked once, done in one transaction."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from portico.accounts.actions.profiles import update_profile
from portico.clients.actions.bulk import RECORDS
from portico.clients.choices import BACKGROUND_FROM
from portico.clients.forms.selections import fields_of, selection_of
from portico.clients.models import require_all_found
from portico.clients.views.answers import ask, back_of, go_to
from portico.clients.views.bulk import rows_meant, start_in_background
from portico.clients.views.states import DEMANDS, STATE_CHANGES, StateChange
from portico.kit.errors import Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.toasts import undo_toast
from portico.ui.words import say

STOP_ASKING = "stop_asking"


def _view_of(change: StateChange) -> Callable[..., HttpResponse]:
    """The page of one state: GET and a first POST ask, a confirmed POST does it."""

    def answer(request: Any) -> HttpResponse:
        return _change(request, change)

    declare = page(change.view, Audience.AGENT, permissions=DEMANDS[change.view], writes=True)
    return declare(once(answer))


def state_urls() -> list[URLPattern]:
    """The addresses of all states: /organizations/archive/ ..., /people/enable/."""
    return [
        path(f"{change.view.replace('.', '/')}/", _view_of(change), name=change.view)
        for change in STATE_CHANGES
    ]


def _change(request: Any, change: StateChange) -> HttpResponse:
    """Ask with the exact number first; with `confirmed`, act on the whole selection or not."""
    sent = request.POST if request.method == "POST" else request.GET
    selection = selection_of(sent)
    rows = rows_meant(request.actor, selection, records=change.records)
    count = rows.count()
    require_all_found(request.actor, selection, model=RECORDS[change.records], found=count)
    if not _is_meant(request, change):
        return _ask(request, change, count=count)
    if count > BACKGROUND_FROM:
        return start_in_background(
            request, change.view, rows, title=change.verb(count), arguments={}
        )
    try:
        changed = change.action(request.actor, rows)
    except Refused as refused:
        return _ask(request, change, count=count, refused=refused)
    if sent.get(STOP_ASKING) == "1" and change.may_stop_asking:
        update_profile(request.actor, {"asks_before_archiving": False}, version=None)
    _tell(request, change, changed)
    return go_to(request, back_of(sent, selection, records=change.records))


def _is_meant(request: Any, change: StateChange) -> bool:
    """Confirmed, or pressed by one to whom Undo is enough; looking alone never changes anything."""
    if request.method != "POST":
        return False
    is_asked = request.user.asks_before_archiving or not change.may_stop_asking
    return request.POST.get("confirmed") == "1" or not is_asked


def _ask(
    request: Any, change: StateChange, *, count: int, refused: Refused | None = None
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "title": change.title(count),
        "text": change.text(),
        "verb": change.verb(count),
        "action_url": reverse(change.view),
        "back_url": back_of(sent, selection_of(sent), records=change.records),
        "fields": fields_of(sent),
        "problem": refused.detail if refused else "",
        "may_stop_asking": change.may_stop_asking and request.user.asks_before_archiving,
        "menu_url": reverse(f"{change.records}.list"),
        "menu_label": say("Organizations") if change.records == "organizations" else say("People"),
    }
    return ask(request, "clients/change", context, status=refused.status if refused else 200)


def _tell(request: Any, change: StateChange, changed: list[Any]) -> None:
    if not changed:
        messages.success(request, change.done(0))
        return
    text = change.one_done(str(changed[0])) if len(changed) == 1 else change.done(len(changed))
    archived = reverse(f"{change.records}.list") + "?state=archived"
    links = ((_("Show archived"), archived),) if change.leaves_list else ()
    undo_toast(request, text, links=links)
