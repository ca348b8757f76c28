"""Saving into a record that went meanwhile: nobody's text is lost (edge case 58)."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from portico.clients.panels import ORGANIZATION_LABELS, PERSON_LABELS
from portico.kit.errors import Merged, NotThere
from portico.ui.pages import render
from portico.ui.words import say

View = Callable[..., HttpResponse]
_LABELS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "organizations": ORGANIZATION_LABELS,
    "people": PERSON_LABELS,
}


def keeps_typed(records: str) -> Callable[[View], View]:
    """What was sent to a record that is gone comes back to be copied, instead of "Not found"."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
            try:
                return view(request, id)
            except (NotThere, Merged):
                if request.method != "POST":
                    raise
                return _typed(request, records)

        return answer

    return decorate


def _typed(request: Any, records: str) -> HttpResponse:
    sent = request.POST
    changed = [
        (name, label(), sent[name])
        for name, label in _LABELS[records].items()
        if sent.get(name, "").strip() and sent[name] != sent.get(f"initial-{name}", "")
    ]
    context = {
        "typed": changed,
        "menu_url": reverse(f"{records}.list"),
        "menu_label": say("Organizations") if records == "organizations" else say("People"),
    }
    return render(request, "clients/lost.html", context, status=404)
