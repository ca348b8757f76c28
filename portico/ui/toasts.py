"""Toasts after an act: what was done, Undo, and where to go from there."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

UNDO_VIEW = "acts.undo"


def undo_toast(
    request: Any, text: str, *, links: tuple[tuple[str, str], ...] = (), act_id: UUID | None = None
) -> None:
    """Say on the next page what was done, with Undo for the act of this request.

    `links` are pairs of words and address. For an act that can be undone and that changed
    something; for all others `messages.success` does. `act_id` names another act than the
    request's own.
    """
    kept = {"act": str(act_id or request.actor.act_id), "links": links}
    messages.success(request, text, extra_tags=json.dumps(kept))


def link_toast(request: Any, text: str, links: tuple[tuple[str, str], ...]) -> None:
    """Say on the next page what was done and where to go from there, without Undo."""
    messages.success(request, text, extra_tags=json.dumps({"links": links}))


def toast_of(message: Any) -> dict[str, Any]:
    """A stored message as the toast shows it; one without further words has only its text."""
    kept = _kept(message.extra_tags)
    act = kept.get("act")
    return {
        "text": _with_one_stop(str(message)),
        "tone": "error" if message.level_tag == "error" else "done",
        "undo_url": reverse(UNDO_VIEW, kwargs={"id": act}) if act else None,
        "links": [{"label": label, "url": url} for label, url in kept.get("links", ())],
    }


def toast_now(text: str, *, act_id: UUID | None = None, tone: str = "done") -> HttpResponse:
    """The answer to htmx that changes nothing on the page but shows a toast."""
    shown: dict[str, Any] = {"text": _with_one_stop(text), "tone": tone}
    if act_id is not None:
        shown["undo_url"] = reverse(UNDO_VIEW, kwargs={"id": act_id})
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"dialog-close": True, "toast": shown})
    return response


def _with_one_stop(text: str) -> str:
    """A sentence may end with a name, such as Acme Inc., that has a full stop of its own."""
    is_doubled = text.endswith("..") and not text.endswith("...")
    return text[:-1] if is_doubled else text


def _kept(tags: str | None) -> dict[str, Any]:
    return json.loads(tags) if tags and tags.startswith("{") else {}
