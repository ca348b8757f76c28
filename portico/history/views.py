"""Recent changes, Undo, and bringing back an older value."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.history.actions.undo import Undone, last_to_undo, restore_value, undo_act
from portico.history.models import Act
from portico.history.reports import (
    act_text,
    field_label,
    places_of_acts,
    recent_acts,
    text_again,
)
from portico.kit.actors import Actor
from portico.kit.errors import Refusal, Refused
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.toasts import toast_now, undo_toast

NAMED = 3
PASSED = "acts_passed_over"
MOST_PASSED = 50


@page("acts.list", Audience.AGENT)
def act_list(request: Any) -> HttpResponse:
    """One's own last 50 acts that can be undone, or why not (ui.md 4, Recent changes)."""
    return render(request, "history/acts/list.html", {"acts": recent_acts(request.actor)})


@page("acts.undo", Audience.AGENT, writes=True, methods=("POST",))
def act_undo(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Undo one act and go back to where it was pressed."""
    return _undo(request, id)


@page("acts.undo_last", Audience.AGENT, writes=True, methods=("POST",))
def act_undo_last(request: Any) -> HttpResponse:
    """Undo one's own last act that still stands (the key Z); never an undo.

    What is refused is told once: the next time, in the same session, it goes further back.
    """
    passed = [UUID(key) for key in request.session.get(PASSED, ())]
    key = last_to_undo(request.actor, passing=passed)
    if key is None:
        refused = Refused("nothing_to_undo", _("There is nothing more to undo."), status=409)
        return _refuse(request, refused, back=_back(request))
    place = places_of_acts([key]).get(key)
    if place:
        return _go(request, place)
    try:
        return _undone(request, key)
    except Refusal as refusal:
        request.session[PASSED] = [str(kept) for kept in (*passed, key)][-MOST_PASSED:]
        if isinstance(refusal, Refused):
            return _refuse(request, refusal, back=_back(request))
        raise


@page(
    "events.restore", Audience.AGENT, permissions=("view_history",), writes=True, methods=("POST",)
)
def event_restore(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Bring back the value that a field had before this event."""
    field = request.POST.get("field", "")
    try:
        event = restore_value(request.actor, id, field)
    except Refused as refused:
        return _refuse(request, refused, back=_back(request))
    names = {"field": field_label(event.subject_type, field)}
    undo_toast(request, _("%(field)s restored.") % names)
    return _go(request, _back(request))


def _undo(request: Any, act_id: UUID) -> HttpResponse:
    """Undo it, or lead to where long work is undone in slices."""
    place = places_of_acts([act_id]).get(act_id)
    if place:
        return _go(request, place)
    try:
        return _undone(request, act_id)
    except Refused as refused:
        return _refuse(request, refused, back=_back(request))


def _undone(request: Any, act_id: UUID) -> HttpResponse:
    undone = undo_act(request.actor, act_id)
    messages.success(request, _said(request.actor, undone))
    return _go(request, _back_from(request, undone.act))


def _said(reader: Actor, undone: Undone) -> str:
    """What was taken back or done again, and which records stay as they are, the first by name."""
    again = text_again(undone.act)
    text = _("Done again: %(what)s.") % {"what": again} if again else ""
    text = text or _("Undone: %(what)s.") % {"what": act_text(undone.act)}
    if not undone.kept:
        return text
    names = list(dict.fromkeys(item.name for item in undone.kept))
    reasons = " ".join(dict.fromkeys(item.reason_for(reader) for item in undone.kept))
    stays = ngettext(
        "%(n)s stays as it is: %(names)s.", "%(n)s stay as they are: %(names)s.", len(names)
    )
    shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return " ".join([text, stays % {"n": f"{len(names):,}", "names": shown}, reasons])


def _refuse(request: Any, refused: Refused, *, back: str) -> HttpResponse:
    if request.htmx:
        return toast_now(refused.detail, tone="error")
    messages.error(request, refused.detail)
    return HttpResponseRedirect(back)


def _go(request: Any, address: str) -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def _back(request: Any) -> str:
    """The page on which it was pressed; Recent changes where that is unknown or elsewhere."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    is_here = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    parts = urlsplit(came_from)
    if not is_here or not parts.path.startswith("/"):
        return reverse("acts.list")
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return address if _is_page(parts.path) else reverse("acts.list")


def _back_from(request: Any, act: Act) -> str:
    """Back, or to the list where the record's own page may have gone with its creation."""
    address = _back(request)
    before, key, _after = address.partition(f"{act.subject_id}/")
    if not key or not act.kind.endswith(".created"):
        return address
    return before if _is_page(before) else reverse("acts.list")


def _is_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
